"""What is installed: all that the program reads, and a source package that promises no tests."""

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
