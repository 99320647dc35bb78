"""The index on the disk: one folder for each version of the schema, opened, written, swapped.

A version is made aside and takes its name once it is whole, so that no reader sees half of it.
Every commit replaces `meta.json`: its state tells a reader that another process has written.
Writers hold the archive's lock `index`. What tantivy throws becomes a SearchError here.
"""

import atexit
import contextlib
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import tantivy

from radio.episode import Episode
from radio.errors import SearchError
from radio.messages import _
from radio.search.fields import EPISODE, episodes, names, numbered, pack_about, schema
from radio.search.french import RELEASES, Word, words
from radio.search.passage import Passage, pack
from radio.search.ranking import narrow
from radio.search.reader import Reader

VERSION = f"5-{RELEASES}"  # another schema, another analysis: another folder
WRITER_MEMORY = 50_000_000  # bytes
TOPICS = 120  # words by which an episode is likened to others
_OURS = re.compile(r"\.?\d+(?:-[-\w.+]+)?(?:\.\w+)?")

State = tuple[int, int, int]
"""Which file `meta.json` is, when it was written, its size; zeros where there is none."""
NO_INDEX: State = (0, 0, 0)


class Known(NamedTuple):
    """By which number an indexed episode goes, and the stamp that its files had."""

    number: int
    stamp: str

    def line(self, key: str) -> str:
        """Write it beside the key."""
        return f"{key} {self.number} {self.stamp}"


class Store:
    """The index in a folder, as of the last commit by any process."""

    def __init__(self, folder: Path):
        self._settle(folder)

    def _settle(self, folder: Path) -> None:
        self.folder = folder
        self.path, self._old = folder / VERSION, folder / f".{VERSION}.old"
        self._opened: tuple[State, Reader] | None = None

    def state(self) -> State:
        """Tell the state of the index without opening it."""
        try:
            status = (self.path / "meta.json").stat()
        except (FileNotFoundError, NotADirectoryError):
            return NO_INDEX
        return status.st_ino, status.st_mtime_ns, status.st_size

    def exists(self) -> bool:
        """Whether something lies where the index should be."""
        return self.path.exists()

    def is_swapped(self) -> bool:
        """Whether a writer has taken the old index away and not yet put the new one there."""
        return self._old.exists() and not self.path.exists()

    def reader(self) -> Reader:
        """Open the index as it is now.

        Raises SearchError if there is none or it can't be read.
        """
        state, opened = self.state(), self._opened
        if opened is None or opened[0] != state:
            with explained(self.path):
                index = tantivy.Index.open(str(self.path))
                index.config_reader("manual")
                opened = state, Reader(index.searcher())
            self._opened = opened
        return opened[1]

    def known(self) -> dict[str, Known]:
        """Tell for each indexed episode, by key, its number and the stamp it had then."""
        searcher = self.reader().searcher
        with explained(self.path):
            living = searcher.terms_with_prefix("stamp", "", tantivy.Query.all_query())
        parts = (term.split(" ", 2) for term, _rest in living)
        return {key: Known(int(number), stamp) for key, number, stamp in parts}

    def topics(self, key: str) -> bytes:
        """Read what an indexed episode speaks of, as it lies there."""
        searcher = self.reader().searcher
        own = narrow(episodes(), tantivy.Query.term_query(schema(), "key", key))
        with explained(self.path):
            found = searcher.search(own, 1).hits
            return bytes(searcher.doc(found[0][1]).get_first("topics") or b"") if found else b""

    @contextlib.contextmanager
    def update(self) -> Iterator["Writer"]:
        """Change some episodes; all is seen at once, at the end."""
        with explained(self.path):
            index = tantivy.Index.open(str(self.path))
            with _writer(index) as writer:
                yield writer

    @contextlib.contextmanager
    def renew(self) -> Iterator["Writer"]:
        """Make the index from nothing, aside, and swap it in at the end."""
        part = self.folder / f".{VERSION}.part"
        with explained(self.path):
            _remove(part)
            part.mkdir(parents=True)
            with _writer(tantivy.Index(schema(), str(part))) as writer:
                yield writer
            _remove(self._old)
            if self.path.exists():
                self.path.rename(self._old)
            part.rename(self.path)
            self._opened = None

    def is_open_to_write(self) -> bool:
        """Whether the index may be written where it lies."""
        return os.access(self.folder if self.folder.exists() else self.folder.parent, os.W_OK)

    def move_away(self) -> None:
        """Go on in a temporary folder of this process, from the index as it lies there."""
        away = Path(tempfile.mkdtemp(prefix="radio-index-"))
        atexit.register(shutil.rmtree, away, ignore_errors=True)
        if self.folder.is_dir():
            locks = shutil.ignore_patterns(".tantivy-*")
            shutil.copytree(
                self.folder, away, copy_function=os.symlink, ignore=locks, dirs_exist_ok=True
            )
        self._settle(away)

    def tidy(self) -> None:
        """Remove other versions and what a writer that died left behind."""
        with explained(self.folder):
            for path in self.folder.iterdir():
                if path.name != VERSION and _OURS.fullmatch(path.name):
                    _remove(path)


class Writer:
    """Adds episodes to an index and takes them out."""

    def __init__(self, writer: tantivy.IndexWriter):
        self._writer = writer

    def remove(self, numbers: Collection[int]) -> None:
        """Take episodes out."""
        self._writer.delete_documents_by_query(numbered(numbers))

    def add(self, episode: Episode, known: Known, passages: Iterable[Passage]) -> None:
        """Put an episode in: what is said in it, and what its sidecar says."""
        topics: Counter[str] = Counter()
        for passage in passages:
            document = _document(episode, known.number)
            document.add_unsigned("said", episode.date.toordinal())
            document.add_bytes("passage", pack(passage))
            topics.update(_stems(_add_words(document, passage.text)))
            self._writer.add_document(document)
        self._tell(episode, known, json.dumps(topics.most_common(TOPICS)).encode())

    def move(self, old: str, episode: Episode, known: Known, topics: bytes) -> None:
        """Give an episode that had an `old` key its new one; what is said in it stays there."""
        self._writer.delete_documents_by_term("stamp", known.line(old))
        self._tell(episode, known, topics)

    def _tell(self, episode: Episode, known: Known, topics: bytes) -> None:
        people = [person.name for person in episode.people]
        about = _document(episode, known.number)
        about.add_text("key", episode.key)
        about.add_text("kind", EPISODE)
        about.add_text("stamp", known.line(episode.key))
        about.add_bytes("about", pack_about(episode))
        about.add_bytes("topics", topics)
        for text in (episode.title, episode.description, *people, *episode.tags):
            _add_words(about, text)
        self._writer.add_document(about)


def _stems(said: Iterable[Word]) -> Iterator[str]:
    """Give one stem of each word that means something by itself."""
    return (word.forms[2] for word in said if len(word.forms) > 2 and not word.compound)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what tantivy throws into a SearchError that names the index."""
    remedy = _("`radio index --rebuild` makes it again")
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise SearchError(f"{path}: {error}; {remedy}") from error
    except BaseException as error:
        # On a damaged file tantivy may panic, which Python sees as no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise SearchError(
            _("{path}: damaged ({error}); {remedy}").format(path=path, error=error, remedy=remedy)
        ) from error


@contextlib.contextmanager
def _writer(index: tantivy.Index) -> Iterator[Writer]:
    writer = index.writer(WRITER_MEMORY, 1)
    try:
        yield Writer(writer)
        writer.commit()
    finally:
        writer.wait_merging_threads()


def _document(episode: Episode, number: int) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("number", number)
    document.add_unsigned("day", episode.date.toordinal())
    for person in episode.people:
        _add_names(document, "person", person.name)
    for tag in episode.tags:
        _add_names(document, "tag", tag)
    return document


def _add_words(document: tantivy.Document, text: str) -> list[Word]:
    """Add words as analysed, all forms of a word at its place; give them in order."""
    found = sorted(words(text), key=lambda word: word.position)  # as tantivy writes them down
    tokens = [tantivy.Token(form, word.position, 0, 0) for word in found for form in word.forms]
    document.add_pre_tokenized_text("words", tantivy.PreTokenizedString("", tokens))
    return found


def _add_names(document: tantivy.Document, field: str, name: str) -> None:
    for form in names(name):
        document.add_text(field, form)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
