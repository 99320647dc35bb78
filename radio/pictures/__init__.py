"""Covers, quote cards and icons drawn here, and foreign pictures made small. Pure: bytes.

They look like the site: cloth, a patch, running stitches, and a seam that opens. The
only importer of PIL and of the font Source Serif (SIL Open Font License).
"""

from radio.pictures.drawing import cover, icon, quote_card
from radio.pictures.lettering import FONTS
from radio.pictures.shrink import shrink

__all__ = ["FONTS", "cover", "icon", "quote_card", "shrink"]
