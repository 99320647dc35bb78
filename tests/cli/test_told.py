"""Every command that a page, a unit or a message tells people to type is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from radio.cli import cli
from tests.samples import ROOT

PAGES = ("README.md", "README.en.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile")
TOLD = [
    *(ROOT / name for name in PAGES),
    *(*ROOT.glob("docs/*.md"), *ROOT.glob("radio/web/templates/*.html")),
    *ROOT.glob("radio/**/*.po"),
    *(path for path in ROOT.glob("deploy/**/*") if path.is_file()),
]
CODE = re.compile(r"```(?:sh|console)\n(.*?)```|```.*?```|`([^`]+)`|<code>(.*?)</code>", re.DOTALL)
COMMAND = re.compile(
    r"\s*(?:\w+=\S*\s+|ExecStart=|(?:podman run|setpriv|runuser|nice) .*?)?"
    r"(?:\S*/)?radio\s+(?!-- )(.*)"
)
"""A command and what follows, perhaps with a variable, a folder or another command before it: one
that is run as the user `radio` is none."""


def code_of(path: Path) -> Iterator[str]:
    """The lines that a file gives to be typed: all of a script, else what is marked as code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix not in (".md", ".po", ".html"):
        return (yield from text.splitlines())
    if path.suffix == ".po":  # its strings go on from line to line
        text = text.replace('"\n"', "").replace(r"\"", '"')
    for block, *spans in CODE.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
        yield " ".join("".join(spans).split())


def told() -> dict[tuple[str, ...], str]:
    """The words after `radio` of each command that people are told to type, and where."""
    found = dict[tuple[str, ...], str]()
    for path in TOLD:
        for line in code_of(path):
            for part in re.split("[;&|()]", line.partition("#")[0]):
                if match := COMMAND.fullmatch(part):
                    found[tuple(match[1].split())] = path.name
    return found


def reached(words: tuple[str, ...]) -> tuple[click.Command | None, list[str]]:
    """The command that such words name, None where there is none, and how it is called."""
    command: click.Command | None = cli
    path = list[str]()
    for word in words:
        if not (isinstance(command, click.Group) and re.fullmatch("[a-z][a-z-]*", word)):
            break
        command = command.get_command(click.Context(command), word)
        path.append(word)
    return command, path


def test_whoever_types_what_a_page_or_a_message_tells_finds_the_command() -> None:
    named, answered = told(), set[str]()
    assert len(named) > 200
    for words, where in named.items():
        command, path = reached(words)
        assert command and path[:1] != ["follow"], (" ".join(words), where)
        known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
        options = {word for word in words if re.fullmatch("--[a-z-]+", word)}
        assert options <= known | {"--help", "--version"}, (" ".join(words), where)
        if (name := " ".join(path)) not in answered:
            assert CliRunner().invoke(cli, [*path, "--help"]).exit_code == 0, (name, where)
            answered.add(name)
    assert {"", "protect replace", "export bag", "model fetch", "work"} <= answered
