"""CONTRIBUTING.md against the code: whoever follows it finds what it names."""

import ast
import re

from tests.samples import ROOT

MOST_WORDS = 60
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def table(heading: str) -> list[tuple[str, str, str]]:
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")][2:]
    return [(row[0].strip(), row[1], row[2]) for row in rows]


def quoted(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


def names_of(path: str) -> set[str]:
    """What a module has at its top."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    named = {node.name for node in tree if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    targets = [node.targets for node in tree if isinstance(node, ast.Assign)]
    targets += [[node.target] for node in tree if isinstance(node, ast.AnnAssign)]
    return named | {each.id for some in targets for each in some if isinstance(each, ast.Name)}


def require(cell: str) -> None:
    """Demand that files are there, and in each the names that follow it."""
    module = ""
    for name in quoted(cell):
        if name.endswith(".py"):
            module = name
        if "/" in name:
            assert (ROOT / name).exists(), name
        else:
            assert name in names_of(module), f"{module} has no {name}"


def test_each_word_of_the_glossary_is_in_the_code_and_means_one_thing() -> None:
    for _word, _meaning, code in table("Words"):
        require(code)
    words = [word for row, _meaning, _code in table("Words") for word in row.split(", ")]
    assert len(words) == len(set(words)) <= MOST_WORDS


def test_whoever_changes_something_finds_where() -> None:
    rows = table("The house")
    assert len(rows) >= 10
    for _change, opened, proof in rows:
        require(opened)
        (test,) = quoted(proof)
        assert "def test_" in (ROOT / test).read_text(encoding="utf-8"), test


def test_every_room_is_in_the_drawing_of_the_house() -> None:
    drawing = PAGE.split("```\nradio/\n")[1].split("```")[0]
    told = {line.split()[0].removesuffix("/").removesuffix(".py") for line in drawing.splitlines()}
    modules = {path.stem for path in (ROOT / "radio").glob("*.py")}
    there = modules | {path.parent.name for path in (ROOT / "radio").glob("*/__init__.py")}
    assert there - {"__init__", "__main__"} == told - {"translations"}


def test_every_file_named_in_code_font_is_there() -> None:
    for name in re.findall(r"`((?:radio|tests|docs|deploy|bench|requirements)/[\w./-]+)`", PAGE):
        assert (ROOT / name).exists(), name
