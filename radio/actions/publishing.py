"""Withdraw, embargo and publish episodes, and hide them from search engines.

Each is one act, and a line of the journal for each episode. Whoever `seen` an episode before
changes it as it was then, and nothing if it is another by now.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from radio.actions.editing import Edit, name_some, write
from radio.archive import Archive, journal
from radio.archive.episode import Episode
from radio.archive.history import What
from radio.system.errors import ArchiveError
from radio.system.messages import _


def withdraw(
    archive: Archive,
    keys: Sequence[str],
    *,
    reason: str = "",
    until: dt.date | None = None,
    note: str = "",
    who: str = "",
    seen: Episode | None = None,
) -> int:
    """Let nobody hear some episodes, or nobody until a day; tell how many that changes.

    `reason` is told to whoever asks for one. Raises NotFoundError if there is none of a key,
    ArchiveError, having changed nothing, if one changed meanwhile or the disk refuses.
    """
    today, line = dt.date.today(), " ".join(reason.split())

    def change(episode: Episode) -> Episode:
        since = episode.protection.since if episode.is_withdrawn(today) else None
        return replace(
            episode,
            status="suspended" if until else "withdrawn",
            until=until,
            reason=line,
            protection=replace(episode.protection, since=since or today),
        )

    told = _days(line, until)
    return amend(archive, keys, "withdraw", change, told=told, note=note, who=who, seen=seen)


def embargo(
    archive: Archive,
    keys: Sequence[str],
    until: dt.date,
    *,
    note: str = "",
    who: str = "",
    seen: Episode | None = None,
) -> int:
    """Let nobody know of some episodes before a day; the same otherwise."""

    def change(episode: Episode) -> Episode:
        return replace(_published(episode), status="embargoed", until=until)

    told = _days("", until)
    return amend(archive, keys, "embargo", change, told=told, note=note, who=who, seen=seen)


def publish(
    archive: Archive,
    keys: Sequence[str],
    *,
    note: str = "",
    who: str = "",
    seen: Episode | None = None,
) -> int:
    """Let everybody hear some episodes; the same otherwise."""
    return amend(archive, keys, "publish", _published, note=note, who=who, seen=seen)


def hide(
    archive: Archive,
    keys: Sequence[str],
    *,
    hidden: bool = True,
    note: str = "",
    who: str = "",
    seen: Episode | None = None,
) -> int:
    """Ask search engines to leave some episodes out, or no longer to; the same otherwise."""

    def change(episode: Episode) -> Episode:
        return replace(episode, protection=replace(episode.protection, noindex=hidden))

    told = "" if hidden else "–"
    return amend(archive, keys, "noindex", change, told=told, note=note, who=who, seen=seen)


def amend(
    archive: Archive,
    keys: Sequence[str],
    what: What,
    change: Callable[[Episode], Episode],
    *,
    told: str = "",
    note: str = "",
    who: str = "",
    seen: Episode | None = None,
) -> int:
    """Change the sidecars of some episodes in one act, and note it of each; tell how many changed.

    `told` says in a line what is done, in the act and in the journal. Errors as of `withdraw`.
    """
    before = [archive.episode(key) for key in dict.fromkeys(keys)]
    if seen and before != [seen]:
        told = _("{key}: changed meanwhile; nothing was done")
        raise ArchiveError(told.format(key=seen.key))
    edits = [Edit(each, change(each), {}) for each in before if change(each) != each]
    names = name_some([each.key for each in edits])
    if write(archive, edits, what, f"{names}: {told}" if told else names, who):
        for each in edits:
            journal.note(archive.root, what, key=each.key, told=told, note=note, who=who)
    return len(edits)


def _published(episode: Episode) -> Episode:
    return replace(
        episode,
        status="published",
        until=None,
        reason="",
        protection=replace(episode.protection, since=None),
    )


def _days(line: str, until: dt.date | None) -> str:
    """Tell a reason and a day in one line.

    >>> _days("À sa demande.", dt.date(2027, 1, 31)), _days("", None)
    ('À sa demande. → 2027-01-31', '')
    """
    return " ".join(filter(None, (line, f"→ {until}" if until else "")))
