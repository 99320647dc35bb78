"""What recorders of a station write: files that each tell, by name and folders or by their last
change, when they begin. Layouts of rotter, panikdb, RAAR, Liquidsoap, and patterns of one's own."""

import datetime as dt
import functools
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from radio.archive.episode import MIME
from radio.sound.cutting import Encoding, measure
from radio.system.disk import Stamp, stamp
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _, reason

SUFFIXES = frozenset({*MIME, ".aac"})
PARTS = {
    "Y": r"\d{4}",
    "m": r"(?:0[1-9]|1[0-2])",
    "d": r"(?:0[1-9]|[12]\d|3[01])",
    "H": r"(?:[01]\d|2[0-3])",
    "M": r"[0-5]\d",
    "S": r"[0-5]\d",
    "z": r"(?:Z|[+-]\d{2}:?\d{2})",
    "s": r"\d{9,10}",  # seconds since the epoch
}  # what stands for each part of a moment, as strftime calls them
LAYOUTS = (  # what a path holds; the first that fits counts
    "%Y-%m-%dT%H:?%M:?%S%z",  # RAAR, and its minutes behind
    "%Y-?%m-?%d[-_T ]?%H[-_:hH]?%M[-_:m]?%S",  # Liquidsoap, rotter's accurate
    "%Y-?%m-?%d[-_T ]?%H[-_:hH]?%M",
    "%Y-?%m-?%d[-_T ]?%H[hH]?",  # rotter's flat, combo and dailydir
    "%Y[/-]?%m[/-]?%d/%H[-_:hH]?%M[-_:m]?%S",
    "%Y[/-]?%m[/-]?%d/%H[-_:hH]?%M",  # panikdb
    "%Y[/-]?%m[/-]?%d/%H[hH]?",  # rotter's hierarchy
)
LONGEST = 12 * 3600.0  # seconds of a file
NEAR = 2.5  # seconds by which the names of one recorder are wrong


@dataclass(frozen=True)
class Reel:
    """A file of a recorder."""

    path: Path
    start: float  # seconds since the epoch
    encoding: Encoding

    @property
    def end(self) -> float:
        """When it ends, by its length."""
        return self.start + self.encoding.seconds


@dataclass
class Recorder:
    """What one recorder writes: a folder, the pattern of its names with `%Y` and the like as for
    strftime (`%SZ` is universal time), or some files."""

    place: str
    files: tuple[Path, ...] = ()
    late: float = 0.0  # seconds by which its clock is behind
    _measured: dict[tuple[Path, Stamp], Encoding | None] = field(default_factory=dict)

    @property
    def pattern(self) -> str:
        """The pattern of its names; "" where they tell by themselves."""
        return self.place if "%" in self.place else ""

    @property
    def root(self) -> Path:
        """The folder that holds all."""
        return Path(self.place.partition("%")[0].rpartition("/")[0] if self.pattern else self.place)

    @functools.cached_property
    def begins(self) -> Sequence[tuple[float, Path, bool]]:
        """When files begin, in seconds since the epoch, and whether their names tell; of others it
        is when they end. Raises ArchiveError if the folder can't be read."""
        found = list[tuple[float, Path, bool]]()
        for path in self.files or _files(self.root):
            moment = moment_of(path, self.root, self.pattern)
            if moment is not None:
                found.append((moment, path, True))
            elif not self.pattern:
                found.append((stamp(path)[0] / 1e9, path, False))
        return sorted(found)

    def reels(self, first: float, last: float) -> list[Reel]:
        """List the files that hold something between two moments, in order, by a clock that is
        right."""
        found = list[Reel]()
        nexts = [*(moment for moment, _path, _is_named in self.begins[1:]), float("inf")]
        for (moment, path, is_named), following in zip(self.begins, nexts, strict=False):
            end = last - self.late + (0 if is_named else LONGEST)
            encoding = None
            if first - self.late - LONGEST <= moment < end:
                encoding = self._measure(path)
            if encoding is not None:
                start = moment - encoding.seconds
                if is_named:
                    start = _begun(path, _chosen(path, moment, encoding), encoding, following)
                found.append(Reel(path, start + self.late, encoding))
        found.sort(key=lambda each: each.start)
        return [each for each in found if each.start < last and each.end > first]

    def _measure(self, path: Path) -> Encoding | None:
        state = path, stamp(path)
        if state not in self._measured:
            try:
                self._measured[state] = measure(path)
            except RadioError:  # it is being written, or damaged: its time lacks
                self._measured[state] = None
        return self._measured[state]


def _files(root: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        message = _("{path} : {reason} ; vérifiez le dossier de la pige et ses droits")
        raise ArchiveError(message, path=error.filename, reason=reason(error))

    for place, folders, names in os.walk(root, onerror=fail):
        folders[:] = [each for each in folders if not each.startswith(".")]
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield Path(place, name)


def moment_of(path: Path, root: Path, pattern: str = "") -> float | None:
    """Read when a file begins, in seconds since the epoch; None where its path does not tell."""
    if pattern:
        match = _own(pattern).fullmatch(str(path))
        return _moment(match, "Z" if re.search(r"%[HMS]Z", pattern) else "") if match else None
    text = Path(root.name, path.relative_to(root)).with_suffix("").as_posix()
    found = (each.search(text) for each in _LAYOUTS)
    return next((_moment(each) for each in found if each), None)


@functools.cache
def _own(pattern: str) -> re.Pattern[str]:
    """Make a pattern of one as strftime has them."""
    texts = re.split(r"(%[YmdHMSzs])", pattern)
    return _compiled("".join(each if each[:1] == "%" else re.escape(each) for each in texts))


def _compiled(layout: str) -> re.Pattern[str]:
    """Make a pattern of a layout; a part that comes again says the same."""

    def part(match: re.Match[str]) -> str:
        name = match[1]
        is_again = f"%{name}" in layout[: match.start()]
        return f"(?P={name})" if is_again else f"(?P<{name}>{PARTS[name]})"

    return re.compile(rf"(?<!\d){re.sub('%([YmdHMSzs])', part, layout)}(?!\d)")


_LAYOUTS = tuple(map(_compiled, LAYOUTS))


def _moment(match: re.Match[str], zone: str = "") -> float | None:
    found = match.groupdict()
    if found.get("s"):
        return float(found["s"])
    named = {each: int(found.get(each) or 0) for each in "YmdHMS"}
    moment = "{Y:04}-{m:02}-{d:02}T{H:02}:{M:02}:{S:02}".format_map(named)
    try:
        return dt.datetime.fromisoformat(f"{moment}{found.get('z') or zone}").timestamp()
    except (ValueError, OverflowError):
        return None


def _chosen(path: Path, start: float, encoding: Encoding) -> float:
    """Choose between two hours of the same name, when clocks go back: the second one if the file
    was written until that ended."""
    again = dt.datetime.fromtimestamp(start).replace(fold=1).timestamp()
    began = stamp(path)[0] / 1e9 - encoding.seconds
    return again if abs(began - again) < abs(began - start) else start


def _begun(path: Path, start: float, encoding: Encoding, following: float) -> float:
    """Give when a file begins that may have begun after the hour of its name, for the recorder was
    started again: it ends before the `following` one, and was written until then."""
    written = stamp(path)[0] / 1e9
    is_late = start + encoding.seconds < following - NEAR and abs(written - following) <= 2 * NEAR
    return following - encoding.seconds if is_late else start
