"""How far a piece of work is, told while it goes on."""

from collections.abc import Callable

Progress = Callable[[float], None]
"""Is told how much is done: a fraction, 0 to 1, where no other unit is named."""
