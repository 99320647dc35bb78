"""The page of the desk on names: those that a show may tell the machine, and may have misheard.

A name is added, refused, or put right in what the machine wrote before, once that was shown.
"""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.editing import add_to_glossary
from radio.archive import themes
from radio.french.letters import tidy
from radio.proposals.elsewhere import Spread, carry_out, spread
from radio.proposals.glossary_names import GlossaryProposal, propose
from radio.system.errors import ArchiveError, RadioError
from radio.web.context import catalogue
from radio.web.gate import desk, rereader, visit
from radio.web.settling import follow
from radio.web.views.desk_elsewhere import places_of, seen_of

RECENT = 60  # episodes whose names are looked at: each takes a moment
LONGEST = 200  # characters of a name


@desk.route("/glossary/<show>", methods=["GET", "POST"])
@rereader
def glossary(show: str) -> str | AnyResponse:
    """List the names that a show may tell the machine; decide on one of them."""
    archive = catalogue().archive
    archive.show(show)
    found = propose(archive, show, RECENT)
    if request.method != "POST":
        return _page(show, found)
    name, act = request.form.get("name", ""), request.form.get("act", "")
    if name not in {each.name for each in found}:
        return make_response(_page(show, found, gettext("Ce nom n’est plus proposé.")), 409)
    try:
        if act == "add":
            add_to_glossary(archive, show, [name], visit().account.name)
            follow()
        elif act == "refuse":
            with archive.lock():
                themes.refuse(archive.root, [name])
    except RadioError as error:
        fault = gettext("Rien n’a été fait\u00a0: %(reason)s", reason=str(error))
        return make_response(_page(show, found, fault), 409)
    return redirect(url_for("desk.glossary", show=show, done=act), 303)


@desk.route("/glossary/<show>/past", methods=["GET", "POST"])
@rereader
def past(show: str) -> str | AnyResponse:
    """Show where a name was misheard in the texts of the show, then put that right."""
    archive = catalogue().archive
    archive.show(show)
    wrong, right = request.args.get("wrong", ""), tidy(request.args.get("right", ""))
    known = {each.name for each in propose(archive, show, RECENT) if each.source == "heard"}
    if wrong not in known or not right or right == wrong or len(right) > LONGEST:
        raise NotFound
    found = spread(archive, show, {wrong: right})
    fault = _mend(found, right) if request.method == "POST" else ""
    if request.method == "POST" and not fault:
        return redirect(url_for("desk.glossary", show=show, done="past"), 303)
    page = render_template(
        "desk_past_names.html",
        show=show,
        found=found,
        wrong=wrong,
        right=right,
        names=(),
        fault=fault,
        seen=seen_of(found),
        **places_of(found),
    )
    return make_response(page, 409 if fault else 200)


def _mend(found: Spread, right: str) -> str:
    """Put right what was shown, and nothing else; tell what was in the way."""
    try:
        if request.form.get("seen") != seen_of(found):
            told = gettext("les textes ont changé\u00a0; voici les endroits actuels")
            raise ArchiveError(told)
        carry_out(catalogue().archive, found, [right], visit().account.name)
        follow()
    except RadioError as error:
        return str(gettext("Rien n’a été fait\u00a0: %(reason)s", reason=str(error)))
    return ""


def _page(show: str, found: list[GlossaryProposal], fault: str = "") -> str:
    archive = catalogue().archive
    return render_template(
        "desk_glossary.html",
        show=archive.read_show(show),
        found=[(each, archive.episode(each.key).title) for each in found],
        recent=RECENT,
        longest=LONGEST,
        fault=fault,
    )
