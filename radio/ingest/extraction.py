"""Sites that only yt-dlp can read, in a child of its own: the only importer of yt-dlp.

It has no guard of its own, so it gets ours: each of its connections is dialled by
`connection.wire`, and a socket that is connected in any other way is refused. A few extractors are
allowed; no configuration, cookie, plugin or other program is read or run.
"""

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any, NoReturn

from radio.system.connection.wire import dial_of
from radio.system.errors import NoAnswerError, RefusedError
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


def extract(address: str, _progress: Progress) -> Any:
    """Read what lies at an address, in a child: what is known of it, its formats or its entries.

    Raises NoAnswerError if the site doesn't answer as it should.
    """
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
            told = ADVICE.split(str(error).removeprefix("ERROR: "))[0][:300]
            raise NoAnswerError(f"{address}: {told}") from error
    return _told(found or {})


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """Keep what is asked of an entry, and of what it lists."""
    kept = {name: found[name] for name in TOLD if isinstance(found.get(name), str | int | float)}
    kept["tags"] = [str(each) for each in found.get("tags") or ()][:200]
    if found.get("_type") == "playlist":
        entries = [each for each in found.get("entries") or () if each]
        kept["entries"] = [_told(each) for each in entries[:MOST]]
    kept["formats"] = [
        {name: each.get(name) for name in FORMAT} for each in found.get("formats") or ()
    ]
    return kept


_dialling = threading.local()


def _dial(address: tuple[str, int], timeout: Any = 30, *_more: Any, **_rest: Any) -> socket.socket:
    """Connect as the rest of the program does."""
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
    """Let nothing out of this process but by `_dial`, and start no other one."""
    os.environ["YTDLP_NO_PLUGINS"] = "1"
    connect = socket.socket.connect

    def guard(self: socket.socket, address: Any) -> None:
        if not getattr(_dialling, "is_ours", False):
            raise RefusedError(_("{address}: not dialled by us").format(address=address))
        connect(self, address)

    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise RefusedError(_("no other program is started"))

    sys.modules["curl_cffi"] = None  # type: ignore[assignment]  # it has sockets of its own
    sys.modules["websockets"] = None  # type: ignore[assignment]
    socket.socket.connect = guard  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = refuse  # type: ignore[method-assign]
    socket.create_connection = _dial  # type: ignore[assignment]
    subprocess.Popen.__init__ = refuse  # type: ignore[method-assign]
    yield
