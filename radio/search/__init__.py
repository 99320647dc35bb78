from radio.search.hits import EpisodeHits, Hit, Results, SearchOptions
from radio.search.index import Index

__all__ = ["EpisodeHits", "Hit", "Index", "Results", "SearchOptions"]
