"""What is installed: all that the program reads, and a source package that promises no tests."""

import hashlib
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

from fontTools.ttLib import TTFont

import radio
from tests.processes import call
from tests.samples import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = {".py", ".po", ".cfg"}  # what the program itself never reads, or Python takes by itself


def test_whoever_installs_the_program_has_all_that_it_reads() -> None:
    program = shutil.which("git")
    assert program, "install Git"
    command = [program, "-C", str(ROOT / "radio"), "ls-files"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # To docs/ and deploy/: packed as if they were here.
    links = {"web/manual/fr", "web/manual/en", "web/plugin"}
    assert {line for line in listed.splitlines() if (ROOT / "radio" / line).is_symlink()} == links
    package_data = PROJECT["tool"]["setuptools"]["package-data"]["radio"]
    paths = [*map(Path, {*listed.splitlines()} - links)]
    for link in links:
        inside = (path for path in (ROOT / "radio" / link).rglob("*") if path.is_file())
        paths += (path.relative_to(ROOT / "radio") for path in inside)
    read = (path for path in paths if path.suffix not in SOURCES)
    assert [path for path in read if not any(map(path.match, package_data))] == []


def test_the_letters_of_the_site_are_light_and_their_addresses_change_with_them() -> None:
    style = (ROOT / "radio/web/static/style.css").read_text(encoding="utf-8")
    fonts = sorted((ROOT / "radio/web/static").glob("*.woff2"))
    for path in fonts:
        version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        assert f"{path.name}?v={version}" in style, "make fonts"
        assert {*map(ord, "ÀÉÈÊÇŒœæàâéèêëîïôùûüÿç«»’‹›…–—€№")} <= {*TTFont(path).getBestCmap()}
    assert len(fonts) == 2 and sum(path.stat().st_size for path in fonts) < 60_000


def test_the_source_package_has_no_tests_that_would_fail_there() -> None:
    pruned = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()
    for folder in ("tests", "bench", "media", "transcripts"):
        assert f"prune {folder}" in pruned
    for line in pruned:
        if line.startswith("include "):
            assert all((ROOT / name).is_file() for name in line.split()[1:])


def test_a_citation_has_the_licence_of_the_package_and_the_command_tells_its_version() -> None:
    project = PROJECT["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    told = {"title": project["name"], "license": project["license"], "version": radio.__version__}
    assert {f"{name}: {value}" for name, value in told.items()} <= {*citation}
    here = shutil.which("git") or ""
    command = [here, "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    commit = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert call("--version").stdout.startswith(f"radio {radio.__version__} ({commit}")


def test_a_server_installs_verified_releases_of_whatever_it_asks_for() -> None:
    """And the same of each, whatever goes together."""
    added = PROJECT["project"]["optional-dependencies"]
    base = [*PROJECT["project"]["dependencies"], "setuptools"]
    pinned = dict[str, dict[str, set[str]]]()
    for path in (ROOT / "requirements").iterdir():
        verified = r"(?m)^([\w.-]+)==(\S+) .*\\\n +--hash=sha256:"
        releases = pinned[path.stem] = dict[str, set[str]]()
        for name, release in re.findall(verified, path.read_text("utf-8")):
            releases.setdefault(name, set()).add(release)
        wanted = [*added[path.stem], *(base if path.stem in ("faster", "whisper") else ())]
        names = {re.split("[<>=]", each)[0].lower().replace(".", "-") for each in wanted}
        assert names - {*releases} == set(), "make pins"
    assert {*added} - {*pinned} == {"base-model", "dev", "docs"}
    for name in {name for each in pinned.values() for name in each}:
        some = [each[name] for each in pinned.values() if name in each]
        assert set.union(*some) == max(some, key=len), name
