"""Fetch and name models, and say which ones suit this machine and these voices."""

import dataclasses
import os
import shutil
import time
from collections.abc import Collection, Sequence
from importlib import resources
from pathlib import Path

import click

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.commands import Group
from radio.cli.lines import counted, say, say_json, tell, warn
from radio.cli.naming import Several, find_episode
from radio.cli.terminal import as_json, option, progress_bar, with_archive, with_folder
from radio.derived.recipe import OFTEN, Failed, Means, Reached
from radio.pictures.bars import draw_shares
from radio.system import process
from radio.system.disk import write_whole
from radio.system.errors import NotFoundError
from radio.system.messages import _
from radio.transcribe import advice, comparison, engines
from radio.transcribe.advice import NIGHT, SHARE, Candidate, Pace, Room
from radio.transcribe.comparison import Outcome, Pairing
from radio.transcribe.models import catalogue, weights
from radio.transcribe.models.catalogue import Conformer
from radio.transcribe.transcription import require_may_hear
from radio.work.maker import Child

SOUND = "2024-01-16-les-micros-de-la-rue.mp3"  # the sample show for measurements
BUSY = 0.5  # busy programs per core from which a measurement says too little
NEWEST = 5  # episodes that are compared where none is named
UNRANKED = ("conformer",)  # engines whose models are compared, and never recommended
NOTHING = "–"  # in a table: nothing is known
OF_ENGINES = click.Choice(list(engines.PACKAGES))


@click.group("model", cls=Group)
def command() -> None:
    """Télécharger ou lister des modèles, les comparer, ou s’en faire recommander un."""


@command.command()
@with_folder
@option(
    "--engine",
    _("Celui-ci seulement ; par défaut, tous ceux qui sont installés."),
    type=click.Choice(sorted(engines.FASTEST_FIRST, reverse=True)),
)
@as_json
def advise(archive: Archive, engine: str | None, as_json: bool) -> None:
    """Mesurer cette machine quelques secondes, et lui recommander un modèle.

    La commande donne aussi ce que `radio model compare` a compté sur les textes relus de l’archive.
    """
    ours = engines.choose(engine or engines.usual())
    others = [each for each in engines.FASTEST_FIRST if engines.is_installed(each) and not engine]
    paces = {name: _measure(name) for name in dict.fromkeys([ours, *others])}
    rows = {name: advice.choices(name, pace) for name, pace in paces.items()}
    room = _room()
    recommended = advice.recommend(rows[ours], room)
    listed = [each for some in rows.values() for each in some]
    texts = archive.episodes() if archive.media.is_dir() else []
    outcomes = comparison.compare(archive, texts, comparison.pairings([*paces, *UNRANKED]))
    if as_json:
        content = {
            "cores": os.cpu_count(),
            "memory": room.memory,
            "disk": room.disk,
            "models": [dataclasses.asdict(each) for each in listed],
            "errors_from": catalogue.ERROR_SOURCE,
            "recommended": dataclasses.asdict(recommended),
            "compared": list(map(dataclasses.asdict, outcomes)),
            "to_try": list(map(dataclasses.asdict, catalogue.CONFORMERS)),
        }
        say_json(content)
        return
    _show(listed, recommended, [each for each in paces.values() if each])
    for each in catalogue.CONFORMERS:
        say(to_try(each))
    say(reason(recommended, rows[ours], room))
    for other in others:
        if (also := advice.recommend(rows[other], room)).model != recommended.model:
            say(_("Avec `--engine {engine}`, ce serait {model}."), engine=other, model=also.model)
    if outcomes:
        say(verdict(outcomes))


@command.command()
@with_archive
@click.argument("keys", nargs=-1, metavar=_("[CLÉ…]"))
@option("--engine", _("Ceux-ci seulement."), None, "chosen", type=OF_ENGINES, multiple=True)
@option("--model", _("Ceux-ci seulement."), None, "models", multiple=True)
@option("--picture", _("Dessiner aussi les erreurs."), _("IMAGE.svg"), type=Path)
@as_json
def compare(
    archive: Archive,
    keys: Several,
    chosen: Several,
    models: Several,
    picture: Path | None,
    as_json: bool,
) -> int:
    """Comparer moteurs et modèles sur des textes relus, par les mots où ils se trompent.

    Chaque modèle installé transcrit les épisodes nommés, sinon les derniers relus. Aucun texte ne
    change ; ce qui est compté reste, et `radio model advise` s’en sert.
    """
    episodes = [find_episode(archive, key) for key in dict.fromkeys(keys)]
    if not episodes:
        episodes = comparison.reread(archive)[:NEWEST]
        if not episodes:
            message = _(
                "aucun texte n’est relu ; relisez-en un au bureau, ou écrivez `status: reread` "
                "dans sa NOTE"
            )
            raise NotFoundError(message)
        listed = " ".join(each.key for each in episodes)
        tell(_("Les derniers épisodes relus : {listed}"), listed=listed)
    for each in episodes:
        require_may_hear(archive, each)
        comparison.text_of(archive, each.key)
    pairings = comparison.pairings(chosen, models) or [engines.pick(engines.usual())]
    _tell_if_busy()
    failed = sum(_hear(archive, episodes, each) for each in pairings)
    outcomes = comparison.compare(archive, episodes, pairings)
    if as_json:
        say_json(list(map(dataclasses.asdict, outcomes)))
    elif outcomes:
        _show_outcomes(outcomes)
    if picture and outcomes:
        bars = [(each.pairing, each.error, _between(each.error)) for each in outcomes]
        drawn = draw_shares(_("Mots faux sur 100, d’après des textes relus"), bars)
        write_whole(picture.absolute(), drawn.encode())
    return failed or not outcomes


def _hear(archive: Archive, episodes: Collection[Episode], pairing: Pairing) -> int:
    """Have what is not yet tried heard in a process of its own; count the failures."""
    name, failed, done = " ".join(pairing), 0, dict[str, float]()
    untried = (each for each in episodes if name not in comparison.trials(archive, each))
    lengths = {each.key: each.audio.duration or 1.0 for each in untried}
    if not lengths:
        return 0
    child = Child(archive, comparison.COMPARISON, [*lengths], Means(*pairing))
    try:
        with progress_bar(name, sum(lengths.values())) as progress:
            while child.is_running:
                for message in child.messages():
                    match message:
                        case Reached(key, share):
                            done[key] = share * lengths[key]
                            progress(sum(done.values()))
                        case Failed(_, text):
                            failed += 1
                            warn(text)
                time.sleep(OFTEN)
    finally:
        child.end()
    return failed


@command.command()
@click.argument("name", metavar=_("NOM"), required=False)
@option(
    "--engine",
    _("Le moteur qui s’en servira ; par défaut openai s’il est installé, sinon faster."),
    type=OF_ENGINES,
)
def fetch(name: str | None, engine: str | None) -> None:
    """Télécharger des modèles par leur nom (base, small, medium…), par défaut ceux qui vont à cette
    machine.

    `voices` est le réseau qui dit qui parle ; `fastconformer-fr`, un autre que Whisper, à comparer.
    """
    if name == weights.VOICES:
        with progress_bar(_("Réseau des voix")) as progress:
            path = weights.fetch_voices(progress).path
        say(path)
        return
    is_whispers = name is None or catalogue.conformer(name) is None
    engine = engines.choose((engine or engines.usual()) if is_whispers else "conformer")
    if name is None:
        recommended = _recommended(engine)
        name = recommended.model
        if recommended.is_here:
            say(engines.find(engine, name).path)
            return
    say(_fetch(engine, name))


@command.command("list")
def list_models() -> None:
    """Lister les modèles qui sont ici."""
    for each in weights.installed():
        form = "" if each.form == "campplus" else f"  {each.form}"
        say(f"{each.name}  {each.size / 1e6:.0f} MB{form}  {each.path}")
    tell(_("dans {folder}"), folder=weights.folder())


def _fetch(engine: str, name: str) -> Path:
    with progress_bar(catalogue.credited(name)) as progress:
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
    _tell_if_busy()
    label = _("Mesure de cette machine avec {model}, {engine}", model=model, engine=engine)
    sound = resources.files("radio") / "demo" / SOUND
    with resources.as_file(sound) as path, progress_bar(label) as progress:
        return advice.measure(engine, model, path, progress)


def _tell_if_busy() -> None:
    if os.getloadavg()[0] > BUSY * (os.cpu_count() or 1):
        tell(_("La machine est occupée ; au repos elle fait mieux : redemandez alors."))


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
    columns = (_("moteur"), _("à télécharger"), _("mémoire"), _("heures/nuit"), _("mots faux"))
    lines = [("", _("modèle"), *columns)]
    for each in rows:
        hours = NOTHING if each.hours is None else f"{each.hours:.0f} h"
        wrong = NOTHING if each.error is None else f"{100 * each.error:.0f} %"
        to_take = _("ici") if each.is_here else _size(each.download)
        mark = "→" if each == recommended else ""
        lines.append((mark, each.model, each.engine, to_take, _size(each.memory), hours, wrong))
    _say_table(lines)
    for pace in paces:
        message = _(
            "{engine} : heures mesurées avec {model} sur une émission d’exemple, la machine "
            "occupée comme maintenant ; celles des autres modèles et la mémoire sont des "
            "estimations, d’après la taille de leurs réseaux."
        )
        say(message, engine=pace.engine, model=pace.model.name)
    say(_("Mots faux en français : {source}"), source=catalogue.ERROR_SOURCE)


def _say_table(lines: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        say("  ".join(map(str.ljust, line, widths)).rstrip())


def _show_outcomes(outcomes: Sequence[Outcome]) -> None:
    columns = (_("mots faux sur 100"), _("écart"), _("hors parole"), _("heures/nuit"))
    lines = [("", *columns)]
    for each in outcomes:
        gap = NOTHING if each.is_present else _between(each.difference, "+")
        ends = _between(each.error), gap, str(each.outside), f"{each.hours:.0f} h"
        lines.append((each.pairing, *ends))
    _say_table(lines)
    say(verdict(outcomes))


def to_try(model: Conformer) -> str:
    """Say of a model that nobody measured on radio how to measure it here."""
    is_here = model.name in engines.readable("conformer")
    fetch = "" if is_here else f"`radio model fetch {model.name}`, "
    message = _(
        "À essayer : {model}, {size}, {wrong} mots faux sur 100 dans des phrases lues, jamais "
        "mesuré sur de la radio : {fetch}`radio model compare`."
    )
    values = {"size": _size(model.size), "wrong": round(100 * model.error), "fetch": fetch}
    return _(message, model=catalogue.credited(model.name), **values)


def verdict(outcomes: Sequence[Outcome]) -> str:
    """Say in a sentence which one does best on texts of one's own, and by how much."""
    best, present = outcomes[0], next(each for each in outcomes if each.is_present)
    message = _("Sur {texts}, le {day} : rien n’est nettement mieux que {present}.")
    if best.difference[2] < 0:
        message = _("Sur {texts}, le {day} : {best} mieux que {present}, {gap} mots faux sur 100.")
    texts = counted(best.episodes, "{n} épisode relu", "{n} épisodes relus")
    values = {"best": best.pairing, "present": present.pairing}
    return _(message, texts=texts, day=best.day, gap=_between(best.difference, "+"), **values)


def _between(shares: Sequence[float], sign: str = "") -> str:
    """Write a share, or a difference, in hundredths and with its interval.

    >>> _between((0.123, 0.1, 0.15)), _between((-0.02, -0.05, 0.01), "+")
    ('12.3 (10.0 to 15.0)', '−2.0 (−5.0 to +1.0)')
    """
    middle, low, high = (_tenths(100 * each, sign) for each in shares)
    return _("{middle} ({low} à {high})", middle=middle, low=low, high=high)


def _tenths(number: float, sign: str = "") -> str:
    whole, _point, tenth = f"{number:{sign}.1f}".replace("-", "−").partition(".")
    return _("{whole},{tenth}", whole=whole, tenth=tenth)


def reason(recommended: Candidate, rows: Sequence[Candidate], room: Room) -> str:
    """Say in a sentence why a model is recommended."""
    name = recommended.model
    if name not in (advice.LEAST, advice.SMALLEST):
        message = _(
            "{model} : le meilleur que cette machine fait tourner plus vite que la parole "
            "({hours:.0f} h d’émission par nuit), dans la moitié de sa mémoire."
        )
        return _(message, model=name, hours=recommended.hours)
    if recommended.hours is None:
        message = _(
            "{model} d’abord : sans modèle, rien ne se mesure ; `radio model fetch {model}`, puis "
            "redemandez."
        )
        return _(message, model=name)
    better = rows[[each.model for each in rows].index(name) + 1]
    share = 1.0 if name == advice.SMALLEST else SHARE
    values = {"model": better.model, "need": _size(better.download), "free": _size(room.disk)}
    message = _("{model} prend {need} sur le disque, où {free} sont libres.")
    if better.memory > share * room.memory:
        message = _("{model} prend {need} de mémoire, et cette machine peut en donner {share}.")
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
    return _("{number} Go", number=_tenths(number / 1e9))
