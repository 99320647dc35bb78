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
from radio.search import Index
from radio.system import errors
from radio.system.messages import speaking
from radio.web.site import create_app
from tests.processes import call, running
from tests.samples import ROOT, STREET, put


def radio(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **variables}
    command = [sys.executable, "-m", "radio", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_french_locale_hears_french_and_others_english(archive: Archive, tmp_path: Path) -> None:
    put(archive, STREET)
    said = radio("show", "--help", LANG="fr_CA").stdout
    assert said.startswith("Usage : ")
    assert "radio show [OPTIONS] CLÉ" in said
    assert "Afficher cette aide." in said and "--root DOSSIER" in said
    assert "Pas de commande 'rien'." in radio("rien", LANG="fr_CA").stderr
    said = radio("--help", LANG="fr_CA").stdout
    assert "Archiver, transcrire, chercher et publier les émissions d’une radio" in said
    assert re.search(r"transcribe +Transcrire avec Whisper", said)
    root = str(archive.root)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        failed = radio("serve", "--root", root, "--port", port, LANG="fr_FR.UTF-8")
    assert f"127.0.0.1:{port} : Adresse déjà prise ; choisissez-en un autre" in failed.stderr
    with speaking("fr"):
        models = call("model", "list", RADIO_MODELS=str(tmp_path))
        assert models.stderr == f"dans {tmp_path}\n"
        assert (
            f"emission/{STREET}  1:02  transcrit  {STREET}" in call("list", RADIO_ROOT=root).stdout
        )
        failed = call("show", f"emission/{STREET}s", check=False, RADIO_ROOT=root)
        assert "pas d’épisode de ce nom ; est-ce emission/" in failed.stderr
        failed = call("list", check=False, RADIO_ROOT=f"{tmp_path}/rien")
        assert "pas d’archive ici ; `radio init` en fait une" in failed.stderr
        for _ in range(2):
            done = call("export", "bag", str(tmp_path / "sac"), RADIO_ROOT=root)
        assert re.search(r"copiés : 0 fichier, gardés : \d+, supprimés : 0", done.stderr)
    failed = radio("list", RADIO_ROOT=str(tmp_path), LANG="de_DE")
    assert failed.stderr == f"radio: {tmp_path}: no archive here; `radio init` makes one\n"


def test_visitors_hear_their_own_language_not_the_servers(archive: Archive) -> None:
    put(archive, STREET)
    english = {"Accept-Language": "en"}
    with running("serve", "--root", str(archive.root), LC_ALL="fr_FR.UTF-8") as address:
        client = create_app(archive, Index(archive), base_url=address).test_client()
        for path in ("/rien", "/api/v1/episodes?show=rien", "/transcripts/emission/rien.srt"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(urllib.request.Request(address + path, headers=english))
            answer = client.get(path, headers=english, base_url=address)
            assert refused.value.read().decode() == answer.text
            assert path != "/rien" or "Page not found" in answer.text


def test_no_error_is_raised_in_english_alone() -> None:
    kinds = {"UsageError", "BadParameter", *(each for each in vars(errors) if "Error" in each[-5:])}
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
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    constants = [part for part in parts if isinstance(part, ast.Constant)]
    return any(re.search("[A-Za-z]{3}", str(part.value)) for part in constants)
