"""What is installed: all that the program reads, and a source package that promises no tests."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import radio
from tests.processes import radio as run

ROOT = Path(radio.__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = {".py", ".po", ".cfg"}  # what the program itself never reads, or Python takes by itself


def git(folder: Path, *words: str) -> list[str]:
    program = shutil.which("git")
    assert program, "install Git"
    command = [program, "-C", str(folder), *words]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def tracked(folder: str) -> list[Path]:
    return [Path(line) for line in git(ROOT, "ls-files", folder)]


def stores() -> list[str]:
    """Name a file of each store that an archive may have, as CONTRIBUTING.md lists them."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("## Files on disk")[2].partition("\n## ")[0]
    first = (line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `"))
    paths = [path for cell in first for path in re.findall(r"`([^`]+)`", cell) if path[0] != "."]
    named = (re.sub(r"<(\w+)>", r"\1", path) for path in paths)
    return [f"{path}file" if path.endswith("/") else path for path in named]


def test_whoever_installs_the_program_has_all_that_it_reads() -> None:
    package_data = PROJECT["tool"]["setuptools"]["package-data"]["radio"]
    missing = [
        str(path)
        for path in tracked("radio")
        if path.suffix not in SOURCES
        if not any(path.relative_to("radio").match(pattern) for pattern in package_data)
    ]
    assert missing == []


def test_the_source_package_has_no_tests_that_would_fail_there() -> None:
    pruned = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()
    for folder in ("tests", "bench", "media", "transcripts"):
        assert f"prune {folder}" in pruned
    for line in pruned:
        if line.startswith("include "):
            assert all((ROOT / name).is_file() for name in line.split()[1:])


def test_the_metadata_say_who_what_and_under_which_licence() -> None:
    project = PROJECT["project"]
    assert project["license"] == "AGPL-3.0-or-later"
    assert project["authors"]
    assert len(project["keywords"]) > 3
    assert not any(each.startswith("License ::") for each in project["classifiers"])
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    assert f"title: {project['name']}" in citation
    assert f"license: {project['license']}" in citation


def test_the_version_that_a_report_should_name_is_told() -> None:
    assert radio.__version__ in run("--version").stdout


def test_no_archive_that_lies_in_the_checkout_is_committed_with_it(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    shutil.copy(ROOT / ".gitignore", tmp_path)
    for path in (*stores(), "sealed/20261128/media/show/day.mp3"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"private")
    assert git(tmp_path, "ls-files", "--others", "--exclude-standard") == [".gitignore"]


def test_no_archive_that_lies_in_the_checkout_goes_into_the_container() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {path.partition("/")[0] for path in stores()} <= set(left_out)
