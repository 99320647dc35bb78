"""The command speaks French where the locale is French, and English elsewhere."""

import ast
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.system import errors
from radio.system.messages import FOLDER, speaking
from tests.processes import call, running
from tests.samples import ROOT, put

FRENCH = FOLDER / "fr" / "LC_MESSAGES"
KEYWORDS = {"_": None, "ngettext": (1, 2), "counted": (2, 3)}
SLUG = "2024-01-16-les-micros-de-la-rue"


def radio(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **variables}
    command = [sys.executable, "-m", "radio", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_french_locale_hears_french(archive: Archive, tmp_path: Path) -> None:
    """Though the locale itself is not installed."""
    variables = {"LANG": "fr_CA"}
    put(archive, SLUG)
    said = radio("--help", **variables).stdout
    assert said.startswith("Usage : ")
    assert "Garder, transcrire, fouiller et servir les émissions d’une radio" in said
    assert re.search(r"transcribe +Écrire ce qui se dit, avec Whisper", said)
    said = radio("export", "bag", "--help", **variables).stdout
    assert "Écrire l’archive dans un dossier comme un sac BagIt" in " ".join(said.split())
    assert "Relire ce qui s’y trouve, et remplacer ce qui diffère." in " ".join(said.split())
    said = radio("show", "--help", **variables).stdout
    assert "radio show [OPTIONS] CLÉ" in said
    assert "Afficher cette aide." in said
    assert "--root DOSSIER" in said
    models = radio("model", "list", RADIO_MODELS=str(tmp_path), **variables)
    assert models.stderr == f"dans {tmp_path}\n"
    root = {"RADIO_ROOT": str(archive.root)}
    assert f"emission/{SLUG}  1:02  transcrit  {SLUG}" in radio("list", **variables, **root).stdout
    failed = radio("show", f"emission/{SLUG}s", **variables, **root)
    assert failed.returncode == 1
    assert "pas d’épisode de ce nom ; est-ce emission/" in failed.stderr
    failed = radio("list", RADIO_ROOT=str(tmp_path / "rien"), **variables)
    assert failed.stderr.endswith(": pas d’archive ici ; `radio init` en fait une\n")
    assert "Pas de commande 'rien'." in radio("rien", **variables).stderr


def test_a_port_that_is_taken_is_said_in_french(archive: Archive) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        failed = radio("serve", "--root", str(archive.root), "--port", port, LANG="fr_FR.UTF-8")
    assert f"127.0.0.1:{port} : Adresse déjà prise ; choisissez-en un autre" in failed.stderr


def test_counts_of_nothing_agree_in_french(archive: Archive, tmp_path: Path) -> None:
    put(archive, SLUG)
    with speaking("fr"):
        for _ in range(2):
            done = call("export", "bag", str(tmp_path / "sac"), "--root", str(archive.root))
    assert re.search(r"copiés : 0 fichier, gardés : \d+, ôtés : 0", done.stderr)


def test_elsewhere_it_is_english(tmp_path: Path) -> None:
    assert radio("--help", LANG="de_DE").stdout.startswith("Usage: ")
    failed = radio("list", RADIO_ROOT=str(tmp_path))
    assert failed.stderr == f"radio: {tmp_path}: no archive here; `radio init` makes one\n"


def test_visitors_hear_their_own_language_not_the_servers(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(archive, SLUG)
    paths = ("/rien", "/api/v1/episodes?show=rien", "/transcripts/emission/rien.srt")
    answers = {}
    for locale in ("C.UTF-8", "fr_FR.UTF-8"):
        monkeypatch.setenv("LC_ALL", locale)
        with running("serve", "--root", str(archive.root)) as address:
            answers[locale] = [_ask(address, path) for path in paths]
    assert answers["C.UTF-8"] == answers["fr_FR.UTF-8"]
    assert "There is no such page" in answers["C.UTF-8"][0]


def _ask(address: str, path: str) -> str:
    """Read what stands at an address, found or not, as somebody who reads English."""
    asked = urllib.request.Request(address + path, headers={"Accept-Language": "en"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked)
    return refused.value.read().decode().replace(address, "")


def test_no_error_is_raised_in_english_alone() -> None:
    kinds = {name for name in vars(errors) if name.endswith("Error")}
    kinds |= {"UsageError", "BadParameter"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "radio").rglob("*.py"))
        if not path.is_relative_to(ROOT / "radio" / "web")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in kinds
        if node.args and _is_english(node.args[0])
    ]
    assert found == []


def _is_english(text: ast.expr) -> bool:
    """Whether a text has words of its own: no name of a file and its reason alone."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return any(
        isinstance(part, ast.Constant) and bool(re.search("[A-Za-z]{3}", str(part.value)))
        for part in parts
    )
