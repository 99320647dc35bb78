"""The right of reply: what somebody who was spoken of answers stands with the episode."""

import datetime as dt
from dataclasses import replace

from radio.actions.publishing import amend
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.protection import LONGEST_REPLY, PublicReply
from radio.system.errors import ArchiveError
from radio.system.messages import _


def reply(archive: Archive, key: str, given: PublicReply, *, note: str = "", who: str = "") -> int:
    """Attach a reply to an episode, or to the passage at its second; tell whether that is new.

    Where it has no day it is of today. Raises NotFoundError if there is none of that key,
    ArchiveError, having changed nothing, if the reply is none (`fit`), if the episode changed
    meanwhile or the disk refuses.
    """
    whole = fit(archive.episode(key), given)

    def change(episode: Episode) -> Episode:
        known = episode.protection.replies
        return episode if whole in known else _with(episode, (*known, whole))

    return amend(archive, [key], "reply", change, told=whole.author, note=note, who=who)


def put_in_place(
    archive: Archive,
    key: str,
    old: PublicReply,
    given: PublicReply | None,
    *,
    note: str = "",
    who: str = "",
) -> int:
    """Put a reply in the place of another, or none; the same otherwise.

    Raises ArchiveError too if the other one is no longer there.
    """
    before = archive.episode(key)
    whole = given and fit(before, given)
    if old not in before.protection.replies:
        raise ArchiveError(_("{key}: changed meanwhile; nothing was done").format(key=key))

    def change(episode: Episode) -> Episode:
        known = (whole if each == old else each for each in episode.protection.replies)
        return _with(episode, tuple(dict.fromkeys(each for each in known if each)))

    told = whole.author if whole else f"{old.author} → –".lstrip()
    return amend(archive, [key], "reply", change, told=told, note=note, who=who, seen=before)


def fit(episode: Episode, given: PublicReply) -> PublicReply:
    """Give a reply as it will stand with an episode; of today where it has no day.

    Raises ArchiveError if it is empty, too long or about no second of the recording.
    """
    text, author = given.text.strip(), " ".join(given.author.split())
    if not text or len(text) > LONGEST_REPLY:
        told = _("{key}: a reply has 1 to {most} letters")
        raise ArchiveError(told.format(key=episode.key, most=LONGEST_REPLY))
    duration = episode.audio.duration
    if given.at is not None and not 0 <= given.at <= duration:
        told = _("{key}: no second {at} in it; it lasts {duration} seconds")
        raise ArchiveError(told.format(key=episode.key, at=given.at, duration=round(duration)))
    return replace(given, text=text, author=author, date=given.date or dt.date.today())


def _with(episode: Episode, replies: tuple[PublicReply, ...]) -> Episode:
    return replace(episode, protection=replace(episode.protection, replies=replies))
