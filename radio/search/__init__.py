from radio.search.hits import (
    LEAD_IN,
    Changes,
    EpisodeHits,
    Facets,
    Hit,
    Mark,
    Order,
    Results,
    Wanted,
    lead_in,
)
from radio.search.index import Index

__all__ = [
    "LEAD_IN",
    "Changes",
    "EpisodeHits",
    "Facets",
    "Hit",
    "Index",
    "Mark",
    "Order",
    "Results",
    "Wanted",
    "lead_in",
]
