"""CTranslate2's conversions of Whisper on Hugging Face's hub.

Only HTTP requests: the description of a model, then its files. `HF_ENDPOINT` names a mirror.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from radio.system.errors import ModelError
from radio.system.messages import _
from radio.transcribe import extras
from radio.transcribe.models.download import ask

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
