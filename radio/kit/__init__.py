"""What others need to broadcast an episode again."""
