"""An audio archive for radio shows: kept whole, transcribed here, searched in French."""

__version__ = "1.0.0"
