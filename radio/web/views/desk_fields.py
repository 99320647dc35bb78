"""Pages of the desk on which keepers change what is written of an episode, a show, the site."""

from collections.abc import Sequence
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.covering import former, is_superseded
from radio.actions.drafts import Draft, Laid, lay, save
from radio.actions.editing import current
from radio.actions.fields import Item, fields_of, key_of
from radio.actions.site import Site
from radio.actions.undoing import deed_of, deeds, undo_act, undo_field
from radio.archive.episode import Episode, Show
from radio.archive.imprint import FILE
from radio.archive.tunes import read_tune
from radio.system.errors import ArchiveError
from radio.web.context import catalogue
from radio.web.drafting import boxes, known_words, read_draft
from radio.web.gate import desk, keeper, takes, visit
from radio.web.planning import titles
from radio.web.settling import settle

FIRST = ("title", "date", "date_sure", "description", "people", "tags", "links", "producers")
"""The fields that are changed most."""
APART = ("chapters",)  # which have a page of their own
LARGEST = 256 << 10  # bytes of the form: what was there, and what is written
LATEST = 20  # acts of the past
KNOWN_OF = {"people": "names", "producers": "names", "tags": "tags"}
"""What the boxes of a field are completed from."""


@desk.route("/fields/<show>/<slug>", methods=["GET", "POST"])
@keeper
@takes(LARGEST)
def fields(show: str, slug: str) -> str | AnyResponse:
    """Change the fields of an episode; who comes second is shown what both wrote."""
    return _edit(f"{show}/{slug}", url_for("desk.fields", show=show, slug=slug))


@desk.route("/show/<show>", methods=["GET", "POST"])
@keeper
@takes(LARGEST)
def show_fields(show: str) -> str | AnyResponse:
    """Change the fields of a show, likewise."""
    catalogue().archive.show(show)
    return _edit(show, url_for("desk.show_fields", show=show))


@desk.route("/site", methods=["GET", "POST"])
@keeper
@takes(LARGEST)
def site_fields() -> str | AnyResponse:
    """Change what the site says of itself, likewise."""
    return _edit(FILE, url_for("desk.site_fields"))


@desk.get("/shows")
@keeper
def shows() -> str:
    """List what is not an episode, and has fields all the same."""
    return render_template("desk_shows.html", shows=catalogue().archive.shows())


def _edit(key: str, here: str) -> str | AnyResponse:
    item = current(catalogue().archive, key)
    if request.method != "POST":
        return page(item, untouched(item))
    if {"undo", "undo-field"} & request.form.keys():
        return _undo(item, here)
    draft, is_seen = read_draft(fields_of(item)), request.form.get("act") == "see"
    try:
        laid = lay(item, draft) if is_seen else _save(key, draft)
    except ArchiveError as error:
        fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
        return make_response(page(item, lay(item, draft), fault), 409)
    if is_seen or not laid.is_clear:
        return _answer(item, laid)
    return _done(here, "done", laid.others)


def _save(key: str, draft: Draft) -> Laid:
    return save(catalogue().archive, key, draft, visit().account.name)


def _undo(item: Item, here: str) -> AnyResponse:
    """Take back what a button names: a field, or an act wherever it changed something."""
    archive, key, who = catalogue().archive, key_of(item), visit().account.name
    name, _space, field = request.form.get("undo-field", "").partition(" ")
    try:
        if not field and (pictures := _two_pictures(key)):
            return pictures
        if field:
            undo_field(archive, key, field, name, who)
        else:
            undo_act(archive, key, request.form.get("undo", ""), who)
    except ArchiveError as error:
        fault = gettext("Rien n’a été défait\u00a0: %(reason)s", reason=str(error))
        return refused(item, str(fault))
    return _done(here, "undone")


def _two_pictures(key: str) -> AnyResponse | None:
    """Lead to the page of two pictures, where another came since the act to take back."""
    archive, name = catalogue().archive, request.form.get("undo", "")
    deed = deed_of(archive, key, name)
    if not deed or deed.act.what != "cover" or not is_superseded(archive, deed.act):
        return None
    former(archive, deed.act)
    return redirect(url_for("desk.two_covers", act=name), 303)


def _done(here: str, what: str, also: Sequence[str] = ()) -> AnyResponse:
    """Let all follow that was made of what has changed, and show it."""
    settle()
    mark, others = "&" if "?" in here else "?", "".join(f"&also={name}" for name in also)
    return redirect(f"{here}{mark}{what}=1{others}", 303)


def _answer(item: Item, laid: Laid) -> AnyResponse:
    """Show what waits for a decision or a better text, else the page as it would be."""
    if laid.faults:
        fault = gettext("Rien n’a été changé\u00a0: voyez les champs marqués.")
        return make_response(page(item, laid, fault), 422)
    if laid.clashes:
        fault = gettext("Rien n’a été changé\u00a0: choisissez entre ce qu’il y a et vos mots.")
        return make_response(page(item, laid, fault), 409)
    return make_response(page(item, laid, preview=laid.edit.after))


def untouched(item: Item) -> Laid:
    """Give the fields of something as they are."""
    return lay(item, Draft({}, {}))


def refused(item: Item, fault: str, code: int = 409) -> AnyResponse:
    """Show the fields as they are, and why nothing was done."""
    return make_response(page(item, untouched(item), fault), code)


def page(item: Item, laid: Laid, fault: str = "", preview: Item | None = None) -> str:
    """Show the fields of something, and what was done to it lately."""
    archive, every = catalogue().archive, fields_of(item)
    boxed = (name for name in KNOWN_OF if name in every)
    return render_template(
        "desk_fields.html",
        **_of(item),
        fields={
            name: every[name] for name in (*FIRST, *every) if name in every and name not in APART
        },
        laid=laid,
        rows={name: boxes(laid.draft.mine[name]) for name in boxed},
        known=known_words(archive.episodes()),
        known_of=KNOWN_OF,
        show_names=list(titles(archive.shows()).values()),
        preview=preview,
        fault=fault,
        deeds=deeds(archive, key_of(item), LATEST),
        writers=writers(item, laid),
        also=laid.others or request.args.getlist("also"),
        tunes=_tunes(preview),
    )


def writers(item: Item, laid: Laid) -> dict[str, str]:
    """Tell who wrote what stands against the words of somebody, where an account did."""
    if not laid.clashes:
        return {}
    past = deeds(catalogue().archive, key_of(item), LATEST)
    last = {name: each.act.who for each in reversed(past) for name in each.changes}
    return {name: last[name] for name in laid.clashes if last.get(name)}


def _of(item: Item) -> dict[str, Any]:
    """Tell a page what it is about."""
    if isinstance(item, Site):
        return {"kind": "site", "spoken": ""}
    if isinstance(item, Show):
        return {"kind": "show", "show": item, "spoken": item.language}
    show = catalogue().archive.show(item.show)
    return {"kind": "episode", "episode": item, "show": show, "spoken": show.language_of(item)}


def _tunes(preview: Item | None) -> list[object]:
    return [read_tune(line) for line in preview.playlist] if isinstance(preview, Episode) else []
