"""The page of the desk on which a reply is attached to an episode, changed, or taken away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.replying import FIELDS, fit, reply
from radio.archive.episode import Episode
from radio.archive.protection import PublicReply
from radio.proposals.queue import hash_of
from radio.text.transcript import clock
from radio.web.action_page import ActionPage, Submission, is_removal, who
from radio.web.context import catalogue
from radio.web.gate import LONG


@dataclass(frozen=True)
class Placing:
    """A reply that is to stand with an episode, and the one in whose place; None for none."""

    given: PublicReply | None
    old: PublicReply | None = None


class ReplyPage(ActionPage[Placing]):
    """List the replies to an episode; show one as it will stand, then publish it."""

    endpoint, place, template, most = "replying", "reply", "desk_reply.html", LONG
    fields = FIELDS

    def several(self, episode: Episode) -> Sequence[PublicReply]:
        """List the replies."""
        return episode.protection.replies

    def first(self, episode: Episode) -> Submission[Placing]:
        """Show a reply that stands, or none."""
        number, replies = request.args.get("number", 0, type=int), self.several(episode)
        if not 0 < number <= len(replies):
            return Submission({})
        old = replies[number - 1]
        at = "" if old.at is None else clock(old.at) if old.at.is_integer() else str(old.at)
        texts = {"text": old.text, "author": old.author, "at": at, "day": old.day}
        return Submission(texts, number)

    def mean(self, episode: Episode, asked: Submission[Placing]) -> Placing:
        """Give the reply as it will stand."""
        old = self.several(episode)[asked.number - 1] if asked.number else None
        if is_removal(asked):
            return Placing(None, old)
        text, author, at, day = (asked.values[each.name] for each in FIELDS[:4])
        return Placing(fit(episode, PublicReply(text, author, at, day)), old)

    def seen(self, episode: Episode, asked: Submission[Placing]) -> tuple[object, ...]:
        """Name the replies."""
        return tuple(self.several(episode))

    def changed(self, episode: Episode, asked: Submission[Placing]) -> Submission[Placing]:
        """Show the replies of now, beside what was written."""
        fault = gettext("Rien n’a été changé\u00a0: les réponses l’ont été depuis. Les voici.")
        return replace(asked, number=0, meant=None, fault=str(fault))

    def told(self, episode: Episode, asked: Submission[Placing]) -> dict[str, Any]:
        """Name the reply that is shown as it will stand."""
        return {"shown": _hash(asked), "given": asked.meant and asked.meant.given}

    def act(self, episode: Episode, asked: Submission[Placing], meant: Placing) -> AnyResponse:
        """Show it first: nothing else is published."""
        form = request.form
        is_shown = form.get("act") == "publish" and form.get("shown") == _hash(asked)
        if meant.given and not is_shown:
            return self.form(episode, asked)
        reply(
            catalogue().archive,
            [episode.key],
            given=meant.given,
            old=meant.old,
            note=asked.note,
            who=who(),
        )
        return self.done(episode)


def _hash(asked: Submission[Placing]) -> str:
    return hash_of(asked.number, asked.meant and asked.meant.given)


ReplyPage().register()
