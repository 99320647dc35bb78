"""Who may have an episode: withdraw, embargo, publish, hide from search engines, grant rights."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from radio.actions.action import Action, Input
from radio.archive.episode import Episode
from radio.archive.facts import Facts
from radio.archive.rights import Rights
from radio.system.messages import _


def _withdrawn(episode: Episode, *, reason: str = "", until: dt.date | None = None) -> Episode:
    today = dt.date.today()
    since = episode.protection.since if episode.is_withdrawn(today) else None
    return replace(
        episode,
        status="withdrawn",
        until=None,
        reason=" ".join(reason.split()),
        protection=replace(episode.protection, since=since or today, until=until),
    )


def _embargoed(episode: Episode, *, until: dt.date) -> Episode:
    return replace(_published(episode), status="embargoed", until=until)


def _published(episode: Episode) -> Episode:
    return replace(
        episode,
        status="published",
        until=None,
        reason="",
        protection=replace(episode.protection, since=None, until=None),
    )


def _hidden(episode: Episode, *, hidden: bool = True) -> Episode:
    return replace(episode, protection=replace(episode.protection, noindex=hidden))


def _days(reason: str = "", until: dt.date | None = None) -> Facts:
    facts = {"reason": " ".join(reason.split()), "until": until.isoformat() if until else ""}
    return {name: text for name, text in facts.items() if text}


def _granted(episode: Episode, *, rights: Rights, playlist: Sequence[str]) -> Episode:
    return replace(episode, rights=rights, playlist=tuple(playlist))


REASON = Input("reason", help=_("What whoever asks for it is told, with the day."))
UNTIL = Input("until", "coming", help=_("Let it be heard again from this day on."))
HIDDEN = Input(
    "hidden",
    "switch",
    option="undo",
    is_on=True,
    help=_("Let search engines find them again."),
)

withdraw = Action("withdraw", _withdrawn, (REASON, UNTIL), _days)
"""Let nobody hear some episodes, or nobody until a day; `reason` is told to whoever asks."""
embargo = Action("embargo", _embargoed, (replace(UNTIL, is_needed=True),), _days)
"""Let nobody know of some episodes before a day."""
publish = Action("publish", _published)
"""Let everybody hear some episodes."""
hide = Action(
    "noindex",
    _hidden,
    (HIDDEN,),
    lambda hidden=True: {} if hidden else {"removed": "yes"},
)
"""Ask search engines to leave some episodes out, or no longer to."""
grant = Action("edit", _granted)
"""Say what listeners may do with episodes, and what music they play."""
