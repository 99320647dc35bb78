"""What is written besides episodes, with a pseudonym: shows, themes, reasons, what is put aside."""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from radio.actions.pseudonym_texts import hidden_texts
from radio.archive import Archive, gone, paths, themes
from radio.archive.episode import read_show, render_show
from radio.archive.history import Rewriting, text_of
from radio.archive.pseudonyms import Pseudonym, hide_anywhere, is_suspect, substitute
from radio.archive.removal import SEALED, TRASH
from radio.archive.traces import key_of
from radio.system.disk import is_file

KEPT = frozenset({"audio", "guid", "formerly", "image", "url", "page", "link", "status", "sha256"})
"""Keys of JSON whose values are addresses, names of files or words of the program."""


def shows_with(
    archive: Archive, slugs: Iterable[str], made: Sequence[Pseudonym]
) -> Iterator[Rewriting]:
    """Give the files of shows in which a name stands, with its pseudonym."""
    for show in map(archive.show, slugs):
        place = paths.show(show.slug)
        data = json.loads(render_show(show))
        hidden = hide_fields(data, made)
        if hidden != data:
            new = read_show(show.slug, json.dumps(hidden).encode(), place)
            before = text_of(archive.root / place)
            yield Rewriting(place, before, render_show(new).decode())


def known_with(archive: Archive, made: Sequence[Pseudonym]) -> Iterator[Rewriting]:
    """Give what is written of themes, and of what is gone, likewise."""
    if is_file(archive.root / themes.FILE):
        before = text_of(archive.root / themes.FILE) or "{}"
        if (after := hidden_json(before, made)) != before:
            yield Rewriting(themes.FILE, before, after)
    if is_file(archive.root / gone.FILE):
        before = text_of(archive.root / gone.FILE) or "{}"
        if (after := hide_reasons(before, made)) != before:
            yield Rewriting(gone.FILE, before, after)


def put_aside_with(
    archive: Archive,
    is_meant: Callable[[str, str], bool],
    made: Sequence[Pseudonym],
    names: Sequence[str],
) -> Iterator[Rewriting]:
    """Give the texts in the trash, and those that are sealed, in which a name stands, likewise.

    Of those only whose key, and whose show, are meant.
    """
    for part in (TRASH, SEALED):
        every = (each for each in sorted((archive.root / part).rglob("*")) if is_file(each))
        places = (PurePosixPath(each.relative_to(archive.root).as_posix()) for each in every)
        found = [each for each in places if is_meant(key_of(str(each)), each.parent.name)]
        said = [str(each) for each in found if "transcripts" in each.parts]
        yield from hidden_texts(archive.root, said, made, names)
        for path in (str(e) for e in found if "media" in e.parts and e.suffix == ".json"):
            before = text_of(archive.root / path) or ""
            if is_suspect(before, names) and (after := hidden_json(before, made)) != before:
                yield Rewriting(path, before, after)


def hide_fields(data: Any, made: Sequence[Pseudonym]) -> Any:
    """Hide names in a JSON value; a correction of a name goes whole."""
    hidden = hide_anywhere(data, made, KEPT)
    if isinstance(data, dict) and isinstance(data.get("corrections"), dict):
        pairs = hidden["corrections"].items()
        kept = {wrong: right for wrong, right in pairs if substitute(wrong, made) == wrong}
        hidden["corrections"] = kept
    return hidden


def hide_reasons(text: str, made: Sequence[Pseudonym]) -> str:
    """Hide names in the reasons that `gone.json` tells; its keys are addresses."""
    known = gone.parse(text.encode(), gone.FILE)

    def hide(some: dict[str, gone.Departure]) -> dict[str, gone.Departure]:
        return {a: replace(b, reason=substitute(b.reason, made)) for a, b in some.items()}

    new = replace(known, episodes=hide({**known.episodes}), shows=hide({**known.shows}))
    return text if new == known else gone.render_gone(new)


def hidden_json(text: str, made: Sequence[Pseudonym]) -> str:
    """Hide names in a JSON file; in any text where it is none."""
    try:
        data = json.loads(text)
    except ValueError:
        return substitute(text, made)
    hidden = hide_fields(data, made)
    return text if hidden == data else json.dumps(hidden, ensure_ascii=False, indent=2) + "\n"


def with_reasons(each: Rewriting, made: Sequence[Pseudonym]) -> Rewriting:
    """Hide names in what an act wrote of what is gone, so that it can still be undone."""
    if each.path != gone.FILE:
        return each
    before, after = (text and hide_reasons(text, made) for text in (each.before, each.after))
    return replace(each, before=before, after=after)


def is_named(text: str | None, made: Sequence[Pseudonym]) -> bool:
    """Whether a name stands in a file, which may write its letters as JSON does."""
    data: Any = text or ""
    with contextlib.suppress(ValueError):
        data = json.loads(data)
    return bool(hide_fields(data, made) != data)
