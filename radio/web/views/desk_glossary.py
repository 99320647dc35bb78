"""Pages of the desk on names that the machine may have misheard: add one to the glossary of a show,
refuse it, or correct it wherever the machine wrote it; and on those that it knows untyped."""

from functools import partial
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.editing import add_to_glossary
from radio.french.letters import tidy
from radio.proposals import known
from radio.proposals.elsewhere import Spread, accepted_mending, carry_out, pairs_of, spread
from radio.proposals.names import names_in, propose_for_glossary
from radio.proposals.queue import hash_of
from radio.system.errors import ArchiveError, RadioError
from radio.text.aligned import word_differences
from radio.web.context import catalogue
from radio.web.desk_pages import busy, chores, desk_page, follow, titles_of
from radio.web.gate import rereader, who

MOST = 300  # places that are shown
RECENT = 60  # episodes whose names are looked at: each takes a moment
LONGEST = 200  # characters of a name


@rereader.form("/glossary/<show>")
def glossary(show: str) -> AnyResponse:
    """List the names that a show may give the machine; decide on one of them."""
    archive, fault = catalogue().archive, ""
    archive.show(show)
    found = propose_for_glossary(archive, show, RECENT)
    prompted, replaced = known.in_prompt(archive, show), list(known.replaced(archive, show))
    if request.method == "POST":
        name, act = request.form.get("name", ""), request.form.get("act", "")
        names = {each.name for each in found}
        try:
            if act == "away":
                names = {*prompted, *(each.name for each in replaced)}
                if chores().running():
                    return busy()
            if name not in names:
                fault = gettext("Ce nom n’est plus proposé.")
            elif act == "add":
                add_to_glossary(archive, show, [name], who())
                follow()
            elif act in ("refuse", "away"):
                known.refuse(archive, [name])
                if act == "away":
                    again = partial(known.write_without, archive, catalogue().index, show)
                    chores().begin(f"names {show}", again)
        except RadioError as error:
            fault = gettext("Rien n’a été fait\u00a0: %(reason)s", reason=str(error))
        if not fault:
            return redirect(url_for("desk.glossary", show=show, done=act), 303)
    return desk_page(
        "desk_glossary.html",
        show=archive.read_show(show),
        found=[(each, archive.episode(each.key).title) for each in found],
        in_prompt=prompted,
        replaced=replaced[:MOST],
        titles=titles_of(archive, (each.key for each in replaced)),
        recent=RECENT,
        longest=LONGEST,
        fault=fault,
    )


@rereader.form("/glossary/<show>/past")
def past(show: str) -> AnyResponse:
    """Show where a name was misheard in the texts of the show, then put that right."""
    archive = catalogue().archive
    archive.show(show)
    wrong, right = request.args.get("wrong", ""), tidy(request.args.get("right", ""))
    proposed = propose_for_glossary(archive, show, RECENT)
    is_known = any((each.name, each.source) == (wrong, "heard") for each in proposed)
    if not is_known or not right or right == wrong or len(right) > LONGEST:
        raise NotFound
    found = spread(archive, show, {wrong: right})
    if request.method != "POST":
        return _places(found)
    try:
        _mend(found, [right])
    except RadioError as error:
        return _places(found, error)
    return redirect(url_for("desk.glossary", show=show, done="past"), 303)


@rereader.form("/proposals/<name>/elsewhere")
def elsewhere(name: str) -> AnyResponse:
    """Show where the same was misheard, correct that, or add a name to the glossary."""
    archive = catalogue().archive
    mended = accepted_mending(archive, name)
    every, names = pairs_of(mended.was, mended.accepted), names_in(archive, mended)
    wrongs = request.args.getlist("wrong")
    pairs = {wrong: right for wrong, right in every.items() if not wrongs or wrong in wrongs}
    found, context = spread(archive, mended.show, pairs), dict[str, Any]()
    meant = [each for each in names if each in found.pairs.values()]
    try:
        if request.form.get("act") == "glossary":
            add_to_glossary(archive, mended.show, names, who())
            follow()
            context = {"accepted": mended.id, "told": 1}
        elif request.method == "POST":
            _mend(found, meant if "glossary" in request.form else [])
            context = {"mended": len(found.wrong_places)}
    except RadioError as error:
        return _places(found, error, mended=mended, every=every, names=meant)
    if context:
        return redirect(url_for("desk.proposals", **context), 303)
    return _places(found, mended=mended, every=every, names=meant)


def _mend(found: Spread, names: list[str]) -> None:
    """Correct what was shown, and nothing else. Raises ArchiveError if that changed meanwhile."""
    if request.form.get("seen") != _seen(found):
        raise ArchiveError(gettext("les textes ont changé\u00a0; voici les endroits actuels"))
    carry_out(catalogue().archive, found, names, who())
    follow()


def _places(found: Spread, error: RadioError | None = None, **context: Any) -> AnyResponse:
    archive, wrong, fault = catalogue().archive, found.wrong_places, ""
    if error:
        fault = gettext("Rien n’a été fait\u00a0: %(reason)s", reason=str(error))
    return desk_page(
        "desk_elsewhere.html",
        found=found,
        seen=_seen(found),
        fault=fault,
        places=[(each, *word_differences(each.before, each.after)) for each in wrong[:MOST]],
        titles={each.key: archive.episode(each.key).title for each in wrong[:MOST]},
        total=len(wrong),
        spoken=found.show.language,
        **context,
    )


def _seen(found: Spread) -> str:
    """Name the places that were shown, so that no others are corrected."""
    context = ((each.key, each.second, each.before, each.after) for each in found.wrong_places)
    return hash_of(*found.pairs.items(), *context)
