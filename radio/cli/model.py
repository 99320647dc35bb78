"""Fetch and name the weights of Whisper, and say which ones suit this machine."""

import dataclasses
import os
import shutil
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import click

from radio.cli.commands import Group
from radio.cli.lines import say, tell
from radio.cli.terminal import as_json, option, progress_bar, say_json
from radio.system import process
from radio.system.messages import _
from radio.transcribe import advice, engines
from radio.transcribe.advice import NIGHT, SHARE, Candidate, Pace, Room
from radio.transcribe.models import catalogue, voices, weights

SOUND = "2024-01-16-les-micros-de-la-rue.mp3"
"""The sample show on which a machine is measured."""

BUSY = 0.5
"""Programs at work for each core from which on a measurement says too little."""

NOTHING = "–"
"""Stands in a table where nothing is known."""

OF_ENGINES = click.Choice(sorted(engines.PACKAGES, reverse=True))


@click.group("model", cls=Group)
def command() -> None:
    """Fetch or list the weights of Whisper, or have some recommended."""


@command.command()
@option("--engine", _("Only this one; by default all installed."), type=OF_ENGINES)
@as_json
def advise(engine: str | None, as_json: bool) -> None:
    """Measure this machine for some seconds, and recommend a model for it."""
    ours = engines.choose(engine or engines.usual())
    others = [each for each in engines.FASTEST_FIRST if engines.is_installed(each) and not engine]
    paces = {name: _measure(name) for name in dict.fromkeys([ours, *others])}
    rows = {name: advice.choices(name, pace) for name, pace in paces.items()}
    room = _room()
    recommended = advice.recommend(rows[ours], room)
    listed = [each for some in rows.values() for each in some]
    if as_json:
        told = {
            "cores": os.cpu_count(),
            "memory": room.memory,
            "disk": room.disk,
            "models": [dataclasses.asdict(each) for each in listed],
            "errors_from": catalogue.ERROR_SOURCE,
            "recommended": dataclasses.asdict(recommended),
        }
        say_json(told)
        return
    _show(listed, recommended, [each for each in paces.values() if each])
    say(reason(recommended, rows[ours], room))
    for other in others:
        if (also := advice.recommend(rows[other], room)).model != recommended.model:
            say(_("With `--engine {engine}` it would be {model}."), engine=other, model=also.model)


@command.command()
@click.argument("name", metavar=_("NAME"), required=False)
@option(
    "--engine",
    _("That will use them; by default openai where it is installed, else faster."),
    type=OF_ENGINES,
)
def fetch(name: str | None, engine: str | None) -> None:
    """Fetch weights by name (base, small, medium…), by default those that suit this machine.

    `voices` is the network that tells who speaks.
    """
    if name == voices.NAME:
        with progress_bar(_("Network of voices")) as progress:
            path = voices.fetch(progress)
        say(path)
        return
    engine = engines.choose(engine or engines.usual())
    if name is None:
        recommended = _recommended(engine)
        name = recommended.model
        if recommended.is_here:
            say(engines.find(engine, name).path)
            return
    say(_fetch(engine, name))


@command.command("list")
def list_models() -> None:
    """Name the weights that are here."""
    for each in weights.installed():
        say(f"{each.name}  {each.size / 1e6:.0f} MB  {each.form}  {each.path}")
    if voices.is_here():
        say(f"{voices.NAME}  {voices.path().stat().st_size / 1e6:.0f} MB  {voices.path()}")
    tell(_("in {folder}"), folder=weights.folder())


def _fetch(engine: str, name: str) -> Path:
    with progress_bar(f"Whisper {name}") as progress:
        return engines.fetch(engine, name, progress).path


def _recommended(engine: str) -> Candidate:
    """Recommend a model for an engine, and say why; without weights, fetch `base` to measure."""
    if catalogue.lightest(engines.readable(engine)) is None:
        tell(_("First base, to measure this machine with it."))
        _fetch(engine, advice.LEAST)
    rows, room = advice.choices(engine, _measure(engine)), _room()
    recommended = advice.recommend(rows, room)
    tell(reason(recommended, rows, room))
    return recommended


def _measure(engine: str) -> Pace | None:
    model = catalogue.lightest(engines.readable(engine))
    if model is None:
        return None
    if os.getloadavg()[0] > BUSY * (os.cpu_count() or 1):
        tell(_("The machine is busy; at rest it does more: ask again then."))
    label = _("Measuring this machine with {model}, {engine}").format(model=model, engine=engine)
    sound = resources.files("radio") / "demo" / SOUND
    with resources.as_file(sound) as path, progress_bar(label) as progress:
        return advice.measure(engine, model, path, progress)


def _room() -> Room:
    folder = weights.folder()
    present = next(each for each in (folder, *folder.parents) if each.exists())
    return Room(process.memory().total, shutil.disk_usage(present).free)


def _show(rows: Sequence[Candidate], recommended: Candidate, paces: Sequence[Pace]) -> None:
    memory, disk = process.memory(), _room().disk
    say(
        _("This machine: {cores} cores, {memory} of memory ({free} free), {disk} free on disk."),
        cores=os.cpu_count(),
        memory=_size(memory.total),
        free=_size(memory.free),
        disk=_size(disk),
    )
    say(_table(rows, recommended))
    for pace in paces:
        told = _(
            "{engine}: hours measured with {model} on a sample show, the machine as busy as it "
            "is; those of other models and the memory are estimates, from the sizes of their "
            "networks."
        )
        say(told, engine=pace.engine, model=pace.model.name)
    say(_("Wrong words in French: {source}"), source=catalogue.ERROR_SOURCE)


def _table(rows: Sequence[Candidate], recommended: Candidate) -> str:
    head = (
        "",
        _("model"),
        _("engine"),
        _("download"),
        _("memory"),
        _("hours/night"),
        _("wrong words"),
    )
    lines = [head, *(_row(each, each == recommended) for each in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _row(choice: Candidate, is_recommended: bool) -> tuple[str, ...]:
    return (
        "→" if is_recommended else "",
        choice.model,
        choice.engine,
        _("here") if choice.is_here else _size(choice.download),
        _size(choice.memory),
        NOTHING if choice.hours is None else f"{choice.hours:.0f} h",
        NOTHING if choice.error is None else f"{100 * choice.error:.0f} %",
    )


def reason(recommended: Candidate, rows: Sequence[Candidate], room: Room) -> str:
    """Say in a sentence why a model is recommended."""
    if recommended.model not in (advice.LEAST, advice.SMALLEST):
        return _(
            "{model}: the best that this machine does faster than life ({hours:.0f} h of show in a "
            "night) within half of its memory."
        ).format(model=recommended.model, hours=recommended.hours)
    if recommended.hours is None:
        return _(
            "{model} first: without weights nothing can be measured; "
            "`radio model fetch {model}`, then ask again."
        ).format(model=recommended.model)
    better = rows[[each.model for each in rows].index(recommended.model) + 1]
    share = 1.0 if recommended.model == advice.SMALLEST else SHARE
    return f"{recommended.model}: {_hindrance(better, room, share)}"


def _hindrance(choice: Candidate, room: Room, share: float) -> str:
    if choice.memory > share * room.memory:
        return _("{model} takes {need} of memory, of which {share} may be taken here.").format(
            model=choice.model, need=_size(choice.memory), share=_size(share * room.memory)
        )
    if not advice.fits(choice, room, share):
        return _("{model} takes {need} on the disk, where {free} are free.").format(
            model=choice.model, need=_size(choice.download), free=_size(room.disk)
        )
    return _("{model} would take longer than life: {hours:.0f} h of show in {night:.0f} h.").format(
        model=choice.model, hours=choice.hours, night=NIGHT
    )


def _size(number: float) -> str:
    """Write how many bytes something takes.

    >>> _size(145e6), _size(2.46e9)
    ('145 MB', '2.5 GB')
    """
    if number < 1e9:
        return _("{number:.0f} MB").format(number=number / 1e6)
    whole, _point, tenth = f"{number / 1e9:.1f}".partition(".")
    return _("{whole}.{tenth} GB").format(whole=whole, tenth=tenth)
