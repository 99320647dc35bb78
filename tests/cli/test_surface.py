"""The surface of the command: one screen, former names, quick to start, as pages tell it."""

import inspect
import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from radio.archive import Archive
from radio.cli import cli
from radio.cli.commands import COMMANDS, FORMER
from radio.system.messages import _, speaking
from tests.processes import call, radio
from tests.samples import ROOT, STREET, put
from tests.tables import for_each

ROWS, COLUMNS = 34, 80  # of a terminal
FEW = 200  # modules; a run of Python itself and of click has some 130
KEY = f"emission/{STREET}"
INFINITIVE = re.compile(r"[^\W\d_]+(er|ir|re)\b")


@for_each("locale", ["C.UTF-8", "fr_FR.UTF-8"])
def test_the_help_fits_a_screen_and_cuts_no_line(locale: str) -> None:
    said = radio("--help", LC_ALL=locale).stdout.splitlines()
    rows = list(itertools.chain.from_iterable(COMMANDS.values()))
    assert len(rows) <= ROWS
    assert len(said) < ROWS  # and the prompt
    assert max(map(len, said)) <= COLUMNS
    assert not [line for line in said[1:] if line.endswith(("...", "…"))]
    lines = (re.split("  +[^ ]*[A-ZÉÔ]", line)[0] for line in said[2:])
    named = [line.split()[-1] for line in lines]
    assert named == [row.name for row in rows]


def commands(group: click.Group = cli, prefix: str = "") -> dict[str, click.Command]:
    """The commands and groups beneath a group, by name, as they are listed."""
    context, found = click.Context(group), dict[str, click.Command]()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command, name
        found[f"{prefix}{name}"] = command
        if isinstance(command, click.Group):
            found |= commands(command, f"{prefix}{name} ")
    return found


def leaves() -> dict[str, click.Command]:
    """Those of them that are no groups."""
    return {n: each for n, each in commands().items() if not isinstance(each, click.Group)}


def test_every_command_and_option_has_its_help_and_is_told_of_in_both_languages() -> None:
    for name, command in {"": cli, **commands()}.items():
        if isinstance(command, click.Group):  # which cuts no line
            assert "..." not in command.get_help(click.Context(command)).partition("\n")[2], name
    for name, command in leaves().items():
        assert command.help, name
        assert command.help != inspect.cleandoc(command.callback.__doc__ or ""), name
        for parameter in command.params:
            documented = isinstance(parameter, click.Argument) or getattr(parameter, "help", None)
            assert documented or parameter.name in {"host", "port", "page"}, (name, parameter.name)


def test_each_command_begins_with_an_infinitive_in_french() -> None:
    """Each line of each page that lists commands, and the first of each command's own page."""
    rows = [row for some in COMMANDS.values() for row in some]
    rows += [row for each in rows for row in each.rows]
    with speaking("fr"):
        told = [str.__str__(_(row.does)) for row in rows]
    told += [(each.callback.__doc__ or "").lstrip() for each in leaves().values() if each.callback]
    assert len(told) > 100
    assert [text for text in told if not INFINITIVE.match(text)] == []


def test_the_help_imports_no_room() -> None:
    code = (
        "import sys, radio.cli\n"
        "sys.argv = ['radio', '--help']\n"
        "try: radio.cli.main()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    modules = done.stderr.split()
    ours = {name for name in modules if name.startswith("radio.")}
    assert len(modules) < FEW
    assert {name.split(".")[1] for name in ours} == {"cli", "system"}
    assert len(ours) < 10, ours


def test_root_stands_before_or_after_the_command(archive: Archive, tmp_path: Path) -> None:
    put(archive, STREET)
    root, other = str(archive.root), str(tmp_path / "nothing")
    forms: list[tuple[str, ...]] = [("--root", root, "list"), ("list", "--root", root)]
    forms += [("--root", root, "text", "glossary"), ("text", "glossary", "--root", root)]
    forms += [("--root", other, "list", "--root", root)]
    for form in forms:
        assert call(*form, RADIO_ROOT=other).returncode == 0
    assert KEY in call("--root", root, "list", RADIO_ROOT=other).stdout
    assert KEY in call("list", RADIO_ROOT=root).stdout
    assert call("list", RADIO_ROOT=other, check=False).returncode == 1


@for_each("former", FORMER)
def test_a_former_name_answers_and_says_the_new_one(former: str) -> None:
    name, _sign, option = FORMER[former].partition(" --")
    command = commands()[name]
    assert not option or f"--{option}" in {each for param in command.params for each in param.opts}
    assert former not in cli.list_commands(click.Context(cli))
    done = call(former, "--help")
    assert done.stderr.splitlines() == [f"radio: `radio {former}` is now `radio {FORMER[former]}`"]
    assert done.stdout.startswith("Usage: ")


@for_each(
    ("former", "now"),
    [
        ("journal {key}", "log {key}"),
        ("journal --json", "log --json"),
        ("twins --apart {key} nobody", "merge --apart {key} nobody"),
        ("rename nobody/a b", "move --rename nobody/a b"),
        ("rename", "move --rename"),
        ("glossary --json", "text glossary --json"),
        ("proposals refuse", "text proposals refuse"),
        ("themes list", "text themes list"),
        ("withdraw nobody", "protect withdraw nobody"),
        ("embargo {key} hier", "protect embargo {key} hier"),
        ("playlist {key}", "export playlist {key}"),
        ("follow", "source list"),
        ("follow --json", "source list --json"),
        ("follow --now", "source look"),
        ("follow --due", "source look --due"),
        ("follow --forget https://radio.example/", "source remove https://radio.example/"),
        ("follow https://127.0.0.1/feed", "source add https://127.0.0.1/feed"),
        ("follow https://a/ --every soon", "source add https://a/ --every soon"),
    ],
)
def test_scripts_of_before_go_on(archive: Archive, former: str, now: str) -> None:
    put(archive, STREET)
    root = str(archive.root)
    before, after = (
        call(*form.format(key=KEY).split(), RADIO_ROOT=root, check=False) for form in (former, now)
    )
    assert (before.returncode, before.stdout) == (after.returncode, after.stdout)
    said, name = before.stderr.splitlines(), former.split(maxsplit=1)[0]
    assert said[0] == f"radio: `radio {name}` is now `radio {FORMER[name]}`"
    if after.returncode != 2:  # else the usage names the command
        assert said[1:] == after.stderr.splitlines()


def test_a_show_is_renamed_by_its_former_command_and_by_the_new_one(archive: Archive) -> None:
    put(archive, STREET)
    root = str(archive.root)
    assert call("move", "--rename", KEY, "la-rue", RADIO_ROOT=root).stdout == "emission/la-rue\n"
    assert call("rename", "emission", "antenne", RADIO_ROOT=root).stdout == "antenne\n"
    done = call("move", "--rename", "a", "b", "c", RADIO_ROOT=root, check=False)
    assert (done.returncode, "--rename takes one KEY" in done.stderr) == (2, True)
    done = call("merge", "antenne/la-rue", RADIO_ROOT=root, check=False)
    assert (done.returncode, "name two episodes, or --find" in done.stderr) == (2, True)


PAGES = ("README.md", "README.en.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile")
TOLD = [*(ROOT / name for name in PAGES), *ROOT.glob("docs/*/*.md"), *ROOT.glob("radio/**/*.po")]
TOLD += ROOT.glob("radio/web/templates/*.html")
TOLD += (path for path in ROOT.glob("deploy/**/*") if path.is_file())
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
