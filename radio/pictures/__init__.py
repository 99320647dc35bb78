"""Covers, quote cards and icons drawn here, and pictures of others made small. Pure: bytes.

The look is that of the site: cloth, a patch, running stitches, and a seam that comes undone. The
only importer of PIL and of the font Source Serif (SIL Open Font License).
"""

from radio.pictures.drawing import cover, icon, quote_card
from radio.pictures.shrink import shrink

__all__ = ["cover", "icon", "quote_card", "shrink"]
