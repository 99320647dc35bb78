from radio.search.hits import (
    LEAD_IN,
    EpisodeHits,
    Facets,
    Hit,
    IndexChanges,
    Interpretation,
    Mark,
    Order,
    PeriodChoice,
    Results,
    SearchOptions,
    Snippet,
    lead_in,
)
from radio.search.index import Index

__all__ = [
    "LEAD_IN",
    "EpisodeHits",
    "Facets",
    "Hit",
    "Index",
    "IndexChanges",
    "Interpretation",
    "Mark",
    "Order",
    "PeriodChoice",
    "Results",
    "SearchOptions",
    "Snippet",
    "lead_in",
]
