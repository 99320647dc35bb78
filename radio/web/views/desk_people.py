"""Pages of the desk for the people of whom an episode speaks: consents, replies, redaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions import protecting, redacting
from radio.actions.action import MISSING, NOTE, WrongFieldError
from radio.actions.redacting import Request, passage_of, take_out, words_of
from radio.archive.consents import Consent, consents_of, keys_with_consents
from radio.archive.episode import Episode
from radio.archive.keys import names_of
from radio.archive.protection import PublicReply
from radio.archive.slugs import slugify
from radio.proposals.queue import hash_of
from radio.text.aligned import tell_apart
from radio.text.transcript import clock
from radio.web.action_page import ActionPage, ListPage, Placing, Submission, is_removal
from radio.web.context import catalogue
from radio.web.gate import LONG, desk, keeper, who

MOST = 1000  # lines of the list

Noting = Submission[Placing[Consent]]
Reply = Submission[Placing[PublicReply]]


@desk.get("/consents")
@keeper
def all_consents() -> str:
    """List who agreed to be heard, of all episodes, by person."""
    archive = catalogue().archive
    known = {name: each for each in archive.episodes() for name in names_of(archive, each)}
    found = [
        (consent, known.get(key), key)
        for key in keys_with_consents(archive.root)
        for consent in consents_of(archive.root, [key])
    ]
    found.sort(key=lambda each: (each[0].person.casefold(), each[2]))
    return render_template("desk_all_consents.html", found=found[:MOST], total=len(found))


class _Consents(ListPage[Consent]):
    """List who agreed to be heard in an episode; note, change and take away what is known."""

    endpoint, place, template, most = "consents", "consents", "desk_consents.html", LONG
    fields = protecting.CONSENT

    def several(self, episode: Episode) -> Sequence[Consent]:
        archive = catalogue().archive
        return consents_of(archive.root, names_of(archive, episode))

    def texts(self, thing: Consent) -> Mapping[str, str]:
        days = {"given": str(thing.given or ""), "withdrawn": str(thing.withdrawn or "")}
        return {"person": thing.person, "terms": thing.terms, **days}

    def given(self, episode: Episode, asked: Noting) -> Consent | None:
        """Give the consent; taking one away is ticked first."""
        if is_removal(asked):
            if "sure" in request.form:
                return None
            told = gettext("Rien n’est ôté\u00a0: cochez d’abord la case.")
            raise WrongFieldError("sure", told)
        if not slugify(asked.texts["person"]):
            raise WrongFieldError("person", MISSING)
        values = {name: value for name, value in asked.values.items() if name != NOTE.name}
        return Consent(**values)

    def context(self, episode: Episode, asked: Noting) -> dict[str, Any]:
        return {"known": self.several(episode)}

    def act(self, episode: Episode, asked: Noting, meant: Placing[Consent]) -> AnyResponse:
        archive, names = catalogue().archive, names_of(catalogue().archive, episode)
        by = {"note": asked.note, "who": who()}
        protecting.change_consent(archive, names, meant.given, meant.old, **by)
        return self.done(episode)


class _Replies(ListPage[PublicReply]):
    """List the replies to an episode; show one as it will stand, then publish it."""

    endpoint, place, template, most = "replying", "reply", "desk_reply.html", LONG
    fields = protecting.REPLY

    def several(self, episode: Episode) -> Sequence[PublicReply]:
        return episode.protection.replies

    def texts(self, thing: PublicReply) -> Mapping[str, str]:
        """Write a reply; its moment as people do, where that says as much."""
        at = "" if thing.at is None else clock(thing.at) if thing.at.is_integer() else str(thing.at)
        return {"text": thing.text, "author": thing.author, "at": at, "day": thing.day}

    def given(self, episode: Episode, asked: Reply) -> PublicReply | None:
        if is_removal(asked):
            return None
        text, author, at, day = (asked.values[each.name] for each in self.fields[:4])
        return protecting.fit(episode, PublicReply(text, author, at, day))

    def context(self, episode: Episode, asked: Reply) -> dict[str, Any]:
        """Name the reply that is shown as it will stand."""
        return {"shown": _hash(asked), "given": asked.meant and asked.meant.given}

    def act(self, episode: Episode, asked: Reply, meant: Placing[PublicReply]) -> AnyResponse:
        """Show it first: nothing else is published."""
        form, given, old = request.form, meant.given, meant.old
        is_shown = form.get("act") == "publish" and form.get("shown") == _hash(asked)
        if given and not is_shown:
            return self.form(episode, asked)
        by: dict[str, Any] = {"note": asked.note, "who": who()}
        protecting.reply(catalogue().archive, [episode.key], given=given, old=old, **by)
        return self.done(episode)


def _hash(asked: Reply) -> str:
    return hash_of(asked.number, asked.meant and asked.meant.given)


class _Redaction(ActionPage[Request]):
    """Ask for a passage; show what will be gone; then have it done, and tell how far that is."""

    endpoint, place, template = "redaction", "redact", "desk_redact.html"
    is_sure, chore, fields = True, "redact", redacting.FIELDS

    def first(self, episode: Episode) -> Submission[Request]:
        return Submission({"cover": "silence"})

    def mean(self, episode: Episode, asked: Submission[Request]) -> Request:
        """Give the passage; it is one, and somebody can read the text."""
        meant = Request(**asked.values, who=who())
        words_of(catalogue().archive, episode, meant)
        return meant

    def seen(self, episode: Episode, asked: Submission[Request]) -> tuple[object, ...]:
        """Name the sound, and the words that go."""
        if asked.meant is None:
            return ()
        return episode.audio.sha256, words_of(catalogue().archive, episode, asked.meant)[0]

    def preview(
        self, episode: Episode, asked: Submission[Request], meant: Request
    ) -> dict[str, Any]:
        before, after = tell_apart(*words_of(catalogue().archive, episode, meant))
        passage = passage_of(episode, meant)
        return {"meant": meant, "passage": passage, "before": before, "after": after}

    def act(self, episode: Episode, asked: Submission[Request], meant: Request) -> AnyResponse:
        archive, index = catalogue().archive, catalogue().index
        return self.begin(
            episode, lambda progress: take_out(archive, index, episode, meant, progress)
        )


_Consents().register()
_Replies().register()
_Redaction().register()
