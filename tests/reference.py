"""The reference of the manual, made from the program: `make reference` writes it to `docs/`. The
commands are all of its words. Of fields, variables and addresses it sets the rows, and what a field
is where a file does not have it; what they mean stays as people wrote it, `…` where nobody did."""

import dataclasses
import inspect
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from radio.archive import Archive
from radio.archive.distinct import DistinctPairs
from radio.archive.dossier import ThreadPassage
from radio.archive.episode import Audio, Episode, Link, Person, Show, Soundbite, Source
from radio.archive.follows import Follow, Follows
from radio.archive.gone import Departure, Discard, Gone
from radio.archive.imprint import Choice, Colors, Imprint
from radio.archive.protection import Protection, PublicReply, Redaction
from radio.archive.rights import Rights
from radio.archive.themes import Theme, Themes
from radio.archive.threads import Thread, Threads
from radio.cli.commands import COMMANDS, spoken
from radio.system.messages import _
from radio.text.chapters import Chapter
from tests.samples import ROOT
from tests.web.sites import visit

DOCS = ROOT / "docs"
LANGUAGES = ("fr", "en")
Cells = Sequence[str]
FIELDS: dict[str, type] = {  # by heading
    "`show.json`": Show,
    "`<slug>.json`": Episode,
    "`protection`": Protection,
    "`replies`": PublicReply,
    "`rights`": Rights,
    "`audio`": Audio,
    "`people`": Person,
    "`links`": Link,
    "`chapters`": Chapter,
    "`redactions`": Redaction,
    "`soundbites`": Soundbite,
    "`source`": Source,
    "`gone.json`": Gone,
    "`episodes`, `shows`": Departure,
    "`recordings`": Discard,
    "`twins.json`": DistinctPairs,
    "`themes.json`": Themes,
    "`themes`": Theme,
    "`threads.json`": Threads,
    "`threads`": Thread,
    "`passages`": ThreadPassage,
    "`follows.json`": Follows,
    "`follows`": Follow,
}
SETTINGS: dict[str, type] = {"`site.json`": Imprint, "`colors`": Colors, "`day`, `night`": Choice}
BY_PLACE = {"slug", "show", "extra"}  # said by where the file lies, or kept whatever they are
REQUIRED = {"fr": "obligatoire", "en": "required"}
TITLES = {"fr": "Les commandes", "en": "Commands"}
ABOUT = {
    "fr": "Ce que dit `radio COMMANDE --help`. Chacune a aussi `--root DOSSIER`, l’archive.",
    "en": "What `radio COMMAND --help` says. Each has `--root FOLDER` too, the archive.",
}
EVERYWHERE = {"--root", "--help"}  # options that all commands have
COLON = {"fr": "\N{NO-BREAK SPACE}:", "en": ":"}
UNWRITTEN = "…"
VARIABLE = re.compile(r"\b((?:RADIO|RESTIC|HF|XDG)_[A-Z]+(?:_[A-Z]+)*)\b")
SYSTEMS = {"HF_HUB_DISABLE_TELEMETRY"}  # set by the program, read by others


def heading(name: str) -> re.Pattern[str]:
    """Find what follows a heading, up to the next one."""
    return re.compile(rf"^##+ {re.escape(name)}(?![`,]).*\n([\s\S]*?)(?=^#|\Z)", re.MULTILINE)


def table(text: str, name: str) -> list[list[str]]:
    """The cells of the table below a heading, its head first."""
    match = heading(name).search(text)
    lines = match[1].splitlines() if match else []
    rows = [re.split(r"(?<!\\)\|", line.strip()[1:-1]) for line in lines if line[:1] == "|"]
    return [[cell.strip() for cell in row] for row in rows if not set(row[0]) <= set(" -")]


def with_rows(text: str, name: str, wanted: Mapping[str, Mapping[int, str]]) -> str:
    """Set the rows of a table: those that are there in their order, then new ones; some cells."""
    head, *rows = table(text, name)
    there = {row[0].strip("`"): row for row in rows}
    lines = [head, ["---"] * len(head)]
    for key in [*(each for each in there if each in wanted), *(wanted.keys() - there.keys())]:
        row = there.get(key, [f"`{key}`", *[UNWRITTEN] * (len(head) - 1)])
        lines.append([wanted[key].get(number, cell) for number, cell in enumerate(row)])
    written = "".join(f"| {' | '.join(row)} |\n" for row in lines).replace("| --- ", "|---")
    old = heading(name).search(text)
    assert old, name
    body = re.sub(
        r"(?:^\|.*\n)+", lambda _: written.replace("---| ", "---|"), old[1], flags=re.MULTILINE
    )
    return text[: old.start(1)] + body + text[old.end(1) :]


def fields_of(kind: type, lang: str) -> dict[str, dict[int, str]]:
    """The fields of a declaration, with what they are where a file does not have them."""
    found = dict[str, dict[int, str]]()
    for each in dataclasses.fields(kind):
        made = each.default_factory
        default = each.default if made is dataclasses.MISSING else made()
        if each.name not in BY_PLACE:
            found[each.name] = {2: absent(default, lang)}
    return found


def absent(default: Any, lang: str) -> str:
    if default is dataclasses.MISSING:
        return REQUIRED[lang]
    if not isinstance(default, str | int | float) or default == "":
        return "–"
    return f"`{json.dumps(default)}`"


def variables() -> set[str]:
    """All that the program and what is installed with it read from the environment."""
    texts = [path.read_text("utf-8") for path in (ROOT / "radio").rglob("*.py")]
    texts.append((ROOT / "deploy" / "env").read_text("utf-8"))
    return {name for text in texts for name in VARIABLE.findall(text)} - SYSTEMS


def addresses() -> set[str]:
    """The addresses of the site, but for those of the desk and the files of its pages."""
    with tempfile.TemporaryDirectory() as root:
        archive = Archive(Path(root))
        archive.media.mkdir()
        rules = list(visit(archive).application.url_map.iter_rules())
    shown = (each.rule for each in rules if "GET" in (each.methods or ()))
    listed = {shorten(rule) for rule in shown}
    return {rule for rule in listed if not rule.startswith(("/desk", "/static", "/api"))}


def operations() -> dict[str, dict[int, str]]:
    """The addresses of the API, each with its parameters."""
    described = json.loads((ROOT / "radio" / "web" / "openapi.json").read_text("utf-8"))
    found = dict[str, dict[int, str]]()
    for path, methods in described["paths"].items():
        names = [f"`{each['name']}`" for each in methods["get"].get("parameters", ())]
        found[path] = {1: ", ".join(names) or "–"}
    return found


def shorten(rule: str) -> str:
    """Write what an address may have in one place as people read it: `{csv,jsonl}`, `<slug>`."""
    rule = re.sub(r"<any\(([^)]*)\):\w+>", lambda match: f"{{{match[1].replace(', ', ',')}}}", rule)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", rule)


def commands(lang: str) -> str:
    """Tell all commands as they tell themselves, in a process that speaks so from its start:
    click keeps what options said when they were made."""
    code = f"import os, tests; os.environ['LC_ALL'] = '{lang}'; from tests import reference as it;"
    words = [sys.executable, "-c", f"{code} print(*it.told('{lang}'), sep='\\n\\n')"]
    env = {**os.environ, "LANGUAGE": lang, "PYTHONUTF8": "1"}
    done = subprocess.run(
        words, capture_output=True, encoding="utf-8", env=env, cwd=ROOT, check=True
    )
    return done.stdout


def told(lang: str) -> Iterator[str]:
    yield f"# {TITLES[lang]}"
    yield ABOUT[lang]
    for name, rows in COMMANDS.items():
        yield f"## {_(name)}"
        for row in rows:
            yield from explained(row.name, row.command, lang)


def explained(path: str, command: click.Command, lang: str) -> Iterator[str]:
    """Explain a command, then those of a group."""
    command = spoken(command)
    context = click.Context(command, info_name=f"radio {path}")
    yield f"### `radio {path}`"
    if isinstance(command, click.Group):
        yield prose(command.help or "")
        for name in command.list_commands(context):
            if (each := command.get_command(context, name)) and not each.hidden:
                yield from explained(f"{path} {name}", each, lang)
        return
    usage = " ".join(command.collect_usage_pieces(context)[1:])
    yield f"```\nradio {path} {usage}".rstrip() + "\n```"
    yield prose(command.help or "")
    options = [each for each in command.params if isinstance(each, click.Option)]
    own = [it for it in options if EVERYWHERE.isdisjoint(it.opts) and not it.hidden]
    if own:
        yield "\n".join(line(each, context, COLON[lang]) for each in own)


def prose(text: str) -> str:
    """Set out the help of a command for Markdown."""
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(text).replace("\b", ""))
    return "\n\n".join(" ".join(each.split()).replace("<", "\\<") for each in paragraphs)


def line(option: click.Option, context: click.Context, colon: str) -> str:
    """Tell of an option."""
    written, _help = option.get_help_record(context) or ("", "")
    return f"- `{written}`" + (f"{colon} {prose(option.help)}" if option.help else "")


def page(name: str, lang: str) -> str:
    """What a page of the reference should be."""
    if name == "commands":
        return commands(lang)
    text = (DOCS / lang / f"reference-{name}.md").read_text(encoding="utf-8")
    if name == "environment":
        return with_rows(text, "Variables", {each: {} for each in sorted(variables())})
    if name == "addresses":
        text = with_rows(text, "Site", {each: {} for each in sorted(addresses())})
        return with_rows(text, "API", operations())
    for title, kind in (FIELDS if name == "fields" else SETTINGS).items():
        text = with_rows(text, title, fields_of(kind, lang))
    return text


PAGES = ("commands", "fields", "settings", "environment", "addresses")


def main() -> None:
    """Write all pages anew."""
    for lang in LANGUAGES:
        for name in PAGES:
            made = page(name, lang)
            (DOCS / lang / f"reference-{name}.md").write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
