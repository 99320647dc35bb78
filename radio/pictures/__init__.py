"""Covers, quote cards, icons and codes drawn here, and foreign pictures made small, all as bytes.
They look like the site: cloth, a patch, running stitches, and an open slit. The only importer of
PIL, segno and the font Source Serif (SIL Open Font License)."""

from radio.pictures.drawing import cloths, cover, icon, qr, quote_card
from radio.pictures.foreign import shrink
from radio.pictures.lettering import FONTS

__all__ = ["FONTS", "cloths", "cover", "icon", "qr", "quote_card", "shrink"]
