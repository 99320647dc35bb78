"""The page of the desk on which a better copy, sent before, takes the place of a recording."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import format_decimal, gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.reinstating import replacements
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.ingest import uploads
from radio.ingest.plan import path_of
from radio.ingest.uploads import SentFile
from radio.proposals.intake import tidy
from radio.proposals.queue import hash_of
from radio.proposals.undoing import undo
from radio.search import Index
from radio.system.errors import ArchiveError, RadioError, UnlikeError
from radio.system.progress import Progress
from radio.text.transcript import clock
from radio.web.chores import busy, chore_seen, chores
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, visit
from radio.web.settling import settle
from radio.work.chore import Chore
from radio.work.replacing import BetterCopy, CopyHeard, listen, put_in_place, require_other

LONGEST = 300  # characters of a note


@dataclass(frozen=True)
class _Asked:
    """What a keeper asks for in the form."""

    file: str = ""  # the id of what was sent
    is_sure: bool = False
    note: str = ""
    fault: str = ""


@desk.route("/recording/<show>/<slug>", methods=["GET", "POST"])
@keeper
def replacing(show: str, slug: str) -> str | AnyResponse:
    """Choose what was sent; show what becomes of both; then replace, beside all else."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        return _form(episode, _Asked())
    if request.form.get("act") == "back":
        return _back(episode)
    note = tidy(request.form.get("note", ""))
    asked = _Asked(request.form.get("file", ""), "anyway" in request.form, note)
    sent = next((each for each in _files(archive) if each.id == asked.file), None)
    if sent is None or sent.row is None or len(note) > LONGEST:
        fault = gettext("Choisissez un fichier.") if sent is None else gettext("C’est trop long.")
        return _refused(episode, asked, fault, 422)
    copy = BetterCopy(path_of(sent.row.file), asked.is_sure, note, visit().account.name)
    try:
        require_other(episode, copy)
    except ArchiveError:
        return _refused(episode, asked, _why(episode, sent), 422)
    if request.form.get("sure") != _seen(episode, sent):
        return make_response(_sure(episode, asked, sent), 200)
    return _done(episode, sent, copy)


def _why(episode: Episode, sent: SentFile) -> str:
    """Say why a file is not listened to (`require_other`)."""
    if sent.sha256 == episode.audio.sha256:
        return str(gettext("Ce fichier est le son de cet épisode lui-même."))
    told = gettext("Un passage a été retiré de cet épisode\u00a0: cochez si le fichier ne l’a pas.")
    return str(told)


def _files(archive: Archive) -> Sequence[SentFile]:
    """List what was sent and is whole."""
    return [each for each in uploads.uploads(archive) if each.sha256 and each.row]


def _seen(episode: Episode, sent: SentFile) -> str:
    """Name both recordings that were shown: no others change places."""
    return hash_of(episode.audio.sha256, sent.sha256)


def _form(episode: Episode, asked: _Asked, fault: str = "") -> str:
    archive, chore = catalogue().archive, chore_seen(_name(episode))
    return render_template(
        "desk_replace.html",
        episode=episode,
        asked=asked,
        fault=fault,
        files=_files(archive),
        chore=chore,
        failed=_fault_of(chore),
        laid=" ".join(_laid(chore and chore.found)),
        back=next(iter(replacements(archive, episode.key)), None),
        longest=LONGEST,
    )


def _sure(episode: Episode, asked: _Asked, sent: SentFile) -> str:
    seen = _seen(episode, sent)
    told = {"episode": episode, "asked": asked, "sent": sent, "seen": seen}
    return render_template("desk_replace_sure.html", **told)


def _refused(episode: Episode, asked: _Asked, fault: str, code: int) -> AnyResponse:
    return make_response(_form(episode, asked, fault), code)


def _name(episode: Episode) -> str:
    return f"replace {episode.key}"


def _done(episode: Episode, sent: SentFile, copy: BetterCopy) -> AnyResponse:
    archive, index = catalogue().archive, catalogue().index
    begun = chores().begin(
        _name(episode),
        lambda progress: _replace(archive, index, episode, sent, copy, progress),
    )
    if not begun:
        return busy()
    return redirect(url_for("desk.replacing", show=episode.show, slug=episode.slug), 303)


def _replace(
    archive: Archive,
    index: Index,
    episode: Episode,
    sent: SentFile,
    copy: BetterCopy,
    progress: Progress,
) -> CopyHeard | None:
    """Listen to both, then replace; what was sent is in the archive then, and nowhere else.

    None if it sounds like another broadcast, and nothing is done.
    """
    try:
        heard = listen(archive, episode, copy, lambda share: progress(share / 2))
    except UnlikeError:
        return None
    put_in_place(archive, index, episode, copy, heard, lambda share: progress(0.5 + share / 2))
    uploads.remove(archive, sent)
    return heard


def _fault_of(chore: Chore | None) -> str:
    """Say why a recording was not replaced; nothing where it was, or where that goes on."""
    if chore is None or chore.is_running or chore.fault or chore.found:
        return chore.fault if chore else ""
    return str(
        gettext("le fichier ne ressemble pas à l’épisode\u00a0; si c’est bien lui, cochez-le")
    )


def _laid(heard: object) -> Iterator[str]:
    """Say how the text lies on what was heard."""
    if not isinstance(heard, CopyHeard):
        return
    offset = heard.moments.offset
    if not heard.is_known:
        yield gettext(
            "La machine n’y reconnaît pas l’épisode\u00a0: le texte a gardé ses moments "
            "d’avant. Faites-le refaire (radio transcribe --again), puis posez-y le texte relu "
            "(radio text align)."
        )
    elif offset is None:
        yield gettext("Le texte y est posé, moment par moment.")
    elif offset:
        told = format_decimal(abs(offset), "0.00")
        if offset > 0:
            yield gettext(
                "Tout y est dit %(seconds)s s plus tard\u00a0; le texte suit.", seconds=told
            )
        else:
            yield gettext(
                "Tout y est dit %(seconds)s s plus tôt\u00a0; le texte suit.", seconds=told
            )
    for each in heard.moments.gaps():
        lacks, adds = f"{each.lacks:.0f}", f"{each.adds:.0f}"
        yield gettext(
            "À %(at)s, il y manque %(lacks)s s, et %(adds)s s y sont de plus.",
            at=clock(each.at),
            lacks=lacks,
            adds=adds,
        )
    if not heard.is_whole:
        yield gettext(
            "L’un contient plus que l’autre\u00a0: relisez le texte, ou faites-le refaire."
        )


def _back(episode: Episode) -> AnyResponse:
    """Bring the last recording back that was replaced."""
    archive, name = catalogue().archive, request.form.get("name", "")
    act = next((each for each in replacements(archive, episode.key) if each.name == name), None)
    try:
        if act is None:
            return _refused(episode, _Asked(), gettext("Rien n’a été ramené."), 409)
        undo(archive, act.name, visit().account.name)
        settle()
    except RadioError as error:
        fault = gettext("Rien n’a été ramené\u00a0: %(reason)s", reason=str(error))
        return _refused(episode, _Asked(), fault, 409)
    done = url_for("desk.replacing", show=episode.show, slug=episode.slug, done=1)
    return redirect(done, 303)
