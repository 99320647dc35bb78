"""A file that is downloaded in parts, and resumed where it was cut. A note beside the part says
whose bytes these are (ETag, or date of change) and how many there will be."""

import base64
import binascii
import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPResponse
from pathlib import Path

from radio.system import disk, records
from radio.system.connection.wire import Wire
from radio.system.errors import ArchiveError, NoAnswerError, RefusedError
from radio.system.messages import _
from radio.system.progress import Progress

LARGEST = 8 << 30  # bytes of a file: 12 hours of WAV
BLOCK = 64 << 10  # bytes
STEP, STEP_WAIT = 128 << 10, 60.0  # bytes that must come within so many seconds
LONGEST_VALIDATOR = 1000  # characters
RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
DIGESTS = {"sha-256": "sha256", "sha-512": "sha512", "md5": "md5"}
PLAIN = {"", "identity"}  # ways of packing


@dataclass(frozen=True)
class Note:
    """What is known of a file that is not whole yet."""

    address: str = ""
    validator: str = ""  # a strong ETag, or Last-Modified
    length: int | None = None  # bytes, where it is known


class Download:
    """A file that is being fetched into `part`."""

    def __init__(self, address: str, part: Path):
        self._part, self._address = part, address
        with disk.explained(part.parent):
            part.parent.mkdir(parents=True, exist_ok=True)
        note = Note()
        with contextlib.suppress(ArchiveError):  # one that can't be read is none
            note = records.read(Note, disk.read_bytes(_note_path(part)), part)
        self._note = note if note.address == address and note.validator else Note()
        self._have = disk.stamp(part)[1] if self._note.validator else 0

    @property
    def wanted(self) -> Mapping[str, str]:
        """The headers that ask for what is missing."""
        if not self._have:
            return {}
        return {"Range": f"bytes={self._have}-", "If-Range": self._note.validator}

    @property
    def statuses(self) -> tuple[int, ...]:
        """What a site may answer beside 200: partial content, or that there is no more."""
        return (206, 416) if self._have else ()

    def receive(self, response: HTTPResponse, wire: Wire, progress: Progress) -> None:
        """Save what an answer brings, and check that the file is whole. Raises NoAnswerError if it
        is cut or changed, RefusedError if too large, ArchiveError if the disk refuses."""
        if response.status == 416:  # nothing after that: the content_range of a file of that length
            content_range = response.headers.get("Content-Range", "").strip()
            is_end = content_range in ("", f"bytes */{self._have}")
            self._require_same(is_end and self._have == self._note.length)
        else:
            packing = response.headers.get("Content-Encoding", "").strip().lower()
            if packing not in PLAIN:
                raise RefusedError(_("compressé en {packing!r:.40}", packing=packing))
            length = self._rest(response) if response.status == 206 else self._anew(response)
            wire.grant(STEP_WAIT)
            try:
                self._write(response, wire, length, progress)
            except NoAnswerError:
                if not self._note.validator:  # nothing tells whether more of it is the same
                    discard_download(self._part)
                raise
            self._verify(response)
        disk.discard(_note_path(self._part))

    def _anew(self, response: HTTPResponse) -> int | None:
        """Begin with the first byte; give how many there will be."""
        self._have, length, headers = 0, response.length, response.headers
        disk.discard(self._part)
        self._require_room(length or 0)
        etag = headers.get("ETag", "").strip()
        name = etag if etag.startswith('"') else headers.get("Last-Modified", "").strip()
        is_name = len(name) <= LONGEST_VALIDATOR and name.isprintable()
        self._note = Note(self._address, name if is_name else "", length)
        disk.write_whole(_note_path(self._part), records.render(self._note))
        return length

    def _rest(self, response: HTTPResponse) -> int:
        """Check that an answer continues the same file; give its whole length."""
        found = RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        start, end, whole = found.groups() if found else ("", "", "")
        named = "ETag" if self._note.validator.startswith('"') else "Last-Modified"
        validator = response.headers.get(named, self._note.validator).strip()
        length = int(whole) if whole.isdigit() else -1
        is_rest = (start, end) == (str(self._have), str(length - 1))
        is_known = self._note.length in (None, length) and validator == self._note.validator
        self._require_same(is_rest and is_known)
        self._require_room(length - self._have)
        return length

    def _require_same(self, is_same: bool) -> None:
        if not is_same:
            discard_download(self._part)
            raise NoAnswerError(_("un autre fichier que celui qui était commencé"))

    def _write(
        self, response: HTTPResponse, wire: Wire, length: int | None, progress: Progress
    ) -> None:
        granted = self._have
        with disk.explained(self._part):
            file = self._part.open("ab" if self._have else "wb", buffering=0)
        with file:
            while block := response.read1(BLOCK):
                with disk.explained(self._part):
                    file.write(block)
                self._have += len(block)
                if self._have - granted >= STEP:
                    self._require_room(self._have - granted)
                    granted = self._have
                    wire.grant(STEP_WAIT)
                if length:
                    progress(min(1.0, self._have / length))
        require_whole(response)
        if not self._have:
            raise NoAnswerError(_("réponse vide"))
        if length is not None and self._have != length:
            message = _("coupé après {have} octets sur {size}")
            raise NoAnswerError(message, have=self._have, size=length)

    def _verify(self, response: HTTPResponse) -> None:
        for kind, digest in _digests(response.headers, whole=response.status == 200):
            sums = hashlib.new(kind, usedforsecurity=False)
            with disk.open_file(self._part) as file:
                for block in disk.blocks(file):
                    sums.update(block)
            if sums.digest() != digest:
                discard_download(self._part)
                raise NoAnswerError(_("ne correspond pas à l’empreinte annoncée"))

    def _require_room(self, size: int) -> None:
        if self._have + size > LARGEST:
            discard_download(self._part)
            raise RefusedError(_("dépasse {limit} Go", limit=LARGEST >> 30))
        message = _("{size} Mo, c’est trop pour le disque de {folder}, où {free} Mo sont libres")
        folder = self._part.parent
        values = {"size": size // 10**6, "folder": folder}
        disk.require_room(folder, size, lambda free: _(message, free=free // 10**6, **values))


def require_whole(response: HTTPResponse) -> None:
    """Raise NoAnswerError if an answer, read to its end, is shorter than it says."""
    if response.length:
        raise NoAnswerError(_("coupé {size} octets avant la fin", size=response.length))


def discard_download(part: Path) -> None:
    """Remove what was fetched of a file, and the note beside it."""
    disk.discard(part)
    disk.discard(_note_path(part))


def _note_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.note")


def _digests(headers: Message, *, whole: bool) -> Iterator[tuple[str, bytes]]:
    """Give the digests of the whole file in an answer (RFC 9530, RFC 3230, RFC 1864)."""
    listed = [
        each.strip().partition("=")
        for name in ("Repr-Digest", "Digest")
        for each in headers.get(name, "").split(",")
    ]
    if whole:
        listed.append(("md5", "=", headers.get("Content-MD5", "")))
    for kind, _sign, text in listed:
        try:
            digest = base64.b64decode(text.strip().strip(":"), validate=True)
        except (binascii.Error, ValueError):
            continue
        if digest and kind.lower() in DIGESTS:
            yield DIGESTS[kind.lower()], digest
