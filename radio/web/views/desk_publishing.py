"""Pages of the desk where keepers publish episodes, and withdraw them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions import publishing
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.french.dates import read_day
from radio.proposals.queue import hash_of
from radio.system.errors import ArchiveError
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, visit
from radio.web.settling import settle

A_PAGE = 50  # episodes
ACTS = ("publish", "embargo", "withdraw")


@dataclass(frozen=True)
class _Asked:
    """What a keeper asks for on the form of an episode."""

    act: str
    until: dt.date | None
    reason: str
    hidden: bool
    note: str
    fault: str = ""
    wrong: str = ""  # the field that it is about


@desk.get("/episodes")
@keeper
def episodes() -> str:
    """List all episodes, those too that nobody may hear; `?q=` leaves those that say so."""
    query = request.args.get("q", "").strip()
    found = matching(catalogue().archive.episodes(), query)
    page = max(1, request.args.get("page", 1, type=int))
    here = found[(page - 1) * A_PAGE : page * A_PAGE]
    return render_template(
        "desk_episodes.html",
        found=here,
        total=len(found),
        query=query,
        page=page,
        more=len(found) > page * A_PAGE,
        today=dt.date.today(),
    )


@desk.route("/episodes/<show>/<slug>", methods=["GET", "POST"])
@keeper
def publication(show: str, slug: str) -> str | AnyResponse:
    """Let everybody hear an episode, nobody, or nobody before a day."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        return _form(episode, _standing(episode))
    if request.form.get("seen", _seen(episode)) != _seen(episode):
        fault = gettext("Rien n’a été changé\u00a0: l’épisode l’a été depuis. Le voici maintenant.")
        return make_response(_form(episode, _standing(episode), fault), 409)
    asked = _read()
    if asked.fault:
        return make_response(_form(episode, asked, asked.fault), 422)
    try:
        if _act(archive, episode, asked):
            settle()
    except ArchiveError as error:
        fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
        return make_response(_form(episode, asked, fault), 409)
    return redirect(url_for("desk.publication", show=show, slug=slug, done=1), 303)


def matching(every: Sequence[Episode], query: str) -> list[Episode]:
    """Keep the episodes whose key or title has all the words of a query."""
    words = query.casefold().split()
    texts = ((each, f"{each.key} {each.title}".casefold()) for each in every)
    return [each for each, text in texts if all(word in text for word in words)]


def _form(episode: Episode, asked: _Asked, fault: str = "") -> str:
    return render_template(
        "desk_publication.html",
        episode=episode,
        asked=asked,
        fault=fault,
        wrong=asked.wrong,
        seen=_seen(episode),
    )


def _seen(episode: Episode) -> str:
    """Name the state that was shown: no other one is changed, by a page that lay open for long."""
    return hash_of(episode.status, episode.until, episode.reason, episode.protection.noindex)


def _standing(episode: Episode) -> _Asked:
    """Give what the form of an episode says before anything is asked."""
    if episode.is_public(dt.date.today()):
        return _Asked("publish", None, "", episode.protection.noindex, "")
    act = "embargo" if episode.status == "embargoed" else "withdraw"
    return _Asked(act, episode.until, episode.reason, episode.protection.noindex, "")


def _read() -> _Asked:
    """Read what is asked for, with what is wrong about it."""
    act, text = request.form.get("act", ""), request.form.get("until", "").strip()
    until = read_day(text) if text else None
    fault, wrong = "", "until"
    if act not in ACTS:
        wrong, fault = "act", gettext("Choisissez ce que deviendra l’épisode.")
    elif act != "publish" and text and (until is None or until <= dt.date.today()):
        fault = gettext("Ce n’est pas un jour à venir\u00a0: écrivez-le comme 2027-03-19.")
    elif act == "embargo" and until is None:
        fault = gettext("Dites jusqu’à quel jour l’épisode attend.")
    reason, note = (" ".join(request.form.get(each, "").split()) for each in ("reason", "note"))
    return _Asked(
        act, until, reason, "hidden" in request.form, note, str(fault), wrong if fault else ""
    )


def _act(archive: Archive, episode: Episode, asked: _Asked) -> int:
    """Do what is asked for; tell how many episodes that changed."""
    keys, told = [episode.key], {"note": asked.note, "who": visit().account.name}
    changed = publishing.hide(archive, keys, hidden=asked.hidden, **told, seen=episode)
    seen = replace(episode, protection=replace(episode.protection, noindex=asked.hidden))
    if asked.act == "publish":
        return changed + publishing.publish(archive, keys, **told, seen=seen)
    if asked.act == "embargo" and asked.until:
        return changed + publishing.embargo(archive, keys, asked.until, **told, seen=seen)
    return changed + publishing.withdraw(
        archive, keys, reason=asked.reason, until=asked.until, **told, seen=seen
    )
