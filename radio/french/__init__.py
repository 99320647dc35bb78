"""French as it is written: days, numbers, spaces. Pure."""
