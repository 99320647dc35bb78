"""What was said: cues, words, sentences. Pure."""
