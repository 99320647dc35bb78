"""Pages of the desk on which keepers delete an episode, or bring back what was deleted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.deletion import delete_episode, deletions, restore
from radio.archive import Archive, stores
from radio.archive.episode import Episode
from radio.archive.holdings import public_keys
from radio.derived import cache
from radio.proposals.intake import tidy
from radio.proposals.queue import hash_of
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.progress import Progress
from radio.web.chores import busy, chore_seen, chores
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, visit
from radio.web.settling import settle
from radio.work.forgetting import purge

FIELDS = ("fate", "reason", "note")
FATES = ("trash", "forget")
LONGEST = 300  # characters of a field
FORGETTING = "forget"  # the chore, which names no episode


@dataclass(frozen=True)
class _Asked:
    """What a keeper asks for in the form."""

    fields: dict[str, str]
    fault: str = ""


@desk.route("/delete/<show>/<slug>", methods=["GET", "POST"])
@keeper
def deleting(show: str, slug: str) -> str | AnyResponse:
    """Ask what becomes of an episode; show what goes; then delete it, or forget it."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        return _form(episode, _Asked(dict.fromkeys(FIELDS, "") | {"reason": episode.reason}))
    asked = _read()
    if asked.fault:
        return make_response(_form(episode, asked), 422)
    if "sure" not in request.form:
        return _shown(episode, asked)
    if request.form.get("again") != asked.fields["fate"]:
        fault = gettext("Rien n’a été fait\u00a0: les deux réponses diffèrent.")
        return _shown(episode, asked, fault)
    if request.form.get("seen") != _seen(episode):
        fault = gettext("Rien n’a été fait\u00a0: l’épisode a changé. Voici ce qui partirait.")
        return _shown(episode, asked, fault)
    return _forgotten(episode) if asked.fields["fate"] == "forget" else _gone(episode, asked)


@desk.route("/deleted", methods=["GET", "POST"])
@keeper
def deleted() -> str | AnyResponse:
    """List what was deleted and lies in the trash; bring one of it back."""
    archive = catalogue().archive
    fault, code = "", 200
    if request.method == "POST":
        try:
            restore(archive, request.form.get("act", ""), who=visit().account.name)
            settle()
            return redirect(url_for("desk.deleted", done=1), 303)
        except RadioError as error:
            code, fault = 409, gettext("Rien n’a été ramené\u00a0: %(reason)s", reason=str(error))
    page = render_template(
        "desk_deleted.html",
        found=deletions(archive),
        chore=chore_seen(FORGETTING),
        fault=fault,
    )
    return make_response(page, code)


def _read() -> _Asked:
    """Read what is asked for, with what is wrong about it."""
    fields = {each: tidy(request.form.get(each, "")) for each in FIELDS}
    if fields["fate"] not in FATES:
        return _Asked(fields, gettext("Choisissez ce que devient l’épisode."))
    if max(map(len, fields.values())) > LONGEST:
        return _Asked(fields, gettext("C’est trop long."))
    return _Asked(fields)


def _form(episode: Episode, asked: _Asked) -> str:
    return render_template(
        "desk_delete.html",
        episode=episode,
        asked=asked.fields,
        fault=asked.fault,
        longest=LONGEST,
    )


def _shown(episode: Episode, asked: _Asked, fault: str = "") -> AnyResponse:
    """Show what goes, and ask a second time."""
    archive = catalogue().archive
    today = dt.date.today()
    page = render_template(
        "desk_delete_sure.html",
        episode=episode,
        asked=asked.fields,
        files=len([*stores.files(archive.root, [episode.key], *stores.SHOWS)]),
        is_known=episode.is_public(today) or episode.is_withdrawn(today),
        seen=_seen(episode),
        fault=fault,
    )
    return make_response(page, 409 if fault else 200)


def _seen(episode: Episode) -> str:
    """Name the episode that was shown: no other one of its key is deleted."""
    return hash_of(episode.guid, episode.audio.sha256, episode.title, episode.status)


def _gone(episode: Episode, asked: _Asked) -> AnyResponse:
    told = {"note": asked.fields["note"], "who": visit().account.name}
    try:
        reason = asked.fields["reason"]
        delete_episode(catalogue().archive, episode.key, reason, **told, seen=episode)
        settle()
    except RadioError as error:
        fault = gettext("Rien n’a été fait\u00a0: %(reason)s", reason=str(error))
        return _shown(episode, asked, fault)
    return redirect(url_for("desk.deleted", gone=1), 303)


def _forgotten(episode: Episode) -> AnyResponse:
    archive, index, who = catalogue().archive, catalogue().index, visit().account.name
    if not chores().begin(
        FORGETTING, lambda progress: _forget(archive, index, episode.key, who, progress)
    ):
        return busy()
    return redirect(url_for("desk.deleted"), 303)


def _forget(
    archive: Archive, index: Index, key: str, who: str, progress: Progress
) -> Sequence[str]:
    left = purge(archive, key, who)
    progress(0.5)
    cache.forget(archive, public_keys(archive))
    index.refresh(accept=True)
    return left
