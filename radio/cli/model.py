"""Fetch and name the weights of Whisper, and say which ones suit this machine."""

import dataclasses
import os
import shutil
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import click

from radio.cli.commands import Group
from radio.cli.lines import say, say_json, tell
from radio.cli.terminal import as_json, option, progress_bar
from radio.system import process
from radio.system.messages import _
from radio.transcribe import advice, engines
from radio.transcribe.advice import NIGHT, SHARE, Candidate, Pace, Room
from radio.transcribe.models import catalogue, weights

SOUND = "2024-01-16-les-micros-de-la-rue.mp3"  # the sample show for measurements
BUSY = 0.5  # busy programs per core from which a measurement says too little
NOTHING = "–"  # in a table: nothing is known
OF_ENGINES = click.Choice(sorted(engines.PACKAGES, reverse=True))


@click.group("model", cls=Group)
def command() -> None:
    """Prendre ou lister les poids de Whisper, ou s’en faire recommander."""


@command.command()
@option(
    "--engine", _("Celui-ci seulement ; par défaut, tous ceux qui sont installés."), type=OF_ENGINES
)
@as_json
def advise(engine: str | None, as_json: bool) -> None:
    """Mesurer cette machine quelques secondes, et lui recommander un modèle."""
    ours = engines.choose(engine or engines.usual())
    others = [each for each in engines.FASTEST_FIRST if engines.is_installed(each) and not engine]
    paces = {name: _measure(name) for name in dict.fromkeys([ours, *others])}
    rows = {name: advice.choices(name, pace) for name, pace in paces.items()}
    room = _room()
    recommended = advice.recommend(rows[ours], room)
    listed = [each for some in rows.values() for each in some]
    if as_json:
        content = {
            "cores": os.cpu_count(),
            "memory": room.memory,
            "disk": room.disk,
            "models": [dataclasses.asdict(each) for each in listed],
            "errors_from": catalogue.ERROR_SOURCE,
            "recommended": dataclasses.asdict(recommended),
        }
        say_json(content)
        return
    _show(listed, recommended, [each for each in paces.values() if each])
    say(reason(recommended, rows[ours], room))
    for other in others:
        if (also := advice.recommend(rows[other], room)).model != recommended.model:
            say(_("Avec `--engine {engine}`, ce serait {model}."), engine=other, model=also.model)


@command.command()
@click.argument("name", metavar=_("NOM"), required=False)
@option(
    "--engine",
    _("Qui s’en servira ; par défaut openai s’il est installé, sinon faster."),
    type=OF_ENGINES,
)
def fetch(name: str | None, engine: str | None) -> None:
    """Télécharger des poids par leur nom (base, small, medium…), par défaut ceux qui vont à cette
    machine.

    `voices` est le réseau qui dit qui parle.
    """
    if name == weights.VOICES:
        with progress_bar(_("Réseau des voix")) as progress:
            path = weights.fetch_voices(progress).path
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
    """Nommer les poids qui sont ici."""
    for each in weights.installed():
        form = "" if each.form == "campplus" else f"  {each.form}"
        say(f"{each.name}  {each.size / 1e6:.0f} MB{form}  {each.path}")
    tell(_("dans {folder}"), folder=weights.folder())


def _fetch(engine: str, name: str) -> Path:
    with progress_bar(f"Whisper {name}") as progress:
        return engines.fetch(engine, name, progress).path


def _recommended(engine: str) -> Candidate:
    """Recommend a model for an engine, and say why; without weights, fetch `base` to measure."""
    if catalogue.lightest(engines.readable(engine)) is None:
        tell(_("D’abord base, pour mesurer cette machine avec lui."))
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
        tell(_("La machine est occupée ; au repos elle fait mieux : redemandez alors."))
    label = _("Mesure de cette machine avec {model}, {engine}", model=model, engine=engine)
    sound = resources.files("radio") / "demo" / SOUND
    with resources.as_file(sound) as path, progress_bar(label) as progress:
        return advice.measure(engine, model, path, progress)


def _room() -> Room:
    folder = weights.folder()
    present = next(each for each in (folder, *folder.parents) if each.exists())
    return Room(process.memory().total, shutil.disk_usage(present).free)


def _show(rows: Sequence[Candidate], recommended: Candidate, paces: Sequence[Pace]) -> None:
    memory, disk = process.memory(), _room().disk
    message = _(
        "Cette machine : {cores} cœurs, {memory} de mémoire ({free} libres), {disk} libres "
        "sur le disque."
    )
    sizes = {"memory": _size(memory.total), "free": _size(memory.free), "disk": _size(disk)}
    say(_(message, cores=os.cpu_count(), **sizes))
    columns = (_("moteur"), _("à prendre"), _("mémoire"), _("heures/nuit"), _("mots faux"))
    lines = [("", _("modèle"), *columns)]
    for each in rows:
        hours = NOTHING if each.hours is None else f"{each.hours:.0f} h"
        wrong = NOTHING if each.error is None else f"{100 * each.error:.0f} %"
        to_take = _("ici") if each.is_here else _size(each.download)
        mark = "→" if each == recommended else ""
        lines.append((mark, each.model, each.engine, to_take, _size(each.memory), hours, wrong))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        say("  ".join(map(str.ljust, line, widths)).rstrip())
    for pace in paces:
        message = _(
            "{engine} : heures mesurées avec {model} sur une émission d’exemple, la machine "
            "occupée comme elle l’est ; celles des autres modèles et la mémoire sont des "
            "estimations, d’après la taille de leurs réseaux."
        )
        say(message, engine=pace.engine, model=pace.model.name)
    say(_("Mots faux en français : {source}"), source=catalogue.ERROR_SOURCE)


def reason(recommended: Candidate, rows: Sequence[Candidate], room: Room) -> str:
    """Say in a sentence why a model is recommended."""
    name = recommended.model
    if name not in (advice.LEAST, advice.SMALLEST):
        message = _(
            "{model} : le meilleur que cette machine fasse plus vite que la parole "
            "({hours:.0f} h d’émission par nuit), dans la moitié de sa mémoire."
        )
        return _(message, model=name, hours=recommended.hours)
    if recommended.hours is None:
        message = _(
            "{model} d’abord : sans poids, rien ne se mesure ; `radio model fetch {model}`, "
            "puis redemandez."
        )
        return _(message, model=name)
    better = rows[[each.model for each in rows].index(name) + 1]
    share = 1.0 if name == advice.SMALLEST else SHARE
    values = {"model": better.model, "need": _size(better.download), "free": _size(room.disk)}
    message = _("{model} prend {need} sur le disque, où {free} sont libres.")
    if better.memory > share * room.memory:
        message = _("{model} prend {need} de mémoire, et {share} peuvent l’être ici.")
        values |= {"need": _size(better.memory), "share": _size(share * room.memory)}
    elif advice.fits(better, room, share):
        slow = _(
            "{model} irait moins vite que la parole : {hours:.0f} h d’émission en {night:.0f} h."
        )
        return f"{name}: {_(slow, model=better.model, hours=better.hours, night=NIGHT)}"
    return f"{name}: {_(message, **values)}"


def _size(number: float) -> str:
    """Write how many bytes something takes.

    >>> _size(145e6), _size(2.46e9)
    ('145 MB', '2.5 GB')
    """
    if number < 1e9:
        return _("{number:.0f} Mo", number=number / 1e6)
    whole, _point, tenth = f"{number / 1e9:.1f}".partition(".")
    return _("{whole},{tenth} Go", whole=whole, tenth=tenth)
