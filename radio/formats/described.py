"""What is given away as the description of an episode: replies, notices, its own words. Pure."""

from radio.archive.episode import Episode, Show
from radio.archive.protection import PublicReply, replaced_notice
from radio.archive.redaction import with_notices
from radio.text.transcript import clock

RIGHT = {"fr": "Droit de réponse"}
AT = {"fr": "à propos de ce qui est dit à"}


def described(show: Show, episode: Episode) -> str:
    """Give the description of an episode; replies go first, so that nobody cuts them off."""
    language = show.language_of(episode)
    told = with_notices(episode.description, episode.redactions, language)
    days = episode.protection.pseudonyms
    notices = (replaced_notice(day, language) for day in days)
    return "\n\n".join(filter(None, (*replies_of(show, episode), told, *notices)))


def replies_of(show: Show, episode: Episode) -> list[str]:
    """Write the replies to an episode, each with what it is, as Markdown."""
    language = show.language_of(episode)
    return [_reply(each, language) for each in episode.protection.replies]


def _reply(reply: PublicReply, language: str) -> str:
    language = language.lower().partition("-")[0]
    at = AT.get(language, "about what is said at")
    about = f"{at} {clock(reply.at)}" if reply.at is not None else ""
    parts = (RIGHT.get(language, "Right of reply"), reply.author, reply.day, about)
    quoted = "\n".join(f"> {line}" for line in reply.text.splitlines())
    return f"{', '.join(filter(None, parts))}\N{NO-BREAK SPACE}:\n\n{quoted}"
