"""The index on the disk: a folder for each version of the schema. A new index is written under
another name and renamed once whole. Every commit replaces `meta.json`, whose state shows that
somebody wrote. Writers hold the archive's lock `index`. Errors of tantivy become SearchError."""

import atexit
import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import tantivy

from radio.search.fields import schema
from radio.search.french import RELEASES
from radio.search.reader import Reader
from radio.search.writer import IndexEntry, Writer
from radio.system.errors import SearchError
from radio.system.messages import _

VERSION = f"15-{RELEASES}"  # another schema, another analysis: another folder
WRITER_MEMORY = 50_000_000  # bytes
_OURS = re.compile(r"\.?\d+(?:-[-\w.+]+)?(?:\.\w+)?")

State = tuple[int, int, int]  # of `meta.json`: inode, time of writing (ns), bytes; zeros if missing
NO_INDEX: State = (0, 0, 0)
Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")


class Store:
    """The index in a folder, as of the last commit by any process."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._cache: tuple[State, Reader] | None = None

    @property
    def path(self) -> Path:
        """The folder of this version."""
        return self.folder / VERSION

    @property
    def _old(self) -> Path:
        return self.folder / f".{VERSION}.old"

    def state(self) -> State:
        """Give the state of the index without opening it."""
        try:
            status = (self.path / "meta.json").stat()
        except (FileNotFoundError, NotADirectoryError):
            return NO_INDEX
        return status.st_ino, status.st_mtime_ns, status.st_size

    def is_swapped(self) -> bool:
        """Whether a writer has removed the old index and not yet renamed the new one."""
        return self._old.exists() and not self.path.exists()

    def reader(self) -> Reader:
        """Open the index as it is now. Raises SearchError if it can't be read."""
        state, cache = self.state(), self._cache
        if cache is None or cache[0] != state:
            with translate_errors(self.path):
                index = tantivy.Index.open(str(self.path))
                index.config_reader("manual")
                cache = state, Reader(index.searcher())
            self._cache = cache
        return cache[1]

    @contextlib.contextmanager
    def reading(self) -> Iterator[Reader]:
        """Read the index as it is now. Raises SearchError if it can't be read."""
        reader = self.reader()
        with translate_errors(self.path):
            yield reader

    def entries(self) -> dict[str, IndexEntry]:
        """Give the entry of each indexed episode, by key."""
        with self.reading() as reader:
            living = reader.searcher.terms_with_prefix("stamp", "", tantivy.Query.all_query())
        parts = (term.split(" ", 2) for term, _times in living)
        return {key: IndexEntry(int(number), stamp) for key, number, stamp in parts}

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
        try:
            away = Path(tempfile.mkdtemp(prefix="radio-index-"))
        except OSError as error:
            message = _("{place} : {error}")
            raise SearchError(message, place=tempfile.gettempdir(), error=error) from error
        atexit.register(shutil.rmtree, away, ignore_errors=True)
        if self.folder.is_dir():
            locks = shutil.ignore_patterns(".tantivy-*")
            shutil.copytree(
                self.folder, away, copy_function=os.symlink, ignore=locks, dirs_exist_ok=True
            )
        self.folder, self._cache = away, None

    def tidy(self) -> None:
        """Remove other versions, and leftovers of a writer that was killed."""
        with translate_errors(self.folder):
            for path in self.folder.iterdir():
                if path.name != VERSION and _OURS.fullmatch(path.name):
                    _remove(path)


def healed(
    method: Callable[Concatenate[Any, Reader, Asked], Answer],
) -> Callable[Concatenate[Any, Asked], Answer]:
    """Give a method the reader of the index; `heal` makes a damaged one again."""

    @wraps(method)
    def answer(self: Any, /, *args: Asked.args, **options: Asked.kwargs) -> Answer:
        def read() -> Answer:
            with self._store.reading() as reader:
                return method(self, reader, *args, **options)

        healing: Answer = self.heal(read)
        return healing

    return answer


@contextlib.contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn errors of tantivy into a SearchError that names the index."""
    remedy = _("`radio index --rebuild` le refait")
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        message = _("{path} : {reason} ; {remedy}")
        raise SearchError(message, path=path, reason=error, remedy=remedy) from error
    except BaseException as error:
        # On a damaged file tantivy may panic, which Python sees as no Exception.
        if type(error).__name__ != "PanicException":
            raise
        message = _("{path} : abîmé ({error}) ; {remedy}")
        raise SearchError(message, path=path, error=error, remedy=remedy) from error


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
