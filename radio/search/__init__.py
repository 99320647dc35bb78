from radio.search.hits import LEAD_IN, Changes, EpisodeHits, Hit, Results
from radio.search.index import Index

__all__ = ["LEAD_IN", "Changes", "EpisodeHits", "Hit", "Index", "Results"]
