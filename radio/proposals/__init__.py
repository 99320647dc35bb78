"""Listeners correct words: what they propose, and what keepers decide."""
