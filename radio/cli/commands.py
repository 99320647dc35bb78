"""The commands: what each is called, what it does in a line, and which module has it.

The page of `radio --help` is made of this table alone: a module is imported when its command runs.
"""

import importlib
import inspect
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import click

from radio.cli.lines import tell
from radio.system.messages import _

ROOT = "radio.cli.root"
"""Where the context of a command and those above it note the folder that was named."""

Rows = Mapping[str, Sequence["CommandRow"]]
"""The commands of a group, each under a heading."""


@dataclass(frozen=True)
class CommandRow:
    """A command, or a group of them, in the table."""

    name: str
    does: str  # in a line
    place: str = ""  # its module in this room, where it has another name « module:name »
    rows: Rows = field(default_factory=dict)  # of a group

    def load(self) -> click.Command:
        """Import the command; a group is made of its rows."""
        if self.rows:
            return Commands(self.name, self.rows, help=self.does)
        module, _colon, name = (self.place or f"{self.name}:command").partition(":")
        imported = importlib.import_module(f"radio.cli.{module}")
        command: click.Command = getattr(imported, name or self.name.replace("-", "_"))
        return command


PROTECT = (
    CommandRow("publish", _("Let everybody hear episodes again"), "protect"),
    CommandRow("embargo", _("Let nobody know of episodes before a day"), "protect"),
    CommandRow("withdraw", _("Let nobody hear or read episodes, for ever or a while"), "protect"),
    CommandRow("noindex", _("Ask search engines to leave episodes out"), "protect"),
    CommandRow("redact", _("Take a passage out of sound and text"), "protect"),
    CommandRow("unseal", _("Give back the passage that was taken out last"), "protect"),
    CommandRow("pseudonym", _("Replace a name wherever it is written"), "people"),
    CommandRow("consent", _("Note who agreed to be heard, and who no longer does"), "people"),
    CommandRow("reply", _("Show a right of reply with an episode"), "people"),
    CommandRow("replace", _("Put a better copy in the place of a recording"), "protect:put_better"),
)
TEXT = (
    CommandRow("align", _("Lay a text that people wrote on the sound"), "text"),
    CommandRow("voices", _("Tell voices apart, and name them"), "text:name_voices"),
    CommandRow("rehear", _("Hear again what the machine was not sure of"), "text"),
    CommandRow("proposals", _("Decide on the words that listeners propose")),
    CommandRow("glossary", _("List or add the names that the machine is told"), "names"),
    CommandRow("themes", _("Decide which names and themes have a page"), "names"),
)
SOURCE = (
    CommandRow("add", _("Follow a feed or a site"), "source"),
    CommandRow("list", _("Say what is followed, and what was seen there"), "source:list_all"),
    CommandRow("remove", _("Follow an address no more"), "source"),
    CommandRow("look", _("Look there now, and take what is new"), "source"),
)
EXPORT = (
    CommandRow("bag", _("Write the archive as a BagIt bag"), "export"),
    CommandRow("site", _("Write the site as files, for a disk or any host"), "export"),
    CommandRow("epub", _("Write a book whose text follows the voice"), "books"),
    CommandRow("booklet", _("Write a booklet to print"), "books"),
    CommandRow("kit", _("Write what another radio needs to broadcast it"), "export"),
    CommandRow("music-free", _("Write a copy without its music"), "export"),
    CommandRow("playlist", _("Tell what music episodes play"), "export"),
    CommandRow("report", _("Write the report of a year"), "export"),
)
COMMANDS: Rows = {
    _("Every day"): (
        CommandRow("init", _("Make an archive, or add a show to it"), "make"),
        CommandRow("ingest", _("Take recordings: files, folders, addresses, bags")),
        CommandRow("transcribe", _("Write what is said, with Whisper, on this machine")),
        CommandRow("work", _("Do all that is to be done, until you stop it")),
        CommandRow("status", _("Say what goes on, what is left, what failed")),
        CommandRow("search", _("Find what was said: episode, second, passage")),
        CommandRow("serve", _("Serve the site"), "serve:site"),
        CommandRow("check", _("Read every file again, and name what is wrong"), "check:files"),
        CommandRow("demo", _("Try it all with three sample shows"), "serve"),
    ),
    _("Catalogue"): (
        CommandRow("list", _("List the episodes, the newest first"), "catalogue:list_episodes"),
        CommandRow("show", _("Show all that is known of an episode"), "catalogue"),
        CommandRow("edit", _("Change titles, dates, people, tags")),
        CommandRow("move", _("Move episodes to another show, or rename one"), "catalogue"),
        CommandRow("merge", _("Merge two copies of a recording, or find them"), "twins"),
        CommandRow("delete", _("Put episodes in the trash, or empty it"), "catalogue"),
        CommandRow("undo", _("Take back what was done"), "catalogue:take_back"),
        CommandRow("log", _("Tell who did what, and why"), "catalogue"),
    ),
    _("People and words"): (
        CommandRow(
            "protect", _("Withdraw, redact, replace names, note consents"), rows={"": PROTECT}
        ),
        CommandRow("text", _("Name voices, lay texts, decide on words"), rows={"": TEXT}),
    ),
    _("In and out"): (
        CommandRow("source", _("Follow feeds and sites"), rows={"": SOURCE}),
        CommandRow(
            "export", _("Write a bag, the site, books, lists, the report"), rows={"": EXPORT}
        ),
        CommandRow("mirror", _("Copy another archive, or what changed there")),
        CommandRow("audit", _("Prove from outside what a site promises"), "check"),
    ),
    _("This machine"): (
        CommandRow("index", _("Make search, waveforms and pages from the files"), "make"),
        CommandRow("model", _("Fetch the weights of Whisper, or hear which suit")),
        CommandRow("user", _("Say who may open the desk")),
    ),
}
FORMER = {
    "follow": "source",
    "rename": "move --rename",
    "twins": "merge --find",
    "journal": "log",
    **{row.name: f"protect {row.name}" for row in PROTECT},
    **{row.name: f"text {row.name}" for row in TEXT},
    "playlist": "export playlist",
    "report": "export report",
}
"""Former names of commands, and what one types now. They answer as before, until 1.1."""


def _followed(asked: list[str]) -> list[str]:
    """Ask `radio source` what `radio follow` was asked, whose options went to several commands."""
    if "--forget" in asked:
        return ["source", "remove", *(each for each in asked if each != "--forget")]
    if not {"--now", "--due"}.isdisjoint(asked):
        return ["source", "look", *(each for each in asked if each != "--now")]
    before = ("", *asked)
    is_named = any(
        not each.startswith("-") and option not in ("--show", "--every", "--root")
        for option, each in zip(before, asked, strict=False)
    )
    return ["source", "add" if is_named else "list", *asked]


class Group(click.Group):
    """Commands, each listed by its first sentence, whole."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them."""
        with formatter.section(_("Commands")):
            formatter.write_dl(list(self.lines(ctx)))

    def lines(self, ctx: click.Context) -> Iterator[tuple[str, str]]:
        """Name each command, with its first sentence."""
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command and not command.hidden:
                yield name, spoken(command).get_short_help_str(limit=1000)


class Commands(Group):
    """Commands of the table, each imported when it is asked for."""

    def __init__(self, name: str | None = None, rows: Rows | None = None, **settings: object):
        super().__init__(name, **settings)  # type: ignore[arg-type]
        self.headings = rows or {}
        self._rows = {row.name: row for some in self.headings.values() for row in some}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (as click calls it)
        """Name the commands in the order in which a keeper meets them."""
        return list(self._rows)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 (as click calls it)
        cmd_name: str,
    ) -> click.Command | None:
        """Import a command."""
        row = self._rows.get(cmd_name)
        return spoken(row.load()) if row else None

    def lines(self, ctx: click.Context) -> Iterator[tuple[str, str]]:  # noqa: ARG002 (as above)
        """Name each command, with what it does."""
        for row in self._rows.values():
            yield row.name, row.does


class AllCommands(Commands):
    """The commands of `radio`: the page that lists them, and their former names."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; one that is called by its former name says the new one."""
        if now := FORMER.get(args[0]):
            tell(_("radio: `radio {former}` is now `radio {now}`"), former=args[0], now=now)
            args = _followed(args[1:]) if args[0] == "follow" else [*now.split(), *args[1:]]
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one screen: what the program is for, and each command on a line, by headings."""
        options = _("[--root FOLDER] [--version] COMMAND [--help] ...")
        formatter.write_usage(ctx.command_path, options)
        formatter.write(f"{self.help}\n\n")
        wide = max(map(len, self.headings)), max(map(len, self._rows))
        for heading, rows in self.headings.items():
            for number, row in enumerate(rows):
                shown = "" if number else heading
                formatter.write(f"{shown:{wide[0]}}  {row.name:{wide[1]}}  {row.does}\n")


def chosen_root(context: click.Context, _option: object, given: str | None) -> str:
    """Note the folder that `--root` names, before the command or after it, and give the archive's.

    That is the last one named, else RADIO_ROOT, else the current folder.
    """
    if given:
        context.meta[ROOT] = given
    return str(context.meta.get(ROOT) or os.environ.get("RADIO_ROOT") or ".")


def spoken(command: click.Command) -> click.Command:
    """Have a command explain itself in the language of whoever runs it."""
    command.help = command.help and _(inspect.cleandoc(command.help))
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = option.help and _(option.help)
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        spoken(each)
    return command
