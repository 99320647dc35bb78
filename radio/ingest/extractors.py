"""SoundCloud, Mixcloud, PeerTube and Acast, through yt-dlp: a list first, then each recording. The
address of the sound is good for minutes only, so it is asked for when it is fetched. yt-dlp has no
guard, so it runs in a child and gets ours: its connections are dialled by `connection.wire`, all
others are refused. No configuration, cookie, plugin or other program is read or run."""

import contextlib
import dataclasses
import importlib.util
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any, NoReturn
from urllib.parse import urlsplit

from radio.french.dates import read_posted
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.folders import Left
from radio.system import sandbox
from radio.system.connection.place import is_address
from radio.system.connection.wire import dial_of
from radio.system.errors import NoAnswerError, ReaderError, RefusedError
from radio.system.messages import _
from radio.system.progress import Progress

ALLOWED = [r"soundcloud(:.+)?", r"mixcloud(:.+)?", r"PeerTube(:.+)?", r"acast(:.+)?"]
MOST = 5_000  # entries of a list
ADVICE = re.compile(r";? please report| \(caused by")  # of yt-dlp, to those who run it
OPTIONS: dict[str, Any] = {
    "allowed_extractors": ALLOWED,
    "extract_flat": "in_playlist",
    "playlistend": MOST,
    "cachedir": False,
    "check_formats": False,
    "noprogress": True,
    "no_warnings": True,
    "postprocessors": [],
    "proxy": "",  # those of the environment are not asked
    "quiet": True,
    "socket_timeout": 30,
    "extractor_retries": 1,
    "usenetrc": False,
}
TOLD = (
    *("id", "ie_key", "extractor_key", "title", "url", "webpage_url", "description", "timestamp"),
    *("upload_date", "uploader", "thumbnail", "duration", "language", "release_date"),
)
FORMAT = ("url", "protocol", "ext", "acodec", "vcodec", "abr", "filesize", "format_id")
HOSTS = re.compile(r"(?:.+\.)?(?:soundcloud|mixcloud|acast)\.com")
WATCHED = re.compile(r"/(?:videos/(?:watch|embed)|w)/([\w-]{8,64})/?")
PLATFORM = re.compile(rb"<meta[^<>]{0,200}content=[\"']PeerTube[\"']", re.IGNORECASE)
MEMORY, SECONDS = 1 << 30, 60
DIRECT = {"http", "https"}


def is_known(address: str) -> bool:
    """Whether an address is one of SoundCloud, Mixcloud or Acast, but no feed of theirs.

    >>> is_known("https://soundcloud.com/radio"), is_known("https://feeds.acast.com/public/x")
    (True, False)
    """
    host = urlsplit(address).hostname or ""
    return HOSTS.fullmatch(host) is not None and not host.startswith(("feeds.", "rss.", "feed."))


def is_video(address: str, content: bytes) -> bool:
    """Whether a page is a video of PeerTube, on any host."""
    is_watched = WATCHED.fullmatch(urlsplit(address).path) is not None
    return is_watched and PLATFORM.search(content) is not None


def asked_for(address: str) -> str:
    """Give how yt-dlp calls an address: a video of PeerTube by its site and its number.

    >>> asked_for("https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv")
    'peertube:tube.example:kkGMgK9ZtnKfYAgnEtQxbv'
    """
    parts = urlsplit(address)
    match = None if is_known(address) else WATCHED.fullmatch(parts.path)
    return f"peertube:{parts.netloc}:{match[1]}" if match else address


def arrivals(address: str) -> Iterator[Arrival | Left]:
    """Give the recordings at an address; `resolve` asks for their sound. Raises ReaderError if
    yt-dlp is not installed, NoAnswerError if the site doesn't answer."""
    found = _extract(address)
    entries = found["entries"] if found.get("entries") is not None else [found]
    if not entries:
        yield Left(address, _("pas d’enregistrement dedans"))
    for entry in entries:
        page = str(entry.get("webpage_url") or entry.get("url") or "")
        if is_address(page):
            place = page if is_known(page) else address
            yield Arrival(place, _name(entry), _describe(entry, page), is_page=True)


def resolve(arrival: Arrival) -> Arrival:
    """Ask for sound and page of a recording. Raises ReaderError for a stream, NoAnswerError."""
    found = _extract(arrival.place)
    chosen = choose(found.get("formats") or [])
    if chosen is None:
        message = _("{address} : ne s’écoute qu’en ligne ; demandez le fichier")
        raise ReaderError(message, address=arrival.place)
    said = dataclasses.replace(_describe(found, arrival.said.page), guid=arrival.said.guid)
    place, picture = str(chosen["url"]), str(found.get("thumbnail") or "")
    known = dataclasses.replace(arrival, place=place, said=said, picture=picture, is_page=False)
    return dataclasses.replace(known, name=f"{_name(found)}.{chosen.get('ext') or 'mp3'}")


def choose(formats: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Choose the file to take: the upload itself, else sound alone, the best; never a stream."""
    heard = (each for each in formats if each.get("acodec") != "none")
    direct = (each for each in heard if each.get("protocol") in DIRECT and each.get("url"))

    def worth(one: dict[str, Any]) -> tuple[bool, bool, float]:
        is_upload = one.get("format_id") == "download"
        return is_upload, one.get("vcodec") == "none", float(one.get("abr") or 0)

    return max(direct, key=worth, default=None)


def _extract(address: str) -> dict[str, Any]:
    if importlib.util.find_spec("yt_dlp") is None:
        message = _(
            "{address} : se lit avec yt-dlp, qui n’est pas là ; pip install 'radio-archive[sites]'"
        )
        raise ReaderError(message, address=address)
    asked, target = asked_for(address), "radio.ingest.extractors:extract"
    found: dict[str, Any] = sandbox.call(target, asked, memory=MEMORY, seconds=SECONDS)
    return found


def _describe(entry: dict[str, Any], page: str) -> Description:
    kind, number = entry.get("extractor_key") or entry.get("ie_key") or "", entry.get("id") or ""
    # The day of publication is written as 20240116.
    day = read_posted(str(entry.get("release_date") or entry.get("upload_date") or ""))
    return Description(
        title=" ".join(str(entry.get("title") or "").split()),
        day=Day(day) if day else None,
        text=str(entry.get("description") or ""),
        tags=tuple(str(each) for each in entry.get("tags") or ()),
        page=page,
        guid=f"{kind.lower()}:{number}" if number else page,
    )


def _name(entry: dict[str, Any]) -> str:
    return " ".join(str(entry.get("title") or entry.get("id") or "").split())


def extract(address: str, _progress: Progress) -> Any:
    """Read what lies at an address, in a child. Raises NoAnswerError."""
    with _guarded():
        import yt_dlp
        import yt_dlp.networking._helper as helper
        import yt_dlp.networking._urllib as plain

        others: Any = sys.modules.get("yt_dlp.networking._requests")
        for module in filter(None, (helper, plain, others)):
            module.create_connection = _dial
        try:
            with yt_dlp.YoutubeDL(dict(OPTIONS)) as reader:
                found = reader.extract_info(address, download=False, process=True)
        except (yt_dlp.utils.YoutubeDLError, OSError) as error:
            said = ADVICE.split(str(error).removeprefix("ERROR: "))[0][:300]
            raise NoAnswerError(f"{address}: {said}") from error
    return _fields_of(found or {})


def _fields_of(found: dict[str, Any]) -> dict[str, Any]:
    fields = {name: found[name] for name in TOLD if isinstance(found.get(name), str | int | float)}
    fields["tags"] = [str(each) for each in found.get("tags") or ()][:200]
    if found.get("_type") == "playlist":
        entries = [each for each in found.get("entries") or () if each]
        fields["entries"] = [_fields_of(each) for each in entries[:MOST]]
    formats = found.get("formats") or ()
    fields["formats"] = [{name: each.get(name) for name in FORMAT} for each in formats]
    return fields


_dialling = threading.local()


def _dial(address: tuple[str, int], timeout: Any = 30, *_more: Any, **_also: Any) -> socket.socket:
    seconds = timeout if isinstance(timeout, int | float) else 30.0
    _dialling.is_ours = True
    try:
        return dial_of()(address[0].rstrip(".").lower(), address[1], seconds)
    except NoAnswerError as error:
        raise OSError(str(error)) from error
    finally:
        _dialling.is_ours = False


@contextlib.contextmanager
def _guarded() -> Iterator[None]:
    """Let no connection out but by `_dial`, and no program start."""
    os.environ["YTDLP_NO_PLUGINS"] = "1"
    connect = socket.socket.connect

    def guard(self: socket.socket, address: Any) -> None:
        if not getattr(_dialling, "is_ours", False):
            raise RefusedError(_("{address} : adresse non permise", address=address))
        connect(self, address)

    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise RefusedError(_("aucun autre programme n’est lancé"))

    sys.modules["curl_cffi"] = None  # type: ignore[assignment]  # it has sockets of its own
    sys.modules["websockets"] = None  # type: ignore[assignment]
    socket.socket.connect = guard  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = refuse  # type: ignore[method-assign]
    socket.create_connection = _dial  # type: ignore[assignment]
    subprocess.Popen.__init__ = refuse  # type: ignore[method-assign]
    yield
