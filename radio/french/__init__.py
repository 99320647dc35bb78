"""French as it is written: letters, words, dates, numbers. Pure."""
