"""Into `media/`: whatever is dropped is copied whole, described, and only then an episode.

`files` takes audio files and folders of them.
"""
