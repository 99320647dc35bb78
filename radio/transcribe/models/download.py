"""A file of weights fetched over HTTP: verified, and whole or not there at all."""

from pathlib import Path

from radio.system.checksums import hash_file
from radio.system.connection.download import discard_download
from radio.system.connection.fetch import Answer, Web
from radio.system.disk import keep
from radio.system.errors import ArchiveError, ModelError, NoAnswerError
from radio.system.messages import _
from radio.system.progress import Progress


def download(url: str, sha256: str | None, path: Path, progress: Progress) -> None:
    """Fetch a file, on from where it was cut the last time; verify its hash if one is known.

    Raises ModelError if it is not the right one or the disk has no room for it, NoAnswerError if
    it can't be had, OSError or ArchiveError if the disk refuses.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with Web(typed=url, pauses=()) as web:
            _require(web.download(url, part, progress))
    except ArchiveError as error:
        if isinstance(error.__cause__, OSError):  # which is told with a remedy for weights
            raise error.__cause__ from error
        raise ModelError(
            _("{error}; make room, or name another folder in RADIO_MODELS").format(error=error)
        ) from error
    if sha256 not in (None, hash_file(part)):
        discard_download(part)
        raise ModelError(_("{url}: what came is cut or changed; try again later").format(url=url))
    keep(part, path)


def ask(url: str) -> bytes:
    """Give what lies at an address. Raises NoAnswerError, with the reason, if it can't be had."""
    with Web(typed=url, pauses=()) as web:
        return _require(web.read(url)).content


def _require(answer: Answer) -> Answer:
    if answer.status != 200:
        raise NoAnswerError(_("answers {status}").format(status=answer.status))
    return answer
