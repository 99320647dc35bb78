"""SoundCloud, Mixcloud, PeerTube and Acast, through yt-dlp: a list first, then each recording.

The address of the sound is asked for when it is fetched, for it is good for minutes only.
"""

import dataclasses
import importlib.util
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from radio.french.dates import read_posted
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.folders import Left
from radio.system import sandbox
from radio.system.connection.place import is_address
from radio.system.errors import ReaderError
from radio.system.messages import _

HOSTS = re.compile(r"(?:.+\.)?(?:soundcloud|mixcloud|acast)\.com")
WATCHED = re.compile(r"/(?:videos/(?:watch|embed)|w)/([\w-]{8,64})/?")
PLATFORM = re.compile(rb"<meta[^<>]{0,200}content=[\"']PeerTube[\"']", re.IGNORECASE)
MEMORY, SECONDS = 1 << 30, 60
DIRECT = {"http", "https"}


def is_known(address: str) -> bool:
    """Whether an address is one of SoundCloud, Mixcloud or Acast; feeds of theirs are not.

    >>> is_known("https://soundcloud.com/radio"), is_known("https://feeds.acast.com/public/x")
    (True, False)
    """
    host = urlsplit(address).hostname or ""
    return HOSTS.fullmatch(host) is not None and not host.startswith(("feeds.", "rss.", "feed."))


def is_video(address: str, content: bytes) -> bool:
    """Whether a page is that of a video of PeerTube, wherever that lies."""
    is_watched = WATCHED.fullmatch(urlsplit(address).path) is not None
    return is_watched and PLATFORM.search(content) is not None


def asked_for(address: str) -> str:
    """Tell how yt-dlp calls an address: a video of PeerTube by its site and its number.

    >>> asked_for("https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv")
    'peertube:tube.example:kkGMgK9ZtnKfYAgnEtQxbv'
    """
    parts = urlsplit(address)
    match = None if is_known(address) else WATCHED.fullmatch(parts.path)
    return f"peertube:{parts.netloc}:{match[1]}" if match else address


def arrivals(address: str) -> Iterator[Arrival | Left]:
    """Give the recordings at an address; their sound is asked for by `resolve`.

    Raises ReaderError if yt-dlp is not installed, NoAnswerError if the site doesn't answer.
    """
    found = _extract(asked_for(address))
    entries = found.get("entries")
    if entries is None:
        entries = [found]
    if not entries:
        yield Left(address, _("no recording in it"))
    for entry in entries:
        page = str(entry.get("webpage_url") or entry.get("url") or "")
        if is_address(page):
            place = page if is_known(page) else address
            yield Arrival(place, _name(entry), _describe(entry, page), is_page=True)


def resolve(arrival: Arrival) -> Arrival:
    """Ask for the sound of a recording, and for what its page says of it.

    Raises ReaderError where it is only to be had as a stream, NoAnswerError if it can't be asked.
    """
    found = _extract(asked_for(arrival.place))
    chosen = choose(found.get("formats") or [])
    if chosen is None:
        raise ReaderError(
            _("{address}: only to be heard as a stream; ask for the file").format(
                address=arrival.place
            )
        )
    said = _describe(found, arrival.said.page)
    said = dataclasses.replace(said, guid=arrival.said.guid)
    picture = str(found.get("thumbnail") or "")
    return dataclasses.replace(
        arrival,
        place=str(chosen["url"]),
        name=f"{_name(found)}.{chosen.get('ext') or 'mp3'}",
        said=said,
        picture=picture,
        is_page=False,
    )


def choose(formats: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Choose the file to take: the upload itself, else sound alone, the best; never a stream."""
    direct = [
        each
        for each in formats
        if each.get("protocol") in DIRECT and each.get("url") and each.get("acodec") != "none"
    ]

    def worth(one: dict[str, Any]) -> tuple[bool, bool, float]:
        is_upload = one.get("format_id") == "download"
        return is_upload, one.get("vcodec") == "none", float(one.get("abr") or 0)

    return max(direct, key=worth, default=None)


def _extract(address: str) -> dict[str, Any]:
    if importlib.util.find_spec("yt_dlp") is None:
        raise ReaderError(
            _(
                "{address}: to be read with yt-dlp, which is not here; "
                "pip install 'radio-archive[sites]'"
            ).format(address=address)
        )
    target = "radio.ingest.extraction:extract"
    found: dict[str, Any] = sandbox.call(target, address, memory=MEMORY, seconds=SECONDS)
    return found


def _describe(entry: dict[str, Any], page: str) -> Description:
    kind, number = entry.get("extractor_key") or entry.get("ie_key") or "", entry.get("id") or ""
    return Description(
        title=" ".join(str(entry.get("title") or "").split()),
        day=_day(entry),
        text=str(entry.get("description") or ""),
        tags=tuple(str(each) for each in entry.get("tags") or ()),
        page=page,
        guid=f"{kind.lower()}:{number}" if number else page,
    )


def _day(entry: dict[str, Any]) -> Day | None:
    """Read the day of publication, which yt-dlp writes as 20240116."""
    day = read_posted(str(entry.get("release_date") or entry.get("upload_date") or ""))
    return Day(day) if day else None


def _name(entry: dict[str, Any]) -> str:
    return " ".join(str(entry.get("title") or entry.get("id") or "").split())
