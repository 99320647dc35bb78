"""The page of the desk on what may be done with an episode, and on the music that it plays."""

from dataclasses import dataclass, replace
from itertools import zip_longest

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.granting import grant
from radio.archive.episode import Episode
from radio.archive.redaction import read_moment
from radio.archive.rights import Rights
from radio.archive.tunes import Tune, read_tune, write_tune
from radio.formats.tune_rows import render_tunes
from radio.kit import music_free
from radio.kit import rebroadcast as kit
from radio.proposals.intake import tidy
from radio.proposals.queue import hash_of
from radio.system.disk import stamp
from radio.system.errors import ArchiveError
from radio.web.chores import chore_seen
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, takes, visit
from radio.web.settling import settle
from radio.web.views.files import attachment

LARGEST = 256 << 10  # bytes of the form: some hundreds of tunes
LONGEST = 300  # characters of a line
EMPTY = 3  # rows for tunes that are not there yet
CELLS = ("artist", "title", "label", "length", "start")
SWITCHES = ("listen", "download", "feed", "radios_only", "music_free")

Row = dict[str, str]
"""What is written in the cells of a tune."""


@dataclass(frozen=True)
class _Asked:
    """What a keeper wrote in the form, and what it means; with what is wrong about it."""

    rights: Rights
    rows: tuple[Row, ...]
    note: str = ""
    playlist: tuple[str, ...] = ()
    fault: str = ""
    wrong: int = 0  # the row that is wrong, from 1


@desk.route("/rights/<show>/<slug>", methods=["GET", "POST"])
@keeper
@takes(LARGEST)
def rights(show: str, slug: str) -> str | AnyResponse:
    """Say what listeners may do with a recording, and which music it plays."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        return _form(episode, _standing(episode))
    asked = _read(episode)
    if request.form.get("seen", _seen(episode)) != _seen(episode):
        fault = gettext("Rien n’a été changé\u00a0: l’épisode l’a été depuis. Comparez les deux.")
        page = _form(episode, replace(asked, fault=fault, wrong=0), is_late=True)
        return make_response(page, 409)
    if asked.fault:
        return make_response(_form(episode, asked), 422)
    try:
        given = {"note": asked.note, "who": visit().account.name}
        if grant(archive, episode.key, asked.rights, asked.playlist, **given, seen=episode):
            settle()
    except ArchiveError as error:
        fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
        return make_response(_form(episode, replace(asked, fault=fault)), 409)
    return redirect(url_for("desk.rights", show=show, slug=slug, done=1), 303)


@desk.get("/rights/<show>/<slug>/playlist.csv")
@keeper
def playlist(show: str, slug: str) -> Response:
    """Give the music of an episode as rights societies ask for it."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    table = render_tunes([(archive.show(show), episode)])
    response = Response(table, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = attachment(episode, "musiques.csv")
    return response


def _form(episode: Episode, asked: _Asked, *, is_late: bool = False) -> str:
    archive = catalogue().archive
    copy, packed = music_free.made_copy(archive, episode), kit.find_kit(archive, episode)
    return render_template(
        "desk_rights.html",
        episode=episode,
        asked=asked,
        fault=asked.fault,
        is_late=is_late,
        seen=_seen(episode),
        longest=LONGEST,
        plan=music_free.known_plan(archive, episode),
        copy=stamp(copy)[1] if copy else 0,
        kit=stamp(packed)[1] if packed else 0,
        heard=archive.holds(archive.evidence_path(episode.key)),
        chores={each: chore_seen(f"{each} {episode.key}") for each in ("kit", "copy")},
    )


def _seen(episode: Episode) -> str:
    """Name the state that was shown: no other one is changed, by a page that lay open for long."""
    return hash_of(episode.rights, *episode.playlist)


def _standing(episode: Episode) -> _Asked:
    rows = [_row(read_tune(line)) for line in episode.playlist]
    return _Asked(episode.rights, _with_empty(rows))


def _with_empty(rows: list[Row]) -> tuple[Row, ...]:
    return (*rows, *(dict.fromkeys(CELLS, "") for _each in range(EMPTY)))


def _row(tune: Tune) -> Row:
    """Write a tune into cells."""
    times = write_tune(Tune("", length=tune.length, start=tune.start)).split()
    length = next((each for each in times if not each.startswith("@")), "")
    start = next((each[1:] for each in times if each.startswith("@")), "")
    cells = tune.artist, tune.title, tune.label, length, start
    return dict(zip(CELLS, cells, strict=True))


def _read(episode: Episode) -> _Asked:
    """Read what is asked for, with what is wrong about it; empty rows count for nothing."""
    form = request.form
    columns = [[tidy(cell) for cell in form.getlist(name)] for name in CELLS]
    rows = [dict(zip(CELLS, cells, strict=True)) for cells in zip_longest(*columns, fillvalue="")]
    rows = [row for row in rows if any(row.values())]
    values = {name: name in form for name in SWITCHES}
    reason, note = tidy(form.get("reason", "")), tidy(form.get("note", ""))
    asked = _Asked(Rights(**values, reason=reason), _with_empty(rows), note)
    if max(map(len, (reason, note, *(cell for row in rows for cell in row.values())))) > LONGEST:
        return replace(asked, fault=gettext("C’est trop long."))
    known = {tuple(_row(read_tune(line)).values()): line for line in episode.playlist}
    lines = list[str]()
    for number, row in enumerate(rows, 1):
        line = known.get(tuple(row.values())) or _line(row)
        if not line:
            fault = gettext("Ligne %(number)s\u00a0: %(why)s", number=number, why=_why(row))
            return replace(asked, fault=fault, wrong=number)
        lines.append(line)
    return replace(asked, playlist=tuple(lines))


def _line(row: Row) -> str:
    """Write a row as a line of the playlist; nothing where it would not be read as it is meant."""
    times = [read_moment(row[name]) if row[name] else None for name in ("length", "start")]
    tune = Tune(row["title"], row["artist"], row["label"], *times)
    written = [name for name in ("length", "start") if row[name]]
    if not tune.title or len(written) != sum(each is not None for each in times):
        return ""
    line = write_tune(tune)
    return line if write_tune(read_tune(line)) == line and _same(read_tune(line), tune) else ""


def _same(read: Tune, meant: Tune) -> bool:
    names = ("title", "artist", "label")
    return all(getattr(read, name) == getattr(meant, name) for name in names)


def _why(row: Row) -> str:
    if not row["title"]:
        return str(gettext("il manque le titre."))
    if any(row[name] and read_moment(row[name]) is None for name in ("length", "start")):
        return str(gettext("écrivez les temps comme 2:12, 1:02:03 ou 75."))
    return str(gettext("ni crochets, ni tiret entre deux espaces, ni temps dans un nom."))
