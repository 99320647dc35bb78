"""Pages of the desk on which keepers note who agreed to be heard: the private record, for them."""

import datetime as dt
from dataclasses import dataclass, replace

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import journal
from radio.archive.consents import Consent, consents_of, keys_with_consents, put_consent
from radio.archive.episode import Episode
from radio.archive.keys import names_of
from radio.archive.slugs import slugify
from radio.french.dates import read_day
from radio.proposals.intake import tidy
from radio.proposals.queue import hash_of
from radio.system.errors import RadioError
from radio.web.context import catalogue
from radio.web.gate import LONG, desk, keeper, takes, visit

FIELDS = ("person", "given", "terms", "withdrawn", "note")
LONGEST, LONGEST_TERMS = 300, 2000  # characters
MOST = 1000  # lines of the list


@dataclass(frozen=True)
class _Asked:
    """What a keeper wrote in the form, and the consent that it means.

    `number` counts those of the episode from 1; 0 is a new one.
    """

    fields: dict[str, str]
    number: int = 0
    meant: Consent | None = None
    fault: str = ""
    wrong: str = ""  # the field that it is about


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


@desk.route("/consents/<show>/<slug>", methods=["GET", "POST"])
@keeper
@takes(LONG)
def consents(show: str, slug: str) -> str | AnyResponse:
    """List who agreed to be heard in an episode; note, change and take away what is known."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    known = _known(episode)
    if request.method != "POST":
        return _form(episode, known, _standing(known, request.args.get("number", 0, type=int)))
    asked = _read(known)
    if request.form.get("seen") != hash_of(*known):
        fault = gettext("Rien n’a été changé\u00a0: la liste l’a été depuis. La voici.")
        return make_response(_form(episode, known, replace(asked, number=0), fault), 409)
    if request.form.get("act") == "remove" and asked.number:
        if "sure" in request.form:
            return _done(episode, known, replace(asked, meant=None))
        asked = replace(
            asked, fault=gettext("Rien n’est ôté\u00a0: cochez d’abord la case."), wrong="sure"
        )
    if asked.fault or asked.meant is None:
        return make_response(_form(episode, known, asked, asked.fault), 422)
    return _done(episode, known, asked)


def _known(episode: Episode) -> list[Consent]:
    archive = catalogue().archive
    return consents_of(archive.root, names_of(archive, episode))


def _standing(known: list[Consent], number: int) -> _Asked:
    """Give what the form says at first: a consent that is noted, or a new one."""
    if not 0 < number <= len(known):
        return _Asked(dict.fromkeys(FIELDS, ""))
    old = known[number - 1]
    given, withdrawn = (each.isoformat() if each else "" for each in (old.given, old.withdrawn))
    fields = {"person": old.person, "given": given, "terms": old.terms, "withdrawn": withdrawn}
    return _Asked(fields | {"note": ""}, number)


def _read(known: list[Consent]) -> _Asked:
    """Read what is asked for, with what is wrong about it."""
    fields = {each: tidy(request.form.get(each, "")) for each in FIELDS}
    fields["terms"] = "\n".join(request.form.get("terms", "").splitlines()).strip()
    number = request.form.get("number", 0, type=int)
    asked = _Asked(fields, number if 0 < number <= len(known) else 0)
    given, withdrawn = read_day(fields["given"]), read_day(fields["withdrawn"])
    if not slugify(fields["person"]):
        return replace(asked, fault=gettext("Écrivez le nom de la personne."), wrong="person")
    if (fields["given"] and not given) or (fields["withdrawn"] and not withdrawn):
        wrong = "withdrawn" if fields["withdrawn"] and not withdrawn else "given"
        return replace(asked, fault=gettext("Écrivez le jour comme 2027-03-19."), wrong=wrong)
    short = max(len(fields["person"]), len(fields["note"]))
    if short > LONGEST or len(fields["terms"]) > LONGEST_TERMS:
        return replace(asked, fault=gettext("C’est trop long."))
    return replace(asked, meant=Consent(fields["person"], given, fields["terms"], withdrawn))


def _form(episode: Episode, known: list[Consent], asked: _Asked, fault: str = "") -> str:
    return render_template(
        "desk_consents.html",
        episode=episode,
        known=known,
        asked=asked,
        fault=fault,
        wrong=asked.wrong if fault else "",
        seen=hash_of(*known),
        today=dt.date.today(),
        longest=LONGEST,
        longest_terms=LONGEST_TERMS,
    )


def _done(episode: Episode, known: list[Consent], asked: _Asked) -> str | AnyResponse:
    archive, old = catalogue().archive, known[asked.number - 1] if asked.number else None
    try:
        with archive.lock():
            put_consent(archive.root, names_of(archive, episode), old, asked.meant)
        told, who = "" if asked.meant else "–", visit().account.name
        note = asked.fields["note"]
        journal.note(archive.root, "consent", key=episode.key, told=told, note=note, who=who)
    except RadioError as error:
        fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
        return make_response(_form(episode, known, asked, fault), 409)
    done = url_for("desk.consents", show=episode.show, slug=episode.slug, done=1)
    return redirect(done, 303)
