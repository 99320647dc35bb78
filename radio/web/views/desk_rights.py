"""The page of the desk on rights to an episode, its music, and what is made for other radios."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import LONGEST, NOTE, Input, WrongFieldError
from radio.actions.protecting import grant
from radio.archive.episode import Episode
from radio.archive.protection import read_moment
from radio.archive.rights import Rights
from radio.archive.tunes import Tune, read_tune, write_tune
from radio.derived.chapters import chapters_of
from radio.formats.playlists import render_tunes
from radio.french.letters import tidy
from radio.kit import music_free
from radio.kit import rebroadcast as kit
from radio.system.disk import stamp
from radio.system.progress import Progress
from radio.web import ranges
from radio.web.action_page import ActionPage
from radio.web.context import catalogue
from radio.web.desk_pages import chore_seen, chores, start
from radio.web.gate import keeper
from radio.web.headers import file_of
from radio.web.views.files import attachment

LARGEST = 256 << 10  # bytes of the form: some hundreds of tunes
EMPTY = 3  # rows for tunes that are not there yet
TIMES = ("length", "start")
CELLS = ("artist", "title", "label", *TIMES)
SWITCHES = ("listen", "download", "feed", "radios_only", "music_free")

Row = dict[str, str]  # the cells of a tune


class _Rights(ActionPage[tuple[Rights, tuple[str, ...]]]):
    """Say what listeners may do with a recording, and which music it plays, in lines."""

    endpoint, place, template, most = "rights", "rights", "desk_rights.html", LARGEST
    fields = (*(Input(each, "switch") for each in SWITCHES), Input("reason"), NOTE)

    def first(self) -> Mapping[str, str]:
        rights = self.episode.rights
        switches = {each: "1" if getattr(rights, each) else "" for each in SWITCHES}
        return {**switches, "reason": rights.reason}

    def mean(self) -> tuple[Rights, tuple[str, ...]]:
        return Rights(**self.values), tuple(_lines(self.episode))

    def seen(self) -> tuple[object, ...]:
        return (self.episode.rights, *self.episode.playlist)

    def changed(self) -> None:
        fault = gettext(
            "Rien n’a été changé\u00a0: l’épisode a changé entre-temps. Comparez les deux."
        )
        self.fault = fault

    def context(self) -> dict[str, Any]:
        archive, episode = self.archive, self.episode
        copy, packed = music_free.made_copy(archive, episode), kit.find_kit(archive, episode)
        played = (_row(read_tune(line)) for line in episode.playlist)
        rows = _written() if request.method == "POST" else played
        return {
            "rows": [*rows, *[dict.fromkeys(CELLS, "")] * EMPTY],
            "longest": LONGEST,
            "is_late": self.is_read and bool(self.fault),
            "plan": music_free.known_plan(archive, episode),
            "copy": stamp(copy)[1] if copy else 0,
            "kit": stamp(packed)[1] if packed else 0,
            "is_kit_gone": not packed and f"kit {episode.key}" in chores().done,
            "heard": archive.holds(archive.evidence_path(episode.key)),
            "chores": {each: chore_seen(f"{each} {episode.key}") for each in ("kit", "copy")},
        }

    def act(self) -> AnyResponse:
        rights, playlist = self.meant
        fields: dict[str, Any] = {"rights": rights, "playlist": playlist, **self.by}
        grant(self.archive, [self.episode.key], seen=self.episode, **fields)
        return self.done()


def _row(tune: Tune) -> Row:
    times = write_tune(Tune("", length=tune.length, start=tune.start)).split()
    length = next((each for each in times if not each.startswith("@")), "")
    start = next((each[1:] for each in times if each.startswith("@")), "")
    cells = tune.artist, tune.title, tune.label, length, start
    return dict(zip(CELLS, cells, strict=True))


def _written() -> list[Row]:
    columns = [[tidy(cell) for cell in request.form.getlist(name)] for name in CELLS]
    rows = (dict(zip(CELLS, cells, strict=True)) for cells in zip_longest(*columns, fillvalue=""))
    return [row for row in rows if any(row.values())]


def _lines(episode: Episode) -> Iterator[str]:
    """Write the rows as unambiguous lines of the playlist. Raises WrongFieldError."""
    known = {tuple(_row(read_tune(line)).values()): line for line in episode.playlist}
    for number, row in enumerate(_written(), 1):
        place, why = f"title-{number}", ""
        for cell in row.values():
            Input(place).read(cell)
        line = known.get(tuple(row.values()), "")
        if not line:
            times = [read_moment(row[name]) if row[name] else None for name in TIMES]
            tune = Tune(row["title"], row["artist"], row["label"], *times)
            line = write_tune(tune)
            if not tune.title:
                why = gettext("il manque le titre.")
            elif any(row[name] and at is None for name, at in zip(TIMES, times, strict=True)):
                why = gettext("écrivez les temps comme 2:12, 1:02:03 ou 75.")
            elif _row(read_tune(line)) != _row(tune):
                why = gettext("ni crochets, ni tiret entre deux espaces, ni temps dans un nom.")
        if why:
            message = gettext("Ligne %(number)s\u00a0: %(why)s", number=number, why=why)
            raise WrongFieldError(place, message)
        yield line


@keeper.get("/rights/<show>/<slug>/playlist.csv")
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


_Rights.register()
