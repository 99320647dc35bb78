"""Passages in the same sense: what a sentence model takes for near to a query, in other words.

Needs the extra `sense`. `vectors` makes those of episodes, `nearest` finds the near ones in a
process of its own, and `guesses` asks that process for the site.
"""
