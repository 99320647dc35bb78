"""What protects people: who may have an episode, what is replied to it, who agreed to be heard."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from radio.actions.action import NOTE, Action, Input, WrongFieldError
from radio.archive import Archive, journal
from radio.archive.acts import changed_meanwhile
from radio.archive.consents import Consent, note_consent, put_consent
from radio.archive.episode import Episode, Status
from radio.archive.facts import Facts
from radio.archive.protection import LONGEST_REPLY, PublicReply
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.records import write_hour


def _withdrawn(episode: Episode, *, reason: str = "", until: dt.datetime | None = None) -> Episode:
    now = dt.datetime.now()
    since = episode.protection.since if episode.is_withdrawn(now) else None
    protection = replace(episode.protection, since=since or now.date(), until=until)
    text = " ".join(reason.split())
    return replace(episode, status="withdrawn", until=None, reason=text, protection=protection)


def _published(episode: Episode, *, until: dt.datetime | None = None) -> Episode:
    protection = replace(episode.protection, since=None, until=None)
    status: Status = "embargoed" if until else "published"
    return replace(episode, status=status, until=until, reason="", protection=protection)


def _hidden(episode: Episode, *, hidden: bool = True) -> Episode:
    return replace(episode, protection=replace(episode.protection, noindex=hidden))


def _days(reason: str = "", until: dt.datetime | None = None) -> Facts:
    facts = {"reason": " ".join(reason.split()), "until": write_hour(until) if until else ""}
    return {name: text for name, text in facts.items() if text}


REASON = Input("reason", help=_("La raison, que dira sa page, avec la date."))
GONE = _("Cet épisode a été publié puis retiré.")  # its page, where no reason is given
UNTIL = Input("until", "coming", help=_("Le rendre de nouveau public ce jour-là."))
AT = replace(UNTIL, option="at", help=_("Pas avant ce jour et cette heure : 2026-12-01T20:00."))
SEEN_AGAIN = _("Laisser les moteurs de recherche les trouver de nouveau.")
HIDDEN = Input("hidden", "switch", option="undo", is_on=True, help=SEEN_AGAIN)

# nobody may hear it, or not until a day
withdraw = Action("withdraw", _withdrawn, (REASON, UNTIL), _days, GONE)
embargo = Action("embargo", _published, (replace(UNTIL, is_needed=True),), _days)  # until a day
publish = Action("publish", _published, (AT,), _days)
draft = Action("draft", lambda episode: replace(_published(episode), status="draft"))  # nobody yet
hide = Action(
    "noindex", _hidden, (HIDDEN,), lambda *, hidden=True: {} if hidden else {"removed": "yes"}
)  # for search engines
grant = Action("edit", replace)  # what listeners may do, and its music


def _replied(
    episode: Episode, *, given: PublicReply | None = None, old: PublicReply | None = None
) -> Episode:
    """Give an episode a reply, replace an `old` one, or remove that. Raises as `fit`."""
    known = episode.protection.replies
    whole = given and fit(episode, given)
    if old and old not in known:
        raise changed_meanwhile(episode.key)
    placed = [whole if each == old else each for each in known] if old else [*known, whole]
    replies = tuple(dict.fromkeys(each for each in placed if each))
    return replace(episode, protection=replace(episode.protection, replies=replies))


def _author(given: PublicReply | None = None, old: PublicReply | None = None) -> Facts:
    if given:
        return {"author": " ".join(given.author.split())}
    return {"gone": old.author} if old and old.author else {"removed": "yes"}


REPLY = (
    Input("text", "text", 12_000, is_needed=True),
    Input("author", option="from", metavar=_("NOM"), help=_("Qui répond.")),
    Input("at", "moment", help=_("Le moment auquel elle répond : 12:05, ou 725.")),
    Input("day", "day", option="date", help=_("Sa date ; aujourd’hui par défaut.")),
    NOTE,
)
reply = Action("reply", _replied, REPLY, _author)  # to an episode, or a moment of it


def fit(episode: Episode, given: PublicReply) -> PublicReply:
    """Give a valid reply, by default of today. Raises ArchiveError for a wrong length or time."""
    text, author = given.text.strip(), " ".join(given.author.split())
    if not text or len(text) > LONGEST_REPLY:
        message = _("{key} : une réponse a de 1 à {most} caractères")
        raise ArchiveError(message, key=episode.key, most=LONGEST_REPLY)
    duration = episode.audio.duration
    if given.at is not None and not 0 <= given.at <= duration:
        message = _("{key} : il n’y a pas de seconde {at} ; il dure {duration} secondes")
        values = {"key": episode.key, "at": given.at, "duration": round(duration)}
        raise WrongFieldError("at", message, **values)
    return replace(given, text=text, author=author, date=given.date or dt.date.today())


CONSENT = (  # to be heard: the journal never says of whom
    Input("person", is_needed=True),
    Input("given", "day", help=_("Quand elle a accepté.")),
    Input("terms", "text", 2000, help=_("Ce qu’elle a accepté, dans ses mots.")),
    Input("withdrawn", "day", help=_("Quand elle a retiré son accord.")),
    NOTE,
)


def agree(archive: Archive, names: Sequence[str], given: Consent, *, note: str = "") -> Consent:
    """Note a consent as `note_consent`."""
    with archive.lock():
        whole = note_consent(archive.root, names, given)
    journal.note(archive.root, "consent", key=names[-1], note=note)
    return whole


def change_consent(
    archive: Archive,
    names: Sequence[str],
    given: Consent | None,
    old: Consent | None = None,
    *,
    note: str = "",
    who: str = "",
) -> None:
    """Note or remove a consent as `put_consent`."""
    with archive.lock():
        put_consent(archive.root, names, old, given)
    facts = {} if given else {"removed": "yes"}
    journal.note(archive.root, "consent", key=names[-1], facts=facts, note=note, who=who)
