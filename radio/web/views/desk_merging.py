"""Pages of the desk on which two episodes become one, or stay two, or one gets another address. An
old address leads on."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions import merging
from radio.actions.action import NOTE, Input, WrongFieldError, catch_up
from radio.actions.editing import compare
from radio.actions.merging import Merger, require_whole, united
from radio.actions.renaming import rename_episode
from radio.actions.undoing import led_to, undo
from radio.archive import journal
from radio.archive.acts import require_free
from radio.archive.episode import Episode
from radio.archive.history import What
from radio.archive.slugs import SLUG, episode_slug, slugify
from radio.proposals.twins.prints import known_twins
from radio.system.errors import ArchiveError, RadioError, UnlikeError
from radio.system.progress import Progress
from radio.web.action_page import ActionPage, Meant
from radio.web.context import catalogue
from radio.web.desk_pages import desk_page, paged, settle, start, unchanged
from radio.web.gate import keeper, who

A_PAGE = 10  # pairs
KEY = re.compile(r"(?:\S*/shows/)?([^/\s?#]+/[^/\s?#]+)(?:[?#]\S*)?")  # or a page of listeners
KEEP = ("", "this", "other")  # the better sound, or one of both


@keeper.form("/twins")
def twins() -> AnyResponse:
    """List the pairs that sound alike, the surest first; note that two are not the same."""
    archive, fault = catalogue().archive, ""
    if request.method == "POST":
        try:
            pair = [archive.episode(request.form.get(each, "")) for each in ("first", "second")]
            merging.part(archive, *pair)
            facts = {"other": pair[1].key}
            journal.note(archive.root, "apart", key=pair[0].key, facts=facts, who=who())
            return redirect(url_for("desk.twins", done=1), 303)
        except RadioError as error:
            fault = unchanged(error)
    shown = paged(known_twins(archive, archive.episodes()), A_PAGE)
    return desk_page("desk_twins.html", fault=fault, first=(shown["page"] - 1) * A_PAGE, **shown)


class _Leading(ActionPage[Meant]):
    """An act after which another key leads to the episode; it is undone on the same page."""

    is_sure = True
    kinds: ClassVar[tuple[What, ...]]

    def answer(self) -> AnyResponse:
        """Undo what led here, or go on as with any action."""
        act = led_to(self.archive, self.episode.key, *self.kinds)
        if request.form.get("act") != "back" or act is None:
            return super().answer()
        try:
            undo(self.archive, act.name, who())
        except RadioError as error:
            self.fault = gettext("Rien n’a été défait\u00a0: %(reason)s", reason=str(error))
            return self.form(409)
        settle()
        show, _slash, slug = act.keys[0].partition("/")
        return redirect(url_for(f"desk.{self.endpoint}", show=show, slug=slug, undone=1), 303)

    def context(self) -> dict[str, Any]:
        return {"back": led_to(self.archive, self.episode.key, *self.kinds)}


class _Merging(_Leading[Merger]):
    """Choose the other episode; show which stays, and what is known then; merge them."""

    endpoint, place, template, chore = "merging", "merge", "desk_merging.html", "merge"
    kinds = ("merge",)
    fields = (
        Input("other", is_needed=True),
        Input("keep", "choice", choices=KEEP),
        Input("anyway", "switch"),
        NOTE,
    )

    def first(self) -> Mapping[str, str]:
        return {"other": request.args.get("other", ""), "keep": ""}

    def mean(self) -> Merger:
        one, two = self.episode, self._other()
        if not self.values["anyway"]:
            try:
                require_whole(one, two)
            except ArchiveError as error:
                message = gettext(
                    "Un passage a été retiré de l’un\u00a0: cochez si l’autre ne l’a plus."
                )
                raise WrongFieldError("anyway", message) from error
        keep = {"this": one.key, "other": two.key}.get(self.values["keep"], "")
        return merging.known_choice(self.archive, one, two, keep)

    def _other(self) -> Episode:
        """Find the other one, by its key, an address or its title."""
        text = self.texts["other"]
        match, title = KEY.fullmatch(text), text.casefold()
        every = [each for each in self.archive.episodes() if each != self.episode]
        found = [each for each in every if match and each.key == match[1]]
        found = found or [each for each in every if each.title.casefold() == title]
        if len(found) != 1:
            several = gettext("Plusieurs épisodes ont ce titre\u00a0: donnez l’adresse du bon.")
            none = gettext("Aucun autre épisode n’a ce titre ni cette adresse.")
            raise WrongFieldError("other", several if found else none)
        return found[0]

    def seen(self) -> tuple[object, ...]:
        return (self.meant.kept, self.meant.left) if self.is_read else ()

    def context(self) -> dict[str, Any]:
        pairs = (
            (each.first, each.second) for each in known_twins(self.archive, self.archive.episodes())
        )
        others = [
            two if one == self.episode else one for one, two in pairs if self.episode in (one, two)
        ]
        return {**super().context(), "others": others}

    def preview(self) -> dict[str, Any]:
        kept, left = self.meant.kept, self.meant.left
        merged, now = united(kept, left), dt.datetime.now()
        is_heard = kept.is_public(now) or left.is_public(now)
        return {
            "choice": self.meant,
            "changes": compare(kept, merged).changes,
            "hides": is_heard and not merged.is_public(now),
        }

    def act(self) -> AnyResponse:
        """Merge them beside all else; what does not sound alike stays as it is."""
        archive, index, choice, by = self.archive, self.index, self.meant, self.by
        is_sure, kept = self.values["anyway"], choice.kept

        def put(progress: Progress) -> str:
            try:
                half = lambda done: progress(done / 2)  # noqa: E731
                merging.unite(archive, choice, half, is_sure=is_sure, who=by["who"])
            except UnlikeError:
                return ""
            facts = {"other": choice.left.key}
            journal.note(archive.root, "merge", key=kept.key, facts=facts, **by)
            catch_up(archive, index)
            return choice.left.title

        page = url_for("desk.merging", show=kept.show, slug=kept.slug)
        return start(f"{self.chore} {kept.key}", put, page)


class _Renaming(_Leading[str]):
    """Give an episode another end of its address; the old one leads there."""

    endpoint, place, template, kinds = (
        "renaming",
        "rename",
        "desk_renaming.html",
        ("rename", "move"),
    )
    fields = (Input("name", is_needed=True), NOTE)

    def first(self) -> Mapping[str, str]:
        episode = self.episode
        day = episode.date if episode.date_sure else None
        return {"name": episode_slug(day, episode.title, episode.date_precision)}

    def mean(self) -> str:
        name = self.texts["name"]
        slug = name if SLUG.fullmatch(name) else slugify(name)
        if not slug or slug == self.episode.slug:
            same = gettext("C’est déjà son adresse.")
            message = same if slug else gettext("Il y faut des lettres ou des chiffres.")
            raise WrongFieldError("name", message)
        require_free(self.archive, f"{self.episode.show}/{slug}")
        return slug

    def seen(self) -> tuple[object, ...]:
        return self.episode.key, self.is_read and self.meant

    def act(self) -> AnyResponse:
        renamed = rename_episode(self.archive, self.episode.key, self.meant, who())
        facts = {"from": self.episode.key}
        journal.note(self.archive.root, "rename", key=renamed.key, facts=facts, **self.by)
        return self.done(url_for("desk.renaming", show=renamed.show, slug=renamed.slug, done=1))


for page in (_Merging, _Renaming):
    page.register()
