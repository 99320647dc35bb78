"""The right of reply: what somebody who was spoken of answers stands with the episode."""

import datetime as dt
from dataclasses import replace

from radio.actions.action import NOTE, Action, Input, WrongFieldError
from radio.archive.episode import Episode
from radio.archive.facts import Facts
from radio.archive.protection import LONGEST_REPLY, PublicReply
from radio.system.errors import ArchiveError
from radio.system.messages import _

FIELDS = (
    Input("text", "text", 12_000, is_needed=True),
    Input("author", option="from", metavar=_("NAME"), help=_("Who replies.")),
    Input("at", "moment", help=_("The passage that it replies to: 12:05, or 725.")),
    Input("day", "day", option="date", help=_("Its day; else today.")),
    NOTE,
)


def _replied(
    episode: Episode, *, given: PublicReply | None = None, old: PublicReply | None = None
) -> Episode:
    """Give an episode a reply, in the place of an `old` one where there is one; or take that away.

    Raises ArchiveError if the reply is none (`fit`), or if the old one is no longer there.
    """
    known = episode.protection.replies
    whole = given and fit(episode, given)
    if old and old not in known:
        raise ArchiveError(_("{key}: changed meanwhile; nothing was done"), key=episode.key)
    placed = [whole if each == old else each for each in known] if old else [*known, whole]
    replies = tuple(dict.fromkeys(each for each in placed if each))
    return replace(episode, protection=replace(episode.protection, replies=replies))


def _author(given: PublicReply | None = None, old: PublicReply | None = None) -> Facts:
    if given:
        return {"author": " ".join(given.author.split())}
    return {"gone": old.author} if old and old.author else {"removed": "yes"}


reply = Action("reply", _replied, FIELDS, _author)
"""Attach a reply to an episode, or to the passage at its second; of today where it has no day."""


def fit(episode: Episode, given: PublicReply) -> PublicReply:
    """Give a reply as it will stand with an episode; of today where it has no day.

    Raises ArchiveError if it is empty, too long or about no second of the recording.
    """
    text, author = given.text.strip(), " ".join(given.author.split())
    if not text or len(text) > LONGEST_REPLY:
        told = _("{key}: a reply has 1 to {most} letters")
        raise ArchiveError(told, key=episode.key, most=LONGEST_REPLY)
    duration = episode.audio.duration
    if given.at is not None and not 0 <= given.at <= duration:
        told = _("{key}: no second {at} in it; it lasts {duration} seconds")
        duration = round(duration)
        raise WrongFieldError("at", told, key=episode.key, at=given.at, duration=duration)
    return replace(given, text=text, author=author, date=given.date or dt.date.today())
