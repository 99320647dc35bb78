"""What the command says of an archive: exit codes, words, and the files that it writes."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from radio.archive import Archive
from tests.answers.outline import outline
from tests.answers.record import Record
from tests.answers.written import steady
from tests.processes import call

READING = [
    *("list", "list --json", "list --show nobody", "list --tag surveillance --until 2023-12-31"),
    *("show {key}", "show nobody", "search surveillance", "search --json micros"),
    *("search zzzz", "search --show nobody rue", "playlist", "glossary", "proposals", "journal"),
    *("themes list", "user list", "follow", "status", "status --json", "undo", "withdraw nobody"),
    *("ingest nothing.mp3", "transcribe nobody", "delete nobody", "publish nobody"),
    *("check", "check --json"),
]
OF_HOSTILE = ["list", "show {key}", "search surveillance", "status", "check", "check --json"]
WRONG = ["nonsense", "list --nonsense", "show", "search", "embargo {key}"]
"""What nobody can have meant: click says why, in other words in each of its releases."""
PAGES = ["index.html", "search.html", "catalogue.html"]


def commands(archive: Archive, key: str, *, is_hostile: bool = False) -> Record:
    return {
        "commands": dict(_said(archive, key, OF_HOSTILE if is_hostile else READING)),
        "site": dict(_site(archive, key)),
        **({} if is_hostile else {"bag": dict(_bag(archive))}),
    }


def _said(archive: Archive, key: str, forms: Sequence[str]) -> Iterator[tuple[str, str]]:
    for form in forms:
        yield f"radio {form}".format(key=key), _say(archive, *form.format(key=key).split())
    for form in WRONG:
        done = call(*form.format(key=key).split(), "--root", str(archive.root), check=False)
        yield f"radio {form}".format(key=key), f"exit code {done.returncode}"


def _site(archive: Archive, key: str) -> Iterator[tuple[str, str]]:
    folder = archive.root.parent / "site"
    yield "radio export site", _say(archive, "export", "site", str(folder))
    yield "its files", "\n".join(_listed(folder, archive.root))
    for page in (*PAGES, f"shows/{key}.html"):
        text = (folder / page).read_text(encoding="utf-8")
        yield page, steady(outline(text, with_frame=page == PAGES[0]), archive.root)


def _bag(archive: Archive) -> Iterator[tuple[str, str]]:
    folder = archive.root.parent / "bag"
    yield "radio export bag", _say(archive, "export", "bag", str(folder))
    yield "its files", "\n".join(_listed(folder, archive.root))
    for name in ("bag-info.txt", "bagit.txt", "LISEZ-MOI.txt"):
        yield name, steady((folder / name).read_text(encoding="utf-8"), archive.root)


def _say(archive: Archive, *arguments: str) -> str:
    """Run a command; its warnings are put in order, for files are read in any."""
    done = call(*arguments, "--root", str(archive.root), check=False)
    lines = done.stderr.splitlines()
    warnings = sorted({line for line in lines if line.startswith("radio: ")})
    besides = [*(line for line in lines if not line.startswith("radio: ")), *warnings]
    said = ["says:", done.stdout.rstrip("\n")] if done.stdout else []
    said += ["says besides:", *besides] if besides else []
    return steady("\n".join((f"exit code {done.returncode}", *said)), archive.root)


def _listed(folder: Path, root: Path) -> Iterator[str]:
    """Name the files of a folder; of those that hold what the archive holds, say so."""
    held = {_digest(path) for path in root.glob("[mt]*/*/*") if path.is_file()}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        same = " (as in the archive)" if _digest(path) in held else ""
        yield f"{path.relative_to(folder)}{same}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
