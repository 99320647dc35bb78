"""Pages of the desk where keepers publish episodes, and withdraw them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import NOTE, Action, Input, read_fields
from radio.actions.publishing import REASON, UNTIL, embargo, hide, publish, withdraw
from radio.archive.episode import Episode
from radio.web.action_page import ActionPage, Submission, who
from radio.web.context import catalogue
from radio.web.gate import desk, keeper

A_PAGE = 50  # episodes
ACTIONS: Mapping[str, Action] = {each.name: each for each in (publish, embargo, withdraw)}


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


def matching(every: Sequence[Episode], query: str) -> list[Episode]:
    """Keep the episodes whose key or title has all the words of a query."""
    words = query.casefold().split()
    texts = ((each, f"{each.key} {each.title}".casefold()) for each in every)
    return [each for each, text in texts if all(word in text for word in words)]


class PublicationPage(ActionPage[Action]):
    """Let everybody hear an episode, nobody, or nobody before a day."""

    endpoint, place, template = "publication", "episodes", "desk_publication.html"
    fields = (
        Input("act", "choice", choices=tuple(ACTIONS)),
        UNTIL,
        REASON,
        *hide.fields,
        NOTE,
    )

    def first(self, episode: Episode) -> Submission[Action]:
        """Say how it stands."""
        act = "embargo" if episode.status == "embargoed" else "withdraw"
        texts = {"hidden": "1" if episode.protection.noindex else ""}
        if episode.is_public(dt.date.today()):
            return Submission(texts | {"act": "publish"})
        until = str(episode.opens or "")
        return Submission(texts | {"act": act, "until": until, "reason": episode.reason})

    def mean(self, episode: Episode, asked: Submission[Action]) -> Action:
        """Choose the action; what it needs is there."""
        action = ACTIONS[asked.texts["act"]]
        read_fields(action.fields, asked.texts)
        return action

    def seen(self, episode: Episode, asked: Submission[Action]) -> tuple[object, ...]:
        """Name how it stands."""
        return (episode.status, episode.opens, episode.reason, episode.protection.noindex)

    def changed(self, episode: Episode, asked: Submission[Action]) -> Submission[Action]:
        """Show how it stands now."""
        return replace(self.first(episode), fault=super().changed(episode, asked).fault)

    def act(self, episode: Episode, asked: Submission[Action], meant: Action) -> AnyResponse:
        """Tell search engines first, then listeners."""
        archive, keys, hidden = catalogue().archive, [episode.key], asked.values["hidden"]
        by: dict[str, Any] = {"note": asked.note, "who": who()}
        hide(archive, keys, hidden=hidden, seen=episode, **by)
        seen = replace(episode, protection=replace(episode.protection, noindex=hidden))
        values = {each.name: asked.values[each.name] for each in meant.fields}
        meant(archive, keys, seen=seen, **by, **values)
        return self.done(episode)


PublicationPage().register()
