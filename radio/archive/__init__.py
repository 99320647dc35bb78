"""The truth: what an archive holds on disk, and the rules of it."""

from radio.archive.archive import Archive as Archive
