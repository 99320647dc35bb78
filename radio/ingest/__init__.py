"""Into `media/`: what is dropped is copied whole, described, and only then an episode."""
