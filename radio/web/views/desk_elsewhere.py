"""The page of the desk that looks for a mended mishearing in all texts of its show."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.editing import add_to_glossary
from radio.proposals.elsewhere import Spread, accepted_mending, carry_out, pairs_of, spread
from radio.proposals.glossary_names import names_in
from radio.proposals.queue import Mending, hash_of
from radio.system.errors import ArchiveError, RadioError
from radio.text.aligned import tell_apart
from radio.web.context import catalogue
from radio.web.gate import desk, rereader, visit
from radio.web.settling import follow

MOST = 300  # places that are shown


@desk.route("/proposals/<name>/elsewhere", methods=["GET", "POST"])
@rereader
def elsewhere(name: str) -> str | AnyResponse:
    """Show where the same was misheard, put that right, or tell a name to the glossary."""
    archive = catalogue().archive
    mended = accepted_mending(archive, name)
    every = pairs_of(mended.was, mended.accepted)
    wrongs = request.args.getlist("wrong")
    pairs = {wrong: right for wrong, right in every.items() if not wrongs or wrong in wrongs}
    found = spread(archive, mended.show, pairs)
    if request.method != "POST":
        return _page(mended, found)
    try:
        told = _tell(mended) if request.form.get("act") == "glossary" else _mend(mended, found)
    except RadioError as error:
        fault = gettext("Rien n’a été fait\u00a0: %(reason)s", reason=str(error))
        return make_response(_page(mended, found, fault), 409)
    follow()
    return redirect(url_for("desk.proposals", **told), 303)


def _tell(mended: Mending) -> dict[str, Any]:
    """Tell the names that were mended to the glossary of the show."""
    archive = catalogue().archive
    add_to_glossary(archive, mended.show, names_in(archive, mended), visit().account.name)
    return {"accepted": mended.id, "told": 1}


def _mend(mended: Mending, found: Spread) -> dict[str, Any]:
    """Put right what was shown, and nothing else. Raises ArchiveError if that changed meanwhile."""
    if request.form.get("seen") != seen_of(found):
        raise ArchiveError(gettext("les textes ont changé\u00a0; voici les endroits actuels"))
    archive = catalogue().archive
    names = names_in(archive, mended) if "glossary" in request.form else []
    names = [each for each in names if each in found.pairs.values()]
    carry_out(archive, found, names, visit().account.name)
    return {"mended": len(found.wrong_places)}


def _page(mended: Mending, found: Spread, fault: str = "") -> str:
    archive = catalogue().archive
    return render_template(
        "desk_elsewhere.html",
        mended=mended,
        every=pairs_of(mended.was, mended.accepted),
        found=found,
        names=[each for each in names_in(archive, mended) if each in found.pairs.values()],
        seen=seen_of(found),
        fault=fault,
        **places_of(found),
    )


def places_of(found: Spread) -> dict[str, Any]:
    """Give what the page says of the places that would be put right."""
    archive, wrong = catalogue().archive, found.wrong_places
    return {
        "places": [(each, *tell_apart(each.before, each.after)) for each in wrong[:MOST]],
        "titles": {each.key: archive.episode(each.key).title for each in wrong[:MOST]},
        "total": len(wrong),
        "spoken": found.show.language,
    }


def seen_of(found: Spread) -> str:
    """Name the places that were shown, so that no others are put right."""
    told = ((each.key, each.second, each.before, each.after) for each in found.wrong_places)
    return hash_of(*found.pairs.items(), *told)
