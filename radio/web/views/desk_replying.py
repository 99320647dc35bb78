"""The page of the desk on which a reply is attached to an episode, changed, or taken away."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.replying import FIELDS, fit, reply
from radio.archive.episode import Episode
from radio.archive.protection import PublicReply
from radio.proposals.queue import hash_of
from radio.text.transcript import clock
from radio.web.action_page import ListPage, Placing, Submission, is_removal, who
from radio.web.context import catalogue
from radio.web.gate import LONG

Reply = Submission[Placing[PublicReply]]


class ReplyPage(ListPage[PublicReply]):
    """List the replies to an episode; show one as it will stand, then publish it."""

    endpoint, place, template, most = "replying", "reply", "desk_reply.html", LONG
    fields = FIELDS

    def several(self, episode: Episode) -> Sequence[PublicReply]:
        """List the replies."""
        return episode.protection.replies

    def texts(self, thing: PublicReply) -> Mapping[str, str]:
        """Write a reply; its moment as people do, where that says as much."""
        at = "" if thing.at is None else clock(thing.at) if thing.at.is_integer() else str(thing.at)
        return {"text": thing.text, "author": thing.author, "at": at, "day": thing.day}

    def given(self, episode: Episode, asked: Reply) -> PublicReply | None:
        """Give the reply as it will stand."""
        if is_removal(asked):
            return None
        text, author, at, day = (asked.values[each.name] for each in FIELDS[:4])
        return fit(episode, PublicReply(text, author, at, day))

    def context(self, episode: Episode, asked: Reply) -> dict[str, Any]:
        """Name the reply that is shown as it will stand."""
        return {"shown": _hash(asked), "given": asked.meant and asked.meant.given}

    def act(self, episode: Episode, asked: Reply, meant: Placing[PublicReply]) -> AnyResponse:
        """Show it first: nothing else is published."""
        form, given, old = request.form, meant.given, meant.old
        is_shown = form.get("act") == "publish" and form.get("shown") == _hash(asked)
        if given and not is_shown:
            return self.form(episode, asked)
        reply(catalogue().archive, [episode.key], given=given, old=old, note=asked.note, who=who())
        return self.done(episode)


def _hash(asked: Reply) -> str:
    return hash_of(asked.number, asked.meant and asked.meant.given)


ReplyPage().register()
