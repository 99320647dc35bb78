"""Fetch and name the weights of Whisper, and say which ones suit this machine."""

import dataclasses
import os
import shutil
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import click

from radio.cli.lines import say
from radio.cli.recommendation import reason, size, table
from radio.cli.terminal import as_json, json_text, progress_bar
from radio.system import machine
from radio.system.messages import _
from radio.transcribe import advice, engines
from radio.transcribe.advice import Candidate, Pace, Room
from radio.transcribe.models import catalogue, voices, weights

SOUND = "2024-01-16-les-micros-de-la-rue.mp3"
"""The sample show on which a machine is measured."""

BUSY = 0.5
"""Programs at work for each core from which on a measurement says too little."""

OF_ENGINES = click.Choice(sorted(engines.PACKAGES, reverse=True))


@click.group("model")
def command() -> None:
    """Fetch or list the weights of Whisper, or have some recommended."""


@command.command()
@click.option("--engine", type=OF_ENGINES, help=_("Only this one; by default all installed."))
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
        say(_as_json(listed, recommended, room))
        return
    _show(listed, recommended, [each for each in paces.values() if each])
    say(reason(recommended, rows[ours], room))
    for other in others:
        if (also := advice.recommend(rows[other], room)).model != recommended.model:
            say(
                _("With `--engine {engine}` it would be {model}.").format(
                    engine=other, model=also.model
                )
            )


@command.command()
@click.argument("name", metavar=_("NAME"), required=False)
@click.option(
    "--engine",
    type=OF_ENGINES,
    help=_("That will use them; by default openai where it is installed, else faster."),
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
    say(_("in {folder}").format(folder=weights.folder()), err=True)


def _fetch(engine: str, name: str) -> Path:
    with progress_bar(f"Whisper {name}") as progress:
        return engines.fetch(engine, name, progress).path


def _recommended(engine: str) -> Candidate:
    """Recommend a model for an engine, and say why; without weights, fetch `base` to measure."""
    if catalogue.lightest(engines.readable(engine)) is None:
        say(_("First base, to measure this machine with it."), err=True)
        _fetch(engine, advice.LEAST)
    rows, room = advice.choices(engine, _measure(engine)), _room()
    recommended = advice.recommend(rows, room)
    say(reason(recommended, rows, room), err=True)
    return recommended


def _measure(engine: str) -> Pace | None:
    model = catalogue.lightest(engines.readable(engine))
    if model is None:
        return None
    if os.getloadavg()[0] > BUSY * (os.cpu_count() or 1):
        say(_("The machine is busy; at rest it does more: ask again then."), err=True)
    label = _("Measuring this machine with {model}, {engine}").format(model=model, engine=engine)
    sound = resources.files("radio") / "demo" / SOUND
    with resources.as_file(sound) as path, progress_bar(label) as progress:
        return advice.measure(engine, model, path, progress)


def _room() -> Room:
    folder = weights.folder()
    present = next(each for each in (folder, *folder.parents) if each.exists())
    return Room(machine.memory().total, shutil.disk_usage(present).free)


def _show(rows: Sequence[Candidate], recommended: Candidate, paces: Sequence[Pace]) -> None:
    """Print what each model takes and gives, and where the figures are from."""
    memory, disk = machine.memory(), _room().disk
    say(
        _(
            "This machine: {cores} cores, {memory} of memory ({free} free), {disk} free on disk."
        ).format(
            cores=os.cpu_count(),
            memory=size(memory.total),
            free=size(memory.free),
            disk=size(disk),
        )
    )
    say(table(rows, recommended))
    for pace in paces:
        say(
            _(
                "{engine}: hours measured with {model} on a sample show, the machine as busy as it "
                "is; those of other models and the memory are estimates, from the sizes of their "
                "networks."
            ).format(engine=pace.engine, model=pace.model.name)
        )
    say(_("Wrong words in French: {source}").format(source=catalogue.ERROR_SOURCE))


def _as_json(rows: Sequence[Candidate], recommended: Candidate, room: Room) -> str:
    return json_text(
        {
            "cores": os.cpu_count(),
            "memory": room.memory,
            "disk": room.disk,
            "models": [dataclasses.asdict(each) for each in rows],
            "errors_from": catalogue.ERROR_SOURCE,
            "recommended": dataclasses.asdict(recommended),
        }
    )
