"""Feeds as they are written, well or badly."""

import random

from tests.samples import ROOT

SHAPES = ROOT / "tests" / "data" / "feeds"
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:podcast="https://podcastindex.org/namespace/1.0"'
)


def rss(*items: str, head: str = "") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {NAMESPACES}><channel>{head}{body}</channel></rss>'.encode()


def item(name: str, more: str = "") -> str:
    return f'<title>{name}</title><guid>{name}</guid><enclosure url="/{name}.mp3"/>{more}'


PIECES = (b"<", b">", b"&", b"&#x0;", b"]]>", b"<![CDATA[", b"\0", b"\xff\xfe", b"<item>", b"--")


def mutated(seed: int) -> bytes:
    """A feed with some of its bytes changed, cut, doubled or put in by a seed."""
    dice = random.Random(seed)
    names = sorted(SHAPES.glob("*.xml"))
    content = bytearray(dice.choice(names).read_bytes() if seed else names[0].read_bytes())
    for _ in range(dice.randint(1, 12) if seed else 0):
        place = dice.randrange(len(content))
        end = place + dice.randrange(1, 400)
        match dice.randrange(5):
            case 0:
                content[place] = dice.randrange(256)
            case 1:
                del content[place:end]
            case 2:
                content[place:place] = content[place:end] * dice.randint(1, 30)
            case 3:
                content[place:place] = dice.choice(PIECES) * dice.randint(1, 200)
            case _:
                content[place:end] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 60)))
        content = content or bytearray(b" ")
    return bytes(content)
