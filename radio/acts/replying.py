"""The right of reply: what somebody who was spoken of answers stands with the episode."""

import datetime as dt
from dataclasses import replace

from radio.acts.publishing import amend
from radio.archive import Archive
from radio.episode import Episode
from radio.errors import ArchiveError
from radio.messages import _
from radio.protection import LONGEST_REPLY, PublicReply


def reply(archive: Archive, key: str, given: PublicReply, *, note: str = "", who: str = "") -> int:
    """Attach a reply to an episode, or to the passage at its second; tell whether that is new.

    Where it has no day it is of today. Raises NotFoundError if there is none of that key,
    ArchiveError, having changed nothing, if the reply is empty, too long or about no second of
    the recording, if the episode changed meanwhile or the disk refuses.
    """
    text, author = given.text.strip(), " ".join(given.author.split())
    if not text or len(text) > LONGEST_REPLY:
        told = _("{key}: a reply has 1 to {most} letters")
        raise ArchiveError(told.format(key=key, most=LONGEST_REPLY))
    duration = archive.episode(key).audio.duration
    if given.at is not None and not 0 <= given.at <= duration:
        told = _("{key}: no second {at} in it; it lasts {duration} seconds")
        raise ArchiveError(told.format(key=key, at=given.at, duration=round(duration)))
    whole = replace(given, text=text, author=author, date=given.date or dt.date.today())

    def change(episode: Episode) -> Episode:
        known = episode.protection
        if whole in known.replies:
            return episode
        return replace(episode, protection=replace(known, replies=(*known.replies, whole)))

    return amend(archive, [key], "reply", change, told=author, note=note, who=who)
