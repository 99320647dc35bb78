"""An audio archive for radio shows: kept whole, transcribed here, searched in French."""

__version__ = "0.2.0"
