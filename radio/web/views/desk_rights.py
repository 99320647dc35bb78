"""Pages of the desk on the music of an episode, and on what others may do with it: listeners, and
other radios, for which something is made."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import NOTE, Input
from radio.actions.protecting import grant
from radio.archive.rights import Rights
from radio.archive.tunes import read_tune
from radio.derived.chapters import chapters_of
from radio.formats.playlists import render_tunes
from radio.kit import music_free
from radio.kit import rebroadcast as kit
from radio.system.disk import stamp
from radio.system.progress import Progress
from radio.web import ranges
from radio.web.action_page import ActionPage, Meant
from radio.web.context import catalogue
from radio.web.desk_pages import chore_seen, chores, start
from radio.web.gate import keeper
from radio.web.headers import file_of
from radio.web.views.files import attachment

LARGEST = 256 << 10  # bytes of the form: some hundreds of tunes
LONGEST = 60_000  # characters of them
SWITCHES = ("listen", "download", "feed", "radios_only", "music_free")


class _Compared(ActionPage[Meant]):
    """A page that shows what holds by now beside what was written."""

    def changed(self) -> None:
        self.fault = gettext(
            "Rien n’a été changé\u00a0: l’épisode a changé entre-temps. Comparez les deux."
        )

    def context(self) -> dict[str, Any]:
        return {"is_late": self.is_read and bool(self.fault)}

    def write(self, **fields: Any) -> AnyResponse:
        """Write some fields of the episode, as it was shown."""
        grant(self.archive, [self.episode.key], seen=[self.episode], **fields, **self.by)
        return self.done()


class _Music(_Compared[tuple[str, ...]]):
    """List the music of an episode, a line for each tune, and show how each was read."""

    endpoint, place, template, most = "music", "music", "desk_music.html", LARGEST
    fields = (Input("playlist", "text", LONGEST), NOTE)

    def first(self) -> Mapping[str, str]:
        return {"playlist": "\n".join(self.episode.playlist)}

    def mean(self) -> tuple[str, ...]:
        return tuple(filter(None, map(str.strip, self.values["playlist"].splitlines())))

    def seen(self) -> tuple[object, ...]:
        return self.episode.playlist

    def context(self) -> dict[str, Any]:
        return {**super().context(), "tunes": map(read_tune, self.episode.playlist)}

    def act(self) -> AnyResponse:
        return self.write(playlist=self.meant)


class _Rights(_Compared[Rights]):
    """Say what others may do with a recording, and have made what another radio needs."""

    endpoint, place, template = "rights", "rights", "desk_rights.html"
    fields = (*(Input(each, "switch") for each in SWITCHES), Input("reason"), NOTE)

    def first(self) -> Mapping[str, str]:
        rights = self.episode.rights
        switches = {each: "1" if getattr(rights, each) else "" for each in SWITCHES}
        return {**switches, "reason": rights.reason}

    def mean(self) -> Rights:
        return Rights(**self.values)

    def seen(self) -> tuple[object, ...]:
        return (self.episode.rights,)

    def context(self) -> dict[str, Any]:
        archive, episode = self.archive, self.episode
        copy, packed = music_free.made_copy(archive, episode), kit.find_kit(archive, episode)
        return {
            **super().context(),
            "plan": music_free.known_plan(archive, episode),
            "copy": stamp(copy)[1] if copy else 0,
            "kit": stamp(packed)[1] if packed else 0,
            "is_kit_gone": not packed and f"kit {episode.key}" in chores().done,
            "heard": archive.holds(archive.evidence_path(episode.key)),
            "chores": {each: chore_seen(f"{each} {episode.key}") for each in ("kit", "copy")},
        }

    def act(self) -> AnyResponse:
        return self.write(rights=self.meant)


@keeper.get("/music/<show>/<slug>/playlist.csv", "/rights/<show>/<slug>/playlist.csv")
def playlist(show: str, slug: str) -> Response:
    """Give the music of an episode as rights societies ask for it."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    table = render_tunes([(archive.show(show), episode)])
    named = attachment(episode, "musiques.csv")
    return file_of(table, "text/csv; charset=utf-8", named=named)


@keeper.post("/making/<show>/<slug>")
def making(show: str, slug: str) -> AnyResponse:
    """Begin to make a kit or a copy without music, beside all else."""
    archive, what = catalogue().archive, request.form.get("what", "")
    episode = archive.episode(f"{show}/{slug}")

    def make(progress: Progress) -> None:
        if what == "copy":
            music_free.make_copy(archive, episode, progress)
        else:
            kit.make_kit(archive, episode, chapters_of(archive, episode), progress)

    if what not in ("copy", "kit"):
        raise NotFound
    page = url_for("desk.rights", show=show, slug=slug, _anchor=what)
    return start(f"{what} {episode.key}", make, page)


@keeper.get("/making/<show>/<slug>/<any(kit, copy):what>")
def made(show: str, slug: str, what: str) -> Response:
    """Give what was made."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    find, mime, suffix = kit.find_kit, "application/zip", "zip"
    if what == "copy":
        find, mime, suffix = music_free.made_copy, "audio/mpeg", "sans-musique.mp3"
    return ranges.respond_made(find(archive, episode), mime, attachment(episode, suffix))


_Music.register()
_Rights.register()
