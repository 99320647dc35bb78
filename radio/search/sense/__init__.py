"""Passages in the same sense: what a sentence model takes for near to a query, in other words.

Needs the extra `sense`. `model` makes vectors of texts, `vectors` those of episodes, `nearest`
finds the near ones in a process of its own (`child`), and `guesses` asks that process for the site.
"""
