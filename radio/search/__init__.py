from radio.search.index import Index
from radio.search.results import EpisodeHits, Hit, Results, SearchOptions

__all__ = ["EpisodeHits", "Hit", "Index", "Results", "SearchOptions"]
