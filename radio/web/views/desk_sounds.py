"""What keepers hear at the desk: every recording, whatever its rights, a better copy that may
replace it, or itself without the dead air at its ends. Nothing else gives what listeners may not
have (`holdings`)."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Any

from flask import Response, request, url_for
from flask_babel import format_decimal, gettext
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from radio.actions import replacing
from radio.actions.action import NOTE, Input, WrongFieldError
from radio.actions.replacing import listen
from radio.actions.trimming import trim, widen
from radio.actions.undoing import undo
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.ingest import uploads
from radio.ingest.air import is_from_air
from radio.ingest.plan import path_of
from radio.ingest.uploads import SentFile
from radio.search import Index
from radio.sound.borders import Span
from radio.system.disk import open_beneath
from radio.system.errors import ArchiveError, NotFoundError, RadioError, UnlikeError
from radio.system.progress import Progress
from radio.text.transcript import clock
from radio.web.action_page import ActionPage
from radio.web.addresses import media_address
from radio.web.charts import draw_waveform
from radio.web.context import catalogue
from radio.web.desk_pages import chore_seen
from radio.web.gate import desk, rereader, sender, who
from radio.web.views.files import recording


@rereader.get("/sound/<show>/<slug>.<suffix>")
def sound(show: str, slug: str, suffix: str) -> Response:
    """Give the recording of an episode, byte for byte, to the pages of the desk alone."""
    if sender() not in ("here", "untold"):
        raise Forbidden
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    if episode.audio.file != f"{slug}.{suffix}":
        raise NotFoundError(f"{show}/{slug}.{suffix}: no such file")
    return recording(episode, open_beneath(archive.media, show, episode.audio.file))


def sound_address(key: str) -> str:
    """Give the address from which the desk plays an episode: the listeners', if they may."""
    episode = catalogue().archive.episode(key)
    if episode.is_public(dt.datetime.now()) and (listened := media_address(key)):
        return listened
    suffix = episode.audio.suffix
    return url_for("desk.sound", show=episode.show, slug=episode.slug, suffix=suffix)


desk.context_processor(lambda: {"sound_of": sound_address})


class _Replacement(ActionPage[replacing.BetterCopy]):
    """Choose what was sent; show what becomes of both; then replace, in the background."""

    endpoint, place, template = "replacing", "recording", "desk_replace.html"
    is_sure, chore = True, "replace"
    fields = (Input("file", is_needed=True), Input("anyway", "switch"), NOTE)
    sent: SentFile

    def answer(self) -> AnyResponse:
        """Trim the recording, widen it, bring the last one back, or go on as with any action."""
        match request.form.get("act"):
            case "trim" | "borders" | "wider" as act:
                return self.cut(act)
            case "back":
                return self.back()
        return super().answer()

    def cut(self, act: str) -> AnyResponse:
        """Cut at other borders: those of silence, those that are written, or wider ones."""
        what, asked = (self.archive, self.index, self.episode), None
        if act == "borders":
            if request.form.get("sound") != self.episode.audio.sha256:
                self.changed()
                return self.form(409)
            try:
                start, end = map(Input("time", "moment").read, request.form.getlist("time")[:2])
                asked = start or 0.0, self.episode.audio.duration if end is None else end
            except (WrongFieldError, ValueError) as error:
                self.fault = str(error)
                return self.form(422)
        if act == "wider":
            return self.begin(lambda progress: _Widened(widen(*what, who=who(), progress=progress)))
        return self.begin(partial(_trim, *what, who(), asked))

    def back(self) -> AnyResponse:
        """Bring the last recording back."""
        name = request.form.get("name", "")
        try:
            past = replacing.replacements(self.archive, self.episode.key)
            if any(each.name == name for each in past):
                undo(self.archive, name, who())
                return self.done()
            self.fault = gettext("Rien n’a été ramené.")
        except RadioError as error:
            self.fault = gettext("Rien n’a été ramené\u00a0: %(reason)s", reason=str(error))
        return self.form(409)

    def first(self) -> Mapping[str, str]:
        return {}

    def mean(self) -> replacing.BetterCopy:
        """Find what was sent; it is not the recording itself."""
        files = (each for each in _files(self.archive) if each.id == self.texts["file"])
        sent = next(files, None)
        if sent is None or sent.row is None:
            raise WrongFieldError("file", gettext("Choisissez un fichier."))
        self.sent = sent
        copy = replacing.BetterCopy(path_of(sent.row.file), self.values["anyway"], **self.by)
        try:
            replacing.require_other(self.episode, copy)
        except ArchiveError as error:
            message = gettext("Ce fichier est le son de cet épisode lui-même.")
            if sent.sha256 != self.episode.audio.sha256:
                message = gettext(
                    "Un passage a été retiré de cet épisode\u00a0: cochez si le fichier ne l’a pas."
                )
            raise WrongFieldError("file", message) from error
        return copy

    def seen(self) -> tuple[object, ...]:
        """Name both recordings: no others change places."""
        return self.episode.audio.sha256, self.is_read and self.sent.sha256

    def context(self) -> dict[str, Any]:
        chore = chore_seen(self.name_of_chore)
        failed = chore.fault if chore else ""
        if chore and not (failed or chore.is_running or chore.found):
            failed = gettext(
                "le fichier ne ressemble pas à l’épisode\u00a0; si c’est bien lui, cochez la case"
            )
        bars, length = self.archive.waveform(self.episode), self.episode.audio.duration
        return {
            "waveform": draw_waveform(bars, length, (), ()) if bars else None,
            "times": request.form.getlist("time") or ["0:00", clock(ceil(length))],
            "is_from_air": is_from_air(self.episode),
            "files": _files(self.archive),
            "failed": failed,
            "laid": " ".join(_moved(chore and chore.found)),
            "back": next(iter(replacing.replacements(self.archive, self.episode.key)), None),
        }

    def preview(self) -> dict[str, Any]:
        return {"sent": self.sent}

    def act(self) -> AnyResponse:
        """Replace the recording by what was sent; what sounds like another broadcast is refused."""
        archive, index = self.archive, self.index
        episode, copy, sent = self.episode, self.meant, self.sent

        def put(progress: Progress) -> replacing.CopyHeard | None:
            try:
                heard = listen(archive, episode, copy, lambda share: progress(share / 2))
            except UnlikeError:
                return None
            what = archive, index, episode, copy, heard
            replacing.put_in_place(*what, lambda share: progress(0.5 + share / 2))
            uploads.remove(archive, sent)
            return heard

        return self.begin(put)


def _files(archive: Archive) -> Sequence[SentFile]:
    return [each for each in uploads.uploads(archive) if each.sha256 and each.row]


@dataclass(frozen=True)
class _Trimmed:
    kept: Span | None  # None where there was no dead air


@dataclass(frozen=True)
class _Widened:
    later: float  # the second at which it began before


def _trim(
    archive: Archive,
    index: Index,
    episode: Episode,
    who: str,
    asked: Span | None,
    progress: Progress,
) -> _Trimmed:
    return _Trimmed(trim(archive, index, episode, asked=asked, who=who, progress=progress))


def _moved(heard: object) -> Iterator[str]:
    if isinstance(heard, _Trimmed):
        start, end = (clock(each) for each in heard.kept or (0.0, 0.0))
        cut = gettext("Gardé de %(start)s à %(end)s\u00a0; le texte suit.", start=start, end=end)
        yield cut if heard.kept else gettext("Il n’y a pas de silence à couper.")
    if isinstance(heard, _Widened):
        yield gettext(
            "La pige a été reprise\u00a0: l’émission commençait à %(start)s. Choisissez ses bords.",
            start=clock(heard.later),
        )
    if not isinstance(heard, replacing.CopyHeard):
        return
    yield gettext("Le son est remplacé.")
    offset = heard.moments.offset
    late = format_decimal(abs(offset or 0), "0.00")
    if not heard.is_known:
        yield gettext(
            "La machine n’y reconnaît pas l’épisode\u00a0: le texte n’a pas été "
            "recalé. Il garde ses moments\u00a0: réécoutez-le, ou demandez à qui gère la "
            "machine de le transcrire de nouveau."
        )
    elif offset is None:
        yield gettext("Le texte est recalé sur le nouveau son.")
    elif offset > 0:
        yield gettext("Tout y est dit %(seconds)s s plus tard\u00a0; le texte suit.", seconds=late)
    elif offset < 0:
        yield gettext("Tout y est dit %(seconds)s s plus tôt\u00a0; le texte suit.", seconds=late)
    for each in heard.moments.gaps():
        times = {"at": clock(each.at), "lacks": f"{each.lacks:.0f}", "adds": f"{each.adds:.0f}"}
        yield gettext("À %(at)s, il manque %(lacks)s s, et %(adds)s s sont en plus.", **times)
    if not heard.is_whole:
        yield gettext("L’un contient plus que l’autre\u00a0: relisez le texte, ou refaites-le.")


_Replacement.register()
