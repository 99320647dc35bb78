"""QR codes: an address that a telephone reads from a screen or from paper."""

import segno

QUIET = 4  # modules of white around a code, without which some telephones see none


def qr(text: str) -> str:
    """Draw a text as SVG that stands in a page: dark on white in both schemes, as readers need it.

    It has no size of its own. A code for eyes alone: its page says in words where it leads.
    """
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
