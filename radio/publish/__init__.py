"""Out to the world: feeds for now."""
