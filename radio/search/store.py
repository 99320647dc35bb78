"""The index on the disk: one folder for each version of the schema.

A new index is written under another name and renamed once it is whole, so that no reader sees half
of it. Every commit replaces `meta.json`; a reader compares its state to see that another process
has written. Writers hold the archive's lock `index`. Errors of tantivy become SearchError here.
"""

import atexit
import contextlib
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import tantivy

from radio.archive.episode import Episode
from radio.formats.markdown import plain
from radio.search.documents import add_meanings, add_names, begin
from radio.search.fields import (
    EPISODE,
    FORMS,
    TOLD,
    WORDS,
    by_numbers,
    episodes,
    pack_about,
    schema,
)
from radio.search.french import RELEASES
from radio.search.passage import Passage, pack
from radio.search.ranking import narrow
from radio.search.reader import Reader
from radio.search.related import topics
from radio.search.tokens import cut, tokens
from radio.search.vocabulary import rows
from radio.system.errors import SearchError
from radio.system.messages import _
from radio.text.transcript import voice_number

VERSION = f"13-{RELEASES}"  # another schema, another analysis: another folder
WRITER_MEMORY = 50_000_000  # bytes
WRITTEN_WORDS = 200_000  # that a writer remembers, some 50 MB
_OURS = re.compile(r"\.?\d+(?:-[-\w.+]+)?(?:\.\w+)?")

State = tuple[int, int, int]
"""Of `meta.json`: inode, time of writing (ns), size (bytes); zeros where there is none."""
NO_INDEX: State = (0, 0, 0)


class IndexEntry(NamedTuple):
    """An indexed episode: its number, and the stamp of its files."""

    number: int
    stamp: str

    def line(self, key: str) -> str:
        """Write it as the text of the field `stamp`."""
        return f"{key} {self.number} {self.stamp}"


class Store:
    """The index in a folder, as of the last commit by any process."""

    def __init__(self, folder: Path):
        self._settle(folder)

    def _settle(self, folder: Path) -> None:
        self.folder = folder
        self.path, self._old = folder / VERSION, folder / f".{VERSION}.old"
        self._cache: tuple[State, Reader] | None = None

    def state(self) -> State:
        """Give the state of the index without opening it."""
        try:
            status = (self.path / "meta.json").stat()
        except (FileNotFoundError, NotADirectoryError):
            return NO_INDEX
        return status.st_ino, status.st_mtime_ns, status.st_size

    def exists(self) -> bool:
        """Whether there is an index, readable or not."""
        return self.path.exists()

    def is_swapped(self) -> bool:
        """Whether a writer has removed the old index and not yet renamed the new one."""
        return self._old.exists() and not self.path.exists()

    def reader(self) -> Reader:
        """Open the index as it is now.

        Raises SearchError if there is none or it can't be read.
        """
        state, cache = self.state(), self._cache
        if cache is None or cache[0] != state:
            with translate_errors(self.path):
                index = tantivy.Index.open(str(self.path))
                index.config_reader("manual")
                cache = state, Reader(index.searcher())
            self._cache = cache
        return cache[1]

    def entries(self) -> dict[str, IndexEntry]:
        """Give the entry of each indexed episode, by key."""
        searcher = self.reader().searcher
        with translate_errors(self.path):
            living = searcher.terms_with_prefix("stamp", "", tantivy.Query.all_query())
        parts = (term.split(" ", 2) for term, _rest in living)
        return {key: IndexEntry(int(number), stamp) for key, number, stamp in parts}

    def topics(self, key: str) -> bytes:
        """Read the frequent words of an indexed episode, as stored."""
        searcher = self.reader().searcher
        own = narrow(episodes(), tantivy.Query.term_query(schema(), "key", key))
        with translate_errors(self.path):
            hits = searcher.search(own, 1).hits
            return bytes(searcher.doc(hits[0][1]).get_first("topics") or b"") if hits else b""

    def voices(self, key: str) -> tuple[str, ...]:
        """Name the voices of an indexed episode."""
        reader = self.reader()
        with translate_errors(self.path):
            number = reader.number_of.get(key)
            return () if number is None else reader.about[number].voices

    def holds(self, key: str, episode: Episode) -> bool:
        """Whether the passages under a key are as those of an episode would be."""
        reader = self.reader()
        with translate_errors(self.path):
            return reader.holds(key, episode)

    @contextlib.contextmanager
    def update(self) -> Iterator["Writer"]:
        """Change some episodes; readers see all changes at once, at the end."""
        is_known = self.reader().vocabulary.has
        with translate_errors(self.path):
            index = tantivy.Index.open(str(self.path))
            with _writer(index, is_known) as writer:
                yield writer

    @contextlib.contextmanager
    def renew(self) -> Iterator["Writer"]:
        """Make the index from nothing under another name, and rename it at the end."""
        part = self.folder / f".{VERSION}.part"
        with translate_errors(self.path):
            _remove(part)
            part.mkdir(parents=True)
            with _writer(tantivy.Index(schema(), str(part)), lambda _: False) as writer:
                yield writer
            _remove(self._old)
            if self.path.exists():
                self.path.rename(self._old)
            part.rename(self.path)
            self._cache = None

    def is_open_to_write(self) -> bool:
        """Whether this process may write to the folder of the index."""
        return os.access(self.folder if self.folder.exists() else self.folder.parent, os.W_OK)

    def move_away(self) -> None:
        """Continue in a temporary folder of this process, with a copy of the index."""
        away = Path(tempfile.mkdtemp(prefix="radio-index-"))
        atexit.register(shutil.rmtree, away, ignore_errors=True)
        if self.folder.is_dir():
            locks = shutil.ignore_patterns(".tantivy-*")
            shutil.copytree(
                self.folder, away, copy_function=os.symlink, ignore=locks, dirs_exist_ok=True
            )
        self._settle(away)

    def tidy(self) -> None:
        """Remove other versions, and leftovers of a writer that was killed."""
        with translate_errors(self.folder):
            for path in self.folder.iterdir():
                if path.name != VERSION and _OURS.fullmatch(path.name):
                    _remove(path)


class Writer:
    """Adds episodes to an index and removes them."""

    def __init__(self, writer: tantivy.IndexWriter, is_known: Callable[[str], bool]):
        self._writer, self._is_known = writer, is_known
        self._described: set[str] = set()  # spellings that the vocabulary has
        self._cut = lru_cache(maxsize=WRITTEN_WORDS)(cut)

    def remove(self, numbers: Collection[int]) -> None:
        """Remove episodes."""
        self._writer.delete_documents_by_query(by_numbers(numbers))

    def add(self, episode: Episode, entry: IndexEntry, passages: Iterable[Passage]) -> None:
        """Add an episode: its passages, and what its sidecar says."""
        said: Counter[str] = Counter()
        voices: dict[str, None] = {}  # in the order in which they first speak
        for passage in passages:
            document = begin(episode, entry.number)
            named = dict.fromkeys(name for name in passage.voices if name)
            voices |= {name: None for name in named if voice_number(name) is None}
            for name in named:
                add_names(document, "voice", name)
            document.add_unsigned("said", episode.date.toordinal())
            document.add_bytes("passage", pack(passage))
            add_meanings(document, passage.text)
            said.update(self._add_words(document, passage.text, WORDS))
            self._writer.add_document(document)
        self._describe(said)
        self.describe(episode, entry, topics(said), list(voices))

    def forget(self, key: str, entry: IndexEntry) -> None:
        """Remove what the index says of an episode; its passages stay."""
        self._writer.delete_documents_by_term("stamp", entry.line(key))

    def describe(
        self, episode: Episode, entry: IndexEntry, topics: bytes, voices: Collection[str]
    ) -> None:
        """Add what the sidecar of an episode says, its key among it."""
        about = begin(episode, entry.number)
        about.add_text("key", episode.key)
        about.add_text("kind", EPISODE)
        about.add_text("stamp", entry.line(episode.key))
        about.add_bytes("about", pack_about(episode, voices))
        about.add_bytes("topics", topics)
        for text in (episode.title, plain(episode.description), *episode.names, *episode.tags):
            self._describe(self._add_words(about, text, WORDS, TOLD))
            add_meanings(about, f"{text}.")
        for name in voices:
            add_names(about, "speaker", name)
        self._writer.add_document(about)

    def _add_words(self, document: tantivy.Document, text: str, *fields: str) -> list[str]:
        """Add the words of a text to some fields; give their spellings."""
        spellings = tokens(text, self._cut)
        for field in fields:
            document.add_text(field, " ".join(spellings))
        return spellings

    def _describe(self, spellings: Iterable[str]) -> None:
        """Add new spellings to the vocabulary; they stay when their episode goes."""
        new = set(spellings) - self._described
        self._described |= new
        unknown = sorted(each for each in new if not self._is_known(each))
        if unknown:
            vocabulary = tantivy.Document()
            vocabulary.add_text(FORMS, " ".join(row for each in unknown for row in rows(each)))
            self._writer.add_document(vocabulary)


@contextlib.contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn errors of tantivy into a SearchError that names the index."""
    remedy = _("`radio index --rebuild` makes it again")
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        told = _("{path}: {reason}; {remedy}")
        raise SearchError(told.format(path=path, reason=error, remedy=remedy)) from error
    except BaseException as error:
        # On a damaged file tantivy may panic, which Python sees as no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise SearchError(
            _("{path}: damaged ({error}); {remedy}").format(path=path, error=error, remedy=remedy)
        ) from error


@contextlib.contextmanager
def _writer(index: tantivy.Index, is_known: Callable[[str], bool]) -> Iterator[Writer]:
    writer = index.writer(WRITER_MEMORY, 1)
    try:
        yield Writer(writer, is_known)
        writer.commit()
    finally:
        writer.wait_merging_threads()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
