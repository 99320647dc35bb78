"""Out to the world: feeds, and what goes with them; playlists, citations."""
