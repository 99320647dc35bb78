"""The same episode from two sources: found by its sound, proposed, never merged unasked."""
