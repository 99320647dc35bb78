"""The page of the desk on which a better copy, sent before, takes the place of a recording."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask_babel import format_decimal, gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import NOTE, Input, WrongFieldError
from radio.actions.reinstating import replacements
from radio.actions.replacing import BetterCopy, CopyHeard, listen, put_in_place, require_other
from radio.actions.undoing import undo
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.ingest import uploads
from radio.ingest.plan import path_of
from radio.ingest.uploads import SentFile
from radio.search import Index
from radio.system.errors import ArchiveError, RadioError, UnlikeError
from radio.system.progress import Progress
from radio.text.transcript import clock
from radio.web.action_page import ActionPage, Submission, who
from radio.web.chores import chore_seen
from radio.web.context import catalogue
from radio.work.chore import Chore


@dataclass(frozen=True)
class SentCopy:
    """A file that was sent, and as what it is to be taken."""

    sent: SentFile
    copy: BetterCopy


class ReplacementPage(ActionPage[SentCopy]):
    """Choose what was sent; show what becomes of both; then replace, beside all else."""

    endpoint, place, chore = "replacing", "recording", "replace"
    template, sure = "desk_replace.html", "desk_replace_sure.html"
    fields = (Input("file", is_needed=True), Input("anyway", "switch"), NOTE)

    def answer(self, episode: Episode) -> str | AnyResponse:
        """Bring the last recording back, or go on as with any action."""
        if request.form.get("act") == "back":
            return self._back(episode)
        return super().answer(episode)

    def first(self, episode: Episode) -> Submission[SentCopy]:
        """Choose nothing yet."""
        return Submission({})

    def mean(self, episode: Episode, asked: Submission[SentCopy]) -> SentCopy:
        """Find what was sent; it is not the recording itself."""
        files = (each for each in _files(catalogue().archive) if each.id == asked.texts["file"])
        sent = next(files, None)
        if sent is None or sent.row is None:
            raise WrongFieldError("file", gettext("Choisissez un fichier."))
        copy = BetterCopy(path_of(sent.row.file), asked.values["anyway"], asked.note, who())
        try:
            require_other(episode, copy)
        except ArchiveError as error:
            raise WrongFieldError("file", _why(episode, sent)) from error
        return SentCopy(sent, copy)

    def seen(self, episode: Episode, asked: Submission[SentCopy]) -> tuple[object, ...]:
        """Name both recordings: no others change places."""
        return episode.audio.sha256, asked.meant and asked.meant.sent.sha256

    def context(self, episode: Episode, asked: Submission[SentCopy]) -> dict[str, Any]:
        """List what was sent, and say how the last time ended."""
        archive, chore = catalogue().archive, chore_seen(self.chore_of(episode))
        return {
            "files": _files(archive),
            "failed": _fault_of(chore),
            "laid": " ".join(_laid(chore and chore.found)),
            "back": next(iter(replacements(archive, episode.key)), None),
        }

    def preview(
        self, episode: Episode, asked: Submission[SentCopy], meant: SentCopy
    ) -> dict[str, Any]:
        """Show what was sent."""
        return {"sent": meant.sent}

    def act(self, episode: Episode, asked: Submission[SentCopy], meant: SentCopy) -> AnyResponse:
        """Begin it."""
        archive, index = catalogue().archive, catalogue().index
        return self.begin(
            episode, lambda progress: _replace(archive, index, episode, meant, progress)
        )

    def _back(self, episode: Episode) -> AnyResponse:
        """Bring the last recording back that was replaced."""
        archive, name = catalogue().archive, request.form.get("name", "")
        found = (each for each in replacements(archive, episode.key) if each.name == name)
        try:
            if (act := next(found, None)) is None:
                fault = gettext("Rien n’a été ramené.")
                return self.form(episode, Submission({}, fault=str(fault)), 409)
            undo(archive, act.name, who())
        except RadioError as error:
            fault = gettext("Rien n’a été ramené\u00a0: %(reason)s", reason=str(error))
            return self.form(episode, replace(self.first(episode), fault=str(fault)), 409)
        return self.done(episode)


def _why(episode: Episode, sent: SentFile) -> str:
    """Say why a file is not listened to (`require_other`)."""
    if sent.sha256 == episode.audio.sha256:
        return str(gettext("Ce fichier est le son de cet épisode lui-même."))
    told = gettext("Un passage a été retiré de cet épisode\u00a0: cochez si le fichier ne l’a pas.")
    return str(told)


def _files(archive: Archive) -> Sequence[SentFile]:
    """List what was sent and is whole."""
    return [each for each in uploads.uploads(archive) if each.sha256 and each.row]


def _replace(
    archive: Archive, index: Index, episode: Episode, meant: SentCopy, progress: Progress
) -> CopyHeard | None:
    """Listen to both, then replace; what was sent is in the archive then, and nowhere else.

    None if it sounds like another broadcast, and nothing is done.
    """
    copy = meant.copy
    try:
        heard = listen(archive, episode, copy, lambda share: progress(share / 2))
    except UnlikeError:
        return None
    put_in_place(archive, index, episode, copy, heard, lambda share: progress(0.5 + share / 2))
    uploads.remove(archive, meant.sent)
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


ReplacementPage().register()
