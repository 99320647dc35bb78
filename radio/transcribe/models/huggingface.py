"""CTranslate2's conversions of Whisper, as their publishers keep them on Hugging Face's hub.

Asked over plain HTTP: what the hub says of a model, then its files. `HF_ENDPOINT` names a mirror.
"""

import json
import os
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from radio.errors import ModelError
from radio.messages import _
from radio.transcribe import extras

FILES = ("config.json", "model.bin", "preprocessor_config.json", "tokenizer.json", "vocabulary.*")
TIMEOUT = 20  # seconds without an answer


@dataclass(frozen=True)
class Published:
    """A file of a model."""

    name: str
    url: str
    sha256: str | None  # None where the publisher gives none: small files


def names() -> dict[str, str]:
    """Tell who publishes each model that faster-whisper knows, by name.

    Raises ModelError if faster-whisper is not installed.
    """
    extras.require("faster_whisper", "faster")
    from faster_whisper import utils

    return dict(utils._MODELS)  # the only place where the publishers are written


def files(name: str) -> list[Published]:
    """List the files of a model, `model.bin` with its sha256, all of one state.

    Raises ModelError if there is none of that name or nothing to verify it by, OSError if the hub
    can't be reached.
    """
    publisher = names().get(name)
    if publisher is None:
        known = ", ".join(names())
        raise ModelError(
            _("{name}: faster-whisper has no such model; it has {known}").format(
                name=name, known=known
            )
        )
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    address = f"{endpoint}/api/models/{publisher}?blobs=true"
    with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:  # noqa: S310 (the hub, or the mirror that the keeper names)
        told = json.load(answer)
    found = list(_published(told, f"{endpoint}/{publisher}/resolve/{told['sha']}"))
    if not any(each.name == "model.bin" and each.sha256 for each in found):
        raise ModelError(
            _("{name}: {publisher} gives no hash of its weights; nothing was taken").format(
                name=name, publisher=publisher
            )
        )
    return found


def _published(told: dict[str, Any], folder: str) -> Iterator[Published]:
    for each in told["siblings"]:
        name = each["rfilename"]
        if any(fnmatch(name, pattern) for pattern in FILES):
            yield Published(name, f"{folder}/{name}", (each.get("lfs") or {}).get("sha256"))
