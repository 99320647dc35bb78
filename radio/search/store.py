"""The index on the disk: one folder for each version of the schema, opened, written, swapped.

A version is made aside and takes its name once it is whole, so that no reader sees half of it.
Every commit replaces `meta.json`: its state tells a reader that another process has written.
Writers hold the archive's lock `index`. What tantivy throws becomes a SearchError here.
"""

import contextlib
import dataclasses
import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import tantivy

from radio.episode import Episode
from radio.errors import SearchError
from radio.search.french import words
from radio.search.passage import Passage, pack

VERSION = "2"  # another schema, another analysis: another folder
WRITER_MEMORY = 50_000_000  # bytes
_OURS = re.compile(r"\.?\d+(?:\.\w+)?")

State = tuple[int, int, int]
"""Which file `meta.json` is, when it was written, its size; zeros where there is none."""


@dataclass(frozen=True)
class About:
    """What the answers to a search are counted by."""

    show: str
    year: int
    people: tuple[str, ...]
    tags: tuple[str, ...]


class Store:
    """The index in a folder, as of the last commit by any process."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.path = folder / VERSION
        self._opened: tuple[State, tantivy.Searcher] | None = None
        self._about: tuple[tantivy.Searcher, Mapping[int, About]] | None = None

    def state(self) -> State:
        """Tell the state of the index without opening it."""
        try:
            status = (self.path / "meta.json").stat()
        except (FileNotFoundError, NotADirectoryError):
            return 0, 0, 0
        return status.st_ino, status.st_mtime_ns, status.st_size

    def exists(self) -> bool:
        """Whether something lies where the index should be."""
        return self.path.exists()

    def searcher(self) -> tantivy.Searcher:
        """Open the index as it is now.

        Raises SearchError if there is none or it can't be read.
        """
        state, opened = self.state(), self._opened
        if opened is None or opened[0] != state:
            with explained(self.path):
                index = tantivy.Index.open(str(self.path))
                index.config_reader("manual")
                opened = state, index.searcher()
            self._opened = opened
        return opened[1]

    def about(self, searcher: tantivy.Searcher) -> Mapping[int, About]:
        """Tell of each indexed episode, by number, what answers are counted by; read once."""
        if self._about is None or self._about[0] is not searcher:
            self._about = searcher, dict(_read_about(searcher))
        return self._about[1]

    def stamps(self) -> dict[str, str]:
        """Tell for each indexed episode, by key, the stamp it had then."""
        searcher = self.searcher()
        with explained(self.path):
            living = searcher.terms_with_prefix("stamp", "", tantivy.Query.all_query())
        return dict(term.split(" ", 1) for term, _ in living)

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
        part, old = (self.folder / f".{VERSION}.{end}" for end in ("part", "old"))
        with explained(self.path):
            _remove(part)
            part.mkdir(parents=True)
            with _writer(tantivy.Index(schema(), str(part))) as writer:
                yield writer
            _remove(old)
            if self.path.exists():
                self.path.rename(old)
            part.rename(self.path)
            self._opened = None

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

    def remove(self, key: str) -> None:
        """Take an episode out."""
        self._writer.delete_documents_by_term("key", key)

    def add(self, episode: Episode, stamp: str, passages: Iterable[Passage]) -> None:
        """Put an episode in: what its sidecar says, and what is said in it."""
        people = [person.name for person in episode.people]
        about = _document(episode)
        about.add_text("stamp", f"{episode.key} {stamp}")
        about.add_bytes("about", _pack(episode))
        for text in (episode.title, episode.description, *people, *episode.tags):
            _add_words(about, text)
        self._writer.add_document(about)
        for passage in passages:
            document = _document(episode)
            document.add_bytes("passage", pack(passage))
            _add_words(document, passage.text)
            self._writer.add_document(document)


def _read_about(searcher: tantivy.Searcher) -> Iterator[tuple[int, About]]:
    episodes = tantivy.Query.regex_query(schema(), "stamp", ".*")
    for _, address in searcher.search(episodes, max(1, searcher.num_docs)).hits:
        document = searcher.doc(address)
        packed = document.get_first("about")
        show, year, people, tags = json.loads(bytes(packed or b""))
        about = About(show, year, tuple(people), tuple(tags))
        yield number(str(document.get_first("key"))), about


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    """Describe a document: an episode, which bears the stamp, or one of its passages."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("show", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stamp", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("number", fast=True)
    builder.add_unsigned_field("day", fast=True)
    builder.add_text_field("words", tokenizer_name="raw", index_option="position")
    builder.add_text_field("person", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("tag", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("passage", stored=True)
    builder.add_bytes_field("about", stored=True)
    return builder.build()


def number(key: str) -> int:
    """Give the number that stands for a key where the index wants one: tantivy counts in floats."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=6).digest())


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what tantivy throws into a SearchError that names the index."""
    remedy = "`radio index --rebuild` makes it again"
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise SearchError(f"{path}: {error}; {remedy}") from error
    except BaseException as error:
        # On a damaged file tantivy may panic, which Python sees as no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise SearchError(f"{path}: damaged ({error}); {remedy}") from error


@contextlib.contextmanager
def _writer(index: tantivy.Index) -> Iterator[Writer]:
    writer = index.writer(WRITER_MEMORY, 1)
    try:
        yield Writer(writer)
        writer.commit()
    finally:
        writer.wait_merging_threads()


def _document(episode: Episode) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("key", episode.key)
    document.add_text("show", episode.show)
    document.add_unsigned("number", number(episode.key))
    document.add_unsigned("day", episode.date.toordinal())
    for person in episode.people:
        _add_names(document, "person", person.name)
    for tag in episode.tags:
        _add_names(document, "tag", tag)
    return document


def _add_words(document: tantivy.Document, text: str) -> None:
    """Add words as analysed, all forms of a word at its place."""
    found = ((word.position, form) for word in words(text) for form in word.forms)
    tokens = [tantivy.Token(form, position, 0, 0) for position, form in found]
    document.add_pre_tokenized_text("words", tantivy.PreTokenizedString("", tokens))


def _add_names(document: tantivy.Document, field: str, name: str) -> None:
    for form in names(name):
        document.add_text(field, form)


def names(text: str) -> list[str]:
    """Give the words of a name as a filter asks for them: folded."""
    return [word.forms[1] for word in words(text) if not word.compound]


def _pack(episode: Episode) -> bytes:
    people = [person.name for person in episode.people]
    about = About(episode.show, episode.date.year, tuple(people), tuple(episode.tags))
    return json.dumps(dataclasses.astuple(about), ensure_ascii=False).encode()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
