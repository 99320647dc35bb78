from radio.search.hits import LEAD_IN, Changes, EpisodeHits, Facets, Hit, Order, Results, Wanted
from radio.search.index import Index

__all__ = [
    "LEAD_IN",
    "Changes",
    "EpisodeHits",
    "Facets",
    "Hit",
    "Index",
    "Order",
    "Results",
    "Wanted",
]
