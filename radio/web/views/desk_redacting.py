"""The page of the desk on which a keeper takes a passage out of an episode, chosen twice."""

from dataclasses import dataclass, replace

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.redacting import Request, passage_of, words_of
from radio.archive.episode import Episode
from radio.archive.redaction import read_moment
from radio.proposals.intake import tidy
from radio.proposals.queue import hash_of
from radio.system.errors import RadioError
from radio.text.aligned import tell_apart
from radio.web.chores import busy, chore_seen, chores
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, visit
from radio.work.redacting import take_out

FIELDS = ("start", "end", "fate", "cover", "text", "note")
FATES, COVERS = ("seal", "destroy"), ("silence", "tone")
LONGEST = 300  # characters of a text, and of a note


@dataclass(frozen=True)
class _Asked:
    """What a keeper wrote in the form, and what it means; None with what is wrong about it."""

    fields: dict[str, str]
    meant: Request | None = None
    fault: str = ""
    wrong: str = ""  # the field that it is about


@desk.route("/redact/<show>/<slug>", methods=["GET", "POST"])
@keeper
def redaction(show: str, slug: str) -> str | AnyResponse:
    """Ask for a passage; show what will be gone; then have it done, and tell how far that is."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        return _form(episode, _Asked(dict.fromkeys(FIELDS, "") | {"cover": "silence"}))
    asked = _read(episode)
    if asked.meant is None:
        return make_response(_form(episode, asked), 422)
    if "sure" not in request.form:
        return _shown(episode, asked, asked.meant)
    return _done(episode, asked, asked.meant)


def _read(episode: Episode) -> _Asked:
    """Read what is asked for, with what is wrong about it."""
    fields = {each: tidy(request.form.get(each, "")) for each in FIELDS}
    start, end = read_moment(fields["start"]), read_moment(fields["end"])
    told = _Asked(fields)
    if start is None or end is None:
        fault = gettext("Écrivez les moments comme 12:34, 1:02:03 ou 75.")
        return replace(told, fault=fault, wrong="start" if start is None else "end")
    if fields["fate"] not in FATES or fields["cover"] not in COVERS:
        fault = gettext("Choisissez ce que devient l’original.")
        return replace(told, fault=fault, wrong="fate")
    if max(len(fields["text"]), len(fields["note"])) > LONGEST:
        return replace(told, fault=gettext("C’est trop long."))
    meant = Request(
        start,
        end,
        "seal" if fields["fate"] == "seal" else "destroy",
        "tone" if fields["cover"] == "tone" else "silence",
        fields["text"],
        fields["note"],
        visit().account.name,
    )
    try:
        words_of(catalogue().archive, episode, meant)  # of no passage, or of a text nobody can read
    except RadioError as error:
        return replace(told, fault=str(error), wrong="start")
    return replace(told, meant=meant)


def _form(episode: Episode, asked: _Asked) -> str:
    return render_template(
        "desk_redact.html",
        episode=episode,
        asked=asked.fields,
        fault=asked.fault,
        wrong=asked.wrong,
        chore=chore_seen(episode.key),
        longest=LONGEST,
    )


def _shown(episode: Episode, asked: _Asked, meant: Request, fault: str = "") -> AnyResponse:
    """Show exactly what will be gone, and ask a second time what becomes of the original."""
    archive = catalogue().archive
    was, words = words_of(archive, episode, meant)
    before, after = tell_apart(was, words)
    page = render_template(
        "desk_redact_sure.html",
        episode=episode,
        asked=asked.fields,
        meant=meant,
        passage=passage_of(episode, meant),
        before=before,
        after=after,
        spoken=archive.show(episode.show).language_of(episode),
        seen=_seen(episode, was),
        fault=fault,
    )
    return make_response(page, 409 if fault else 200)


def _seen(episode: Episode, was: str) -> str:
    """Name the sound and the words that were shown: no others are taken out."""
    return hash_of(episode.audio.sha256, was)


def _done(episode: Episode, asked: _Asked, meant: Request) -> AnyResponse:
    """Begin it, if the same was chosen twice and nothing changed meanwhile."""
    archive, index = catalogue().archive, catalogue().index
    if request.form.get("again") != meant.fate:
        fault = gettext("Rien n’a été fait\u00a0: les deux choix pour l’original diffèrent.")
        return _shown(episode, asked, meant, fault)
    if request.form.get("seen") != _seen(episode, words_of(archive, episode, meant)[0]):
        fault = gettext("Rien n’a été fait\u00a0: l’épisode a changé. Voici ce qui partirait.")
        return _shown(episode, asked, meant, fault)
    if not chores().begin(
        episode.key, lambda progress: take_out(archive, index, episode, meant, progress)
    ):
        return busy()
    return redirect(url_for("desk.redaction", show=episode.show, slug=episode.slug), 303)
