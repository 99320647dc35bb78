"""What a radio tells once a year of its archive: to its members, to a fund that supports it."""
