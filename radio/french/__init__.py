"""French as it is written: letters, months, dates, numbers, spaces. Pure."""
