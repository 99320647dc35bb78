"""The page of the desk on which a reply is attached to an episode, changed, or taken away."""

from dataclasses import dataclass, replace

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.replying import fit, put_in_place, reply
from radio.archive.episode import Episode
from radio.archive.protection import PublicReply
from radio.archive.redaction import read_moment
from radio.french.dates import read_day
from radio.proposals.intake import tidy
from radio.proposals.queue import hash_of
from radio.system.errors import RadioError
from radio.text.transcript import clock
from radio.web.context import catalogue
from radio.web.gate import LONG, desk, keeper, takes, visit
from radio.web.settling import settle

FIELDS = ("text", "author", "at", "day", "note")
LONGEST = 12_000  # letters
LONGEST_LINE = 300


@dataclass(frozen=True)
class _Asked:
    """What a keeper wrote in the form, the reply that it means, and the one it takes the place of.

    `number` counts the replies of the episode from 1; 0 is a new one.
    """

    fields: dict[str, str]
    number: int = 0
    meant: PublicReply | None = None
    fault: str = ""
    wrong: str = ""  # the field that it is about


@desk.route("/reply/<show>/<slug>", methods=["GET", "POST"])
@keeper
@takes(LONG)
def replying(show: str, slug: str) -> str | AnyResponse:
    """List the replies to an episode; show one as it will stand, then publish it."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        return _form(episode, _standing(episode, request.args.get("number", 0, type=int)))
    asked = _read(episode)
    if request.form.get("seen") != _seen(episode):
        fault = gettext("Rien n’a été changé\u00a0: les réponses l’ont été depuis. Les voici.")
        return make_response(_form(episode, replace(asked, number=0, meant=None), fault), 409)
    act = request.form.get("act", "")
    if act == "remove" and asked.number:
        return _done(episode, replace(asked, meant=None))
    if asked.meant is None:
        return make_response(_form(episode, asked, asked.fault), 422)
    if act != "publish" or request.form.get("shown") != _shown(asked):
        return _form(episode, asked)
    return _done(episode, asked)


def _standing(episode: Episode, number: int) -> _Asked:
    """Give what the form says at first: a reply that stands, or a new one."""
    replies = episode.protection.replies
    if not 0 < number <= len(replies):
        return _Asked(dict.fromkeys(FIELDS, ""))
    old = replies[number - 1]
    at = "" if old.at is None else clock(old.at) if old.at.is_integer() else str(old.at)
    fields = {"text": old.text, "author": old.author, "at": at, "day": old.day, "note": ""}
    return _Asked(fields, number)


def _read(episode: Episode) -> _Asked:
    """Read what is asked for, with what is wrong about it."""
    fields = {each: tidy(request.form.get(each, "")) for each in FIELDS}
    fields["text"] = "\n".join(request.form.get("text", "").splitlines()).strip()
    number = request.form.get("number", 0, type=int)
    asked = _Asked(fields, number if 0 < number <= len(episode.protection.replies) else 0)
    at, day = read_moment(fields["at"]), read_day(fields["day"])
    if fields["at"] and at is None:
        fault = gettext("Écrivez le moment comme 12:34, 1:02:03 ou 75.")
        return replace(asked, fault=fault, wrong="at")
    if fields["day"] and day is None:
        return replace(asked, fault=gettext("Écrivez le jour comme 2027-03-19."), wrong="day")
    if (
        len(fields["text"]) > LONGEST
        or max(len(fields["author"]), len(fields["note"])) > LONGEST_LINE
    ):
        return replace(asked, fault=gettext("C’est trop long."))
    if not fields["text"]:
        return replace(asked, fault=gettext("Écrivez la réponse."), wrong="text")
    try:
        meant = fit(episode, PublicReply(fields["text"], fields["author"], at, day))
    except RadioError as error:
        return replace(asked, fault=str(error), wrong="at")
    return replace(asked, meant=meant)


def _form(episode: Episode, asked: _Asked, fault: str = "") -> str:
    return render_template(
        "desk_reply.html",
        episode=episode,
        asked=asked,
        fault=fault,
        wrong=asked.wrong if fault else "",
        seen=_seen(episode),
        shown=_shown(asked),
        spoken=catalogue().archive.show(episode.show).language_of(episode),
        longest=LONGEST,
        line=LONGEST_LINE,
    )


def _seen(episode: Episode) -> str:
    """Name the replies that were shown: no others are changed."""
    return hash_of(*episode.protection.replies)


def _shown(asked: _Asked) -> str:
    """Name the reply that was shown as it will stand: no other is published."""
    return hash_of(asked.number, asked.meant)


def _done(episode: Episode, asked: _Asked) -> str | AnyResponse:
    archive, told = catalogue().archive, {"note": asked.fields["note"], "who": visit().account.name}
    try:
        if asked.number:
            old = episode.protection.replies[asked.number - 1]
            put_in_place(archive, episode.key, old, asked.meant, **told)
        elif asked.meant:
            reply(archive, episode.key, asked.meant, **told)
        settle()
    except RadioError as error:
        fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
        return make_response(_form(episode, asked, fault), 409)
    done = url_for("desk.replying", show=episode.show, slug=episode.slug, done=1)
    return redirect(done, 303)
