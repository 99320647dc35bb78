"""A hub that publishes conversions of Whisper, as Hugging Face's does, on this machine."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from radio.transcribe.models import weights
from tests.servers import OK, serving


@dataclass
class Hub:
    """Publishes the weights of `base` under another name."""

    content: Path
    name: str
    lie: bool = False
    asked: list[str] = field(default_factory=list)  # paths

    def answer(self, path: str) -> Iterator[bytes]:
        self.asked.append(path)
        folder, sha256 = f"Systran/faster-whisper-{self.name}", weights.CONVERSIONS["base"]
        model = {"rfilename": "model.bin", "lfs": {"sha256": "00" * 32 if self.lie else sha256}}
        others = ("config.json", "tokenizer.json", "vocabulary.txt", "README.md")
        listed = {"sha": "abc", "siblings": [model, *({"rfilename": each} for each in others)]}
        if path == f"/api/models/{folder}?blobs=true":
            return whole(json.dumps(listed).encode())
        if path.startswith(f"/{folder}/resolve/abc/"):
            return whole((self.content / path.rpartition("/")[2]).read_bytes())
        return iter([NOT_FOUND])


NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def whole(body: bytes, size: int = -1) -> Iterator[bytes]:
    """A body that is said to have its size, or another one."""
    length = size if size >= 0 else len(body)
    yield OK + f"Content-Length: {length}\r\nConnection: close\r\n\r\n".encode()
    yield body


@contextlib.contextmanager
def published(models: Path, name: str) -> Iterator[tuple[str, Hub]]:
    """Publish a model; give the address of the hub, and the hub, which can be told to lie."""
    hub = Hub(models / "base", name)
    with serving(hub.answer) as address:
        yield address, hub
