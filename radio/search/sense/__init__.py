"""Passages near to a query in sense, by a sentence model: the extra `sense`."""
