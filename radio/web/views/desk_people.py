"""Pages of the desk for people in an episode: what they ask for, consents, replies, redaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions import protecting, redacting
from radio.actions.action import MISSING, WrongFieldError
from radio.actions.redacting import Request, passage_of, take_out, words_of
from radio.archive import Archive
from radio.archive.consents import Consent, consents_of, keys_with_consents
from radio.archive.keys import names_of
from radio.archive.protection import PublicReply
from radio.archive.slugs import slugify
from radio.french.letters import fold
from radio.proposals.queue import hash_of
from radio.text.aligned import word_differences
from radio.text.transcript import clock
from radio.web.action_page import ActionPage, ListPage
from radio.web.context import catalogue
from radio.web.gate import LONG, keeper

MOST = 1000  # lines of the list


@keeper.get("/asked", "/asked/<show>/<slug>")
def asked(show: str = "", slug: str = "") -> str:
    """Lead from what somebody asks for to the page where it is done; list where a person is heard,
    and what they agreed to, in all episodes: without a name, all that is noted."""
    archive, person = catalogue().archive, request.args.get("person")
    episode = archive.episode(f"{show}/{slug}") if slug else None
    found = [] if person is None else _heard(archive, fold(person.lower()).split())
    context = {"episode": episode, "person": person, "found": found[:MOST]}
    return render_template("desk_asked.html", **context)


def _heard(archive: Archive, words: Sequence[str]) -> list[tuple[str, str, str, Consent | None]]:
    """Find people whose names have some words, by episode, with what is noted of them."""
    every, root, noted = archive.episodes(), archive.root, dict[tuple[str, str], Consent | None]()
    known = {name: each.key for each in every for name in names_of(archive, each)}
    for each in every if words else ():
        noted |= dict.fromkeys((person.name, each.key) for person in each.people)
    for key in keys_with_consents(root):
        noted |= {(it.person, known.get(key, key)): it for it in consents_of(root, [key])}
    titles = {each.key: each.title for each in every}
    found = [(name, key, titles.get(key, ""), it) for (name, key), it in noted.items()]
    meant = (row for row in found if all(word in fold(row[0].lower()) for word in words))
    return sorted(meant, key=lambda row: (row[0].casefold(), row[1]))


class _Consents(ListPage[Consent]):
    """List who agreed to be heard in an episode; note, change and remove what is known."""

    endpoint, place, template, most = "consents", "consents", "desk_consents.html", LONG
    fields = protecting.CONSENT

    def several(self) -> Sequence[Consent]:
        return consents_of(self.archive.root, names_of(self.archive, self.episode))

    def written(self, thing: Consent) -> Mapping[str, str]:
        days = {"given": str(thing.given or ""), "withdrawn": str(thing.withdrawn or "")}
        return {"person": thing.person, "terms": thing.terms, **days}

    def mean(self) -> Consent:
        if not slugify(self.texts["person"]):
            raise WrongFieldError("person", MISSING)
        return Consent(**self.values)

    def remove(self) -> None:
        if "sure" not in request.form:
            raise WrongFieldError("sure", gettext("Rien n’a changé\u00a0: cochez d’abord la case."))
        super().remove()

    def context(self) -> dict[str, Any]:
        return {"known": self.several()}

    def act(self) -> AnyResponse:
        names = names_of(self.archive, self.episode)
        protecting.change_consent(self.archive, names, self.meant, self.old, **self.by)
        return self.done()


class _Replies(ListPage[PublicReply]):
    """List the replies to an episode; show one as it will stand, then publish it."""

    endpoint, place, template, most = "replying", "reply", "desk_reply.html", LONG
    fields = protecting.REPLY

    def several(self) -> Sequence[PublicReply]:
        return self.episode.protection.replies

    def written(self, thing: PublicReply) -> Mapping[str, str]:
        """Write a reply; its moment as people do, if that is as exact."""
        at = "" if thing.at is None else clock(thing.at) if thing.at.is_integer() else str(thing.at)
        return {"text": thing.text, "author": thing.author, "at": at, "day": thing.day}

    def mean(self) -> PublicReply:
        text, author, at, day = self.values.values()
        return protecting.fit(self.episode, PublicReply(text, author, at, day))

    def context(self) -> dict[str, Any]:
        given = self.meant if self.is_read else None
        return {"given": given, "shown": hash_of(self.number, given)}

    def act(self) -> AnyResponse:
        """Show it first: nothing else is published."""
        form = request.form
        is_shown = form.get("act") == "publish" and form.get("shown") == self.context()["shown"]
        if self.meant and not is_shown:
            return self.form()
        reply = {"given": self.meant, "old": self.old, **self.by}
        protecting.reply(self.archive, [self.episode.key], **reply)
        return self.done()


class _Redaction(ActionPage[Request]):
    """Ask for a passage; show what will go; then remove it, and show how far that is."""

    endpoint, place, template = "redaction", "redact", "desk_redact.html"
    is_sure, chore, fields = True, "redact", redacting.FIELDS

    def first(self) -> Mapping[str, str]:
        return {"cover": "silence"}

    def mean(self) -> Request:
        """Give the passage; it is one, and somebody can read the text."""
        meant = Request(**self.values, **self.by)
        words_of(self.archive, self.episode, meant)
        return meant

    def seen(self) -> tuple[object, ...]:
        if not self.is_read:
            return ()
        said = words_of(self.archive, self.episode, self.meant)
        return self.episode.audio.sha256, said[0]

    def preview(self) -> dict[str, Any]:
        before, after = word_differences(*words_of(self.archive, self.episode, self.meant))
        passage = passage_of(self.episode, self.meant)
        return {"meant": self.meant, "passage": passage, "before": before, "after": after}

    def act(self) -> AnyResponse:
        what = self.archive, self.index, self.episode, self.meant
        return self.begin(lambda progress: take_out(*what, progress))


for page in (_Consents, _Replies, _Redaction):
    page.register()
