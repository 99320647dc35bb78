"""Pages of the desk on which keepers change what is written of an episode, a show, the site. That
of an episode is its first page, where it is published and withdrawn too."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import NOTE, Action, Input, WrongFieldError, read_fields
from radio.actions.covering import former, is_superseded
from radio.actions.editing import Draft, DraftCheck, check_draft, current, save
from radio.actions.fields import COLORS, Field, Item, Site, fields_of, key_of
from radio.actions.protecting import REASON, UNTIL, draft, embargo, hide, publish, withdraw
from radio.actions.renaming import move as put_in_show
from radio.actions.undoing import deed_of, deeds, undo_act, undo_field
from radio.archive.episode import Episode, Show
from radio.archive.imprint import FILE, Colors
from radio.archive.tunes import read_tune
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.web.action_page import ActionPage
from radio.web.context import catalogue
from radio.web.desk_pages import desk_page, settle, unchanged
from radio.web.gate import desk, keeper, who

# changed most
FIRST = ("title", "date", "date_sure", "description", "people", "tags", "links", "producers")
ELSEWHERE = ("chapters", "playlist", "rights")  # what has a page of its own
ACTIONS: Mapping[str, Action] = {each.name: each for each in (publish, draft, embargo, withdraw)}
PLAIN = {"day": Colors().by_day, "night": Colors().by_night}  # of a site that chose none
SAID = ("fond", "accent")  # as their field calls the colours
LARGEST = 256 << 10  # bytes of the form: what was there, and what is written
LATEST = 20  # acts of the past
KNOWN_OF = {"people": "names", "producers": "names", "tags": "tags"}  # what completes a box
EMPTY = 2  # boxes for one value more
MOST_KNOWN = 300  # names that a box completes
BETWEEN = " ; "  # the values of a field
TAKEN = ("theirs", "mine")  # of two texts that stand against each other
LONGEST = 500  # characters of the name of a show


class _Publication(ActionPage[Action]):
    """Let everybody hear an episode, nobody, or nobody before a day: at the head of its page."""

    endpoint = "fields"
    fields = (Input("act", "choice", choices=tuple(ACTIONS)), UNTIL, REASON, *hide.fields, NOTE)
    is_bare = False  # whether a reason was asked for in vain

    def first(self) -> Mapping[str, str]:
        episode = self.episode
        texts = {"hidden": "1" if episode.protection.noindex else ""}
        now, opens = dt.datetime.now(), episode.opens
        if episode.is_public(now):
            return texts | {"act": "publish"}
        act = "withdraw" if episode.is_withdrawn(now) else "embargo" if opens else "draft"
        until = opens.isoformat(timespec="minutes") if opens else ""
        return texts | {"act": act, "until": until, "reason": episode.reason}

    def mean(self) -> Action:
        action = ACTIONS[self.texts["act"]]
        read_fields(action.fields, self.texts)
        self.ask_for_reason(action)
        return action

    def ask_for_reason(self, action: Action) -> None:
        """Say once what is read where no reason is given. Raises WrongFieldError."""
        self.is_bare = True
        is_said = request.form.get("seen") == self.hash
        is_new = not self.episode.is_withdrawn(dt.datetime.now())
        self.is_bare = is_said or (action is withdraw and is_new and not self.texts["reason"])
        if self.is_bare and not is_said:
            message = _(
                "sans raison, sa page dira seulement\u00a0: «\u00a0{words}\u00a0»\u00a0; "
                "écrivez-en une, ou enregistrez de nouveau"
            )
            raise WrongFieldError("reason", message, words=gettext(withdraw.words))

    def seen(self) -> tuple[object, ...]:
        episode, is_bare = self.episode, [self.is_bare] if self.is_bare else []
        protection = episode.protection
        return (episode.status, episode.opens, episode.reason, protection.noindex, *is_bare)

    def changed(self) -> None:
        self.texts = self.first()
        super().changed()

    def act(self) -> AnyResponse:
        """Tell search engines first, then listeners."""
        archive, episode, hidden = self.archive, self.episode, self.values["hidden"]
        hide(archive, [episode.key], hidden=hidden, seen=[episode], **self.by)
        seen = replace(episode, protection=replace(episode.protection, noindex=hidden))
        fields = () if self.meant is publish else self.meant.fields  # at once, whatever day is left
        values = {each.name: self.values[each.name] for each in fields}
        self.meant(archive, [episode.key], seen=[seen], **self.by, **values)
        return self.done(self.here(published=1))

    def page(self, code: int, **_context: Any) -> AnyResponse:
        return page(self.episode, fault=self.fault, code=code, asked=self)


@keeper.post("/move/<show>/<slug>")
def move(show: str, slug: str) -> AnyResponse:
    """Move an episode to a show that is named in words; its old address leads there."""
    archive, name = catalogue().archive, request.form.get("show", "")
    episode, target = archive.episode(f"{show}/{slug}"), slug_of(archive.shows(), name)
    if not target:
        message = gettext("il n’y a pas d’émission «\u00a0%(name)s\u00a0».", name=name[:LONGEST])
        return page(episode, fault=unchanged(message), code=422)
    if target == show:
        message = _("{key} : c’est déjà son nom", key=episode.key)
        return page(episode, fault=unchanged(message))
    try:
        put_in_show(archive, [episode.key], show=target, who=who())
    except ArchiveError as error:
        return page(episode, fault=unchanged(error))
    return done(archive.episode(f"{target}/{slug}"), "moved")


def slug_of(shows: Iterable[Show], name: str) -> str:
    """Find a show by its name, in any capitals, or by its slug; "" if there is none."""
    plain = " ".join(name.split()).casefold()
    found = (slug for slug, title in titles(shows).items() if plain in (slug, title.casefold()))
    return next(found, "")


def titles(shows: Iterable[Show]) -> dict[str, str]:
    """Name shows in words, by slug; where two have one title, each by its slug."""
    every = list(shows)
    numbers = Counter(each.title for each in every)
    return {each.slug: each.title if numbers[each.title] == 1 else each.slug for each in every}


def _draft(known: Mapping[str, Field]) -> Draft:
    """Read what was shown and what was written, or another's words if they are chosen; if nobody
    chose, the page begins again from what both had before."""
    was, mine, form = dict[str, str](), dict[str, str](), request.form
    for name in (each for each in known if each in form and f"was-{each}" in form):
        taken, texts = form.get(f"take-{name}", ""), form.getlist(name)
        was[name] = form[f"was-{name}"]
        if taken not in TAKEN:
            was[name] = form.get(f"base-{name}", was[name])
        if known[name].shape == "list":
            lines = (line.strip() for text in texts for line in text.splitlines())
            texts = [BETWEEN.join(filter(None, lines))]
        if name in COLORS:
            texts = [_colors(name, texts)]
        mine[name] = was[name] if taken == "theirs" else texts[0]
    return Draft(was, mine)


def _colors(name: str, chosen: list[str]) -> str:
    """Write the colours that somebody chose, but for those that the site has by itself."""
    if f"plain-{name}" in request.form:
        return ""
    both = zip(SAID, chosen, (PLAIN[name].background, PLAIN[name].accent), strict=False)
    return BETWEEN.join(f"{said} {color}" for said, color, plain in both if color != plain)


def _undo(item: Item) -> AnyResponse:
    """Undo a field, or an act everywhere; if another picture came since, show both."""
    archive, key, act = catalogue().archive, key_of(item), request.form.get("undo", "")
    name, _space, field = request.form.get("undo-field", "").partition(" ")
    try:
        if field:
            undo_field(archive, key, field, name, who())
            return done(item, "undone")
        deed = deed_of(archive, key, act)
        if deed and deed.act.what == "cover" and is_superseded(archive, deed.act):
            former(archive, deed.act)
            return redirect(url_for("desk.two_covers", act=act), 303)
        undo_act(archive, key, act, who())
    except ArchiveError as error:
        return page(item, fault=gettext("Rien n’a été défait\u00a0: %(reason)s", reason=str(error)))
    return done(item, "undone")


def here(item: Item, **query: Any) -> str:
    """Give the address of the page of something."""
    if isinstance(item, Site):
        return url_for("desk.site_fields", **query)
    if isinstance(item, Show):
        return url_for("desk.show_fields", show=item.slug, **query)
    return url_for("desk.fields", show=item.show, slug=item.slug, **query)


def done(item: Item, what: str, **query: Any) -> AnyResponse:
    """Let all follow that was made of what has changed, and show it."""
    settle()
    return redirect(here(item, **{what: 1}, **query), 303)


def page(
    item: Item,
    checked: DraftCheck | None = None,
    fault: str = "",
    code: int = 409,
    preview: Item | None = None,
    asked: _Publication | None = None,
) -> AnyResponse:
    """Show the fields of something, and what was done to it lately; `code` is for a fault."""
    archive, every = catalogue().archive, fields_of(item)
    checked = checked or check_draft(item, Draft({}, {}))
    names = [name for name in dict.fromkeys((*FIRST, *every)) if name in every]
    context: dict[str, Any] = {"kind": "site", "spoken": "", "plain": PLAIN}
    if isinstance(item, Show):
        context = {"kind": "show", "show": item, "spoken": item.language}
    elif isinstance(item, Episode):
        listed = archive.show(item.show)
        spoken = listed.language_of(item)
        context = {"kind": "episode", "episode": item, "show": listed, "spoken": spoken}
        context |= _publication(asked or _Publication(show=item.show, slug=item.slug))
    known = dict[str, list[str]]()
    for kind in ("names", "tags"):
        counts = Counter(word for each in archive.episodes() for word in getattr(each, kind))
        known[kind] = [word for word, _number in counts.most_common(MOST_KNOWN)]
    tunes = preview.playlist if isinstance(preview, Episode) else ()
    return desk_page(
        "desk_fields.html",
        **context,
        fields={name: every[name] for name in names if name not in ELSEWHERE},
        checked=checked,
        rows={
            name: [*filter(None, checked.draft.mine[name].split(BETWEEN)), *[""] * EMPTY]
            for name in KNOWN_OF
            if name in every
        },
        known=known,
        known_of=KNOWN_OF,
        shows=[
            (url_for("desk.show_fields", show=each), name, each == key_of(item))
            for each, name in titles(archive.shows()).items()
        ],
        preview=preview,
        fault=fault,
        code=code,
        deeds=deeds(archive, key_of(item), LATEST),
        writers=writers(item, checked),
        also=checked.others or request.args.getlist("also"),
        tunes=[read_tune(line) for line in tunes],
    )


def _publication(asked: _Publication) -> dict[str, Any]:
    """Give what the page shows of who may hear an episode."""
    asked.texts = asked.texts or asked.first()
    told = {"asked": asked, "seen": asked.hash, "wrong": asked.wrong, "standing": asked.fields}
    return told | {"now": dt.datetime.now()}


def writers(item: Item, checked: DraftCheck) -> dict[str, str]:
    """Give the accounts that wrote what differs from somebody's words."""
    if not checked.clashes:
        return {}
    past = deeds(catalogue().archive, key_of(item), LATEST)
    last = {name: each.act.who for each in reversed(past) for name in each.changes}
    return {name: last[name] for name in checked.clashes if last.get(name)}


def _edit(show: str = "", slug: str = "") -> AnyResponse:
    """Change the fields of an episode, a show or the site. Who comes second sees both texts."""
    archive, key = catalogue().archive, f"{show}/{slug}" if slug else show or FILE
    if show:
        archive.show(show)
    item = current(archive, key)
    if request.method != "POST":
        return page(item)
    if {"undo", "undo-field"} & request.form.keys():
        return _undo(item)
    if slug and "publishing" in request.form:
        return _Publication(show=show, slug=slug).answer()
    draft, is_seen = _draft(fields_of(item)), request.form.get("act") == "see"
    try:
        checked = check_draft(item, draft) if is_seen else save(archive, key, draft, who())
    except ArchiveError as error:
        return page(item, check_draft(item, draft), unchanged(error))
    if checked.faults:
        fault = gettext("Rien n’a été changé\u00a0: voyez les champs marqués.")
        return page(item, checked, fault, 422)
    if checked.clashes:
        fault = gettext("Rien n’a été changé\u00a0: choisissez entre le texte actuel et le vôtre.")
        return page(item, checked, fault)
    if is_seen:
        return page(item, checked, preview=checked.edit.after)
    if slug and request.form.get("act") == publish.name:
        return _Publication(show=show, slug=slug).answer()
    return done(item, "done", also=checked.others or None)


for rule, endpoint in (
    ("/fields/<show>/<slug>", "fields"),
    ("/show/<show>", "show_fields"),
    ("/site", "site_fields"),
):
    desk.add_url_rule(rule, endpoint, keeper.mark(_edit, LARGEST), methods=["GET", "POST"])
