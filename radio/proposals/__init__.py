"""Listeners mend words: what they propose, how it is kept, and what keepers decide."""
