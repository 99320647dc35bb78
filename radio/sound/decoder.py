"""The decoder (PyAV), which takes 16 MB: loaded where sound is read, not where a site only serves.

Whoever needs it imports this module late. A nursery names it beside its readers.
"""

import av

__all__ = ["av"]
