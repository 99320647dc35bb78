"""The table of commands: name, what it does in a line, module. `radio --help` is made of it alone:
a module is imported when its command runs."""

import importlib
import inspect
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import click

from radio.cli.lines import tell
from radio.system.messages import Message, _

ROOT = "radio.cli.root"  # in a context: the folder that was named

Rows = Mapping[str, Sequence["CommandRow"]]  # the commands of a group, by heading


@dataclass(frozen=True)
class CommandRow:
    """A command, or a group of them, in the table."""

    name: str
    does: str  # in a line
    place: str = ""  # its module in this room, where it has another name « module:name »
    rows: Sequence["CommandRow"] = ()  # of a group

    @cached_property
    def command(self) -> click.Command:
        """The command, made of its function; a group is made of its rows."""
        if self.rows:
            return Group(self.name, {"": self.rows}, help=self.does)
        module, _colon, name = (self.place or f"{self.name}:command").partition(":")
        imported = importlib.import_module(f"radio.cli.{module}")
        found = getattr(imported, name or self.name.replace("-", "_"))
        return found if isinstance(found, click.Group) else click.command(self.name)(found)


PROTECT = (
    CommandRow("publish", _("Publier des épisodes, tout de suite ou à une heure"), "protect"),
    CommandRow("draft", _("Remettre des épisodes en brouillon"), "protect"),
    CommandRow("embargo", _("Cacher des épisodes jusqu’à un jour donné"), "protect"),
    CommandRow("withdraw", _("Retirer des épisodes, pour toujours ou un temps"), "protect"),
    CommandRow("noindex", _("Demander aux moteurs de recherche d’ignorer des épisodes"), "protect"),
    CommandRow("redact", _("Retirer un passage du son et du texte"), "protect"),
    CommandRow("unseal", _("Remettre le dernier passage retiré"), "protect"),
    CommandRow("pseudonym", _("Remplacer un nom partout où il est écrit"), "protect"),
    CommandRow("consent", _("Noter qui accepte d’être entendu, ou ne l’accepte plus"), "protect"),
    CommandRow("reply", _("Joindre un droit de réponse à un épisode"), "protect"),
    CommandRow("replace", _("Remplacer un son par une meilleure copie"), "protect:better"),
    CommandRow("trim", _("Couper le silence au début et à la fin d’un son"), "protect"),
)
TEXT = (
    CommandRow("align", _("Caler sur le son un texte écrit par des gens"), "text"),
    CommandRow("document", _("Reprendre un texte corrigé dans un traitement de texte"), "text"),
    CommandRow("voices", _("Distinguer les voix, et les nommer"), "text:name_voices"),
    CommandRow("rehear", _("Réécouter ce dont la machine n’était pas sûre"), "text"),
    CommandRow("proposals", _("Accepter ou refuser les mots que le public propose")),
    CommandRow("glossary", _("Lister ou ajouter les noms donnés à la machine"), "proposals"),
    CommandRow("themes", _("Choisir les noms et les thèmes qui ont une page"), "proposals"),
    CommandRow("threads", _("Composer un fil de passages, le changer, l’ôter"), "threads:command"),
)
SOURCE = (
    CommandRow("add", _("Suivre un flux ou un site"), "source"),
    CommandRow("list", _("Lister ce qui est suivi, et ce qui y a été vu"), "source:list_all"),
    CommandRow("remove", _("Cesser de suivre une adresse"), "source"),
    CommandRow("look", _("Regarder maintenant, et ajouter ce qui est nouveau"), "source"),
)
EXPORT = (
    CommandRow("bag", _("Écrire l’archive comme un sac BagIt"), "export"),
    CommandRow("site", _("Écrire le site en fichiers, pour un disque ou un hébergeur"), "export"),
    CommandRow("epub", _("Écrire un livre dont le texte suit la voix"), "books"),
    CommandRow("booklet", _("Écrire un livret à imprimer"), "books"),
    CommandRow("document", _("Écrire un texte pour un traitement de texte"), "export"),
    CommandRow("documents", _("Écrire les passages pour un autre moteur"), "export"),
    CommandRow("kit", _("Écrire ce qu’il faut à une radio pour rediffuser"), "export"),
    CommandRow("music-free", _("Écrire une copie sans ses musiques"), "export"),
    CommandRow("playlist", _("Lister les musiques que jouent les épisodes"), "export"),
    CommandRow("report", _("Écrire le rapport d’une année"), "export"),
)
COMMANDS: Rows = {
    _("Chaque jour"): (
        CommandRow("init", _("Créer une archive, ou y ajouter une émission"), "make"),
        CommandRow("ingest", _("Ajouter des sons : fichiers, dossiers, adresses")),
        CommandRow("transcribe", _("Transcrire avec Whisper, sur cette machine")),
        CommandRow("work", _("Faire tout ce qu’il y a à faire, jusqu’à l’arrêt")),
        CommandRow("status", _("Dire ce qui se fait, ce qui reste, ce qui échoue")),
        CommandRow("search", _("Trouver ce qui a été dit : épisode, seconde")),
        CommandRow("serve", _("Lancer le site"), "serve:site"),
        CommandRow("check", _("Relire chaque fichier, dire ce qui ne va pas"), "check:files"),
        CommandRow("demo", _("Essayer le tout avec trois émissions d’exemple"), "serve"),
    ),
    _("Catalogue"): (
        CommandRow("list", _("Lister les épisodes, les plus récents d’abord"), "catalogue:listing"),
        CommandRow("show", _("Montrer tout ce qu’on sait d’un épisode"), "catalogue"),
        CommandRow("edit", _("Changer titres, dates, personnes, mots-clés")),
        CommandRow("move", _("Changer un épisode d’émission, ou de nom"), "catalogue"),
        CommandRow("merge", _("Fusionner deux copies d’un son, ou les trouver"), "twins"),
        CommandRow("delete", _("Mettre à la corbeille, ou la vider"), "catalogue"),
        CommandRow("undo", _("Annuler ce qui a été fait"), "catalogue:take_back"),
        CommandRow("log", _("Montrer qui a fait quoi, et pourquoi"), "catalogue"),
    ),
    _("Personnes et mots"): (
        CommandRow("protect", _("Retirer, couper, changer un nom, noter un accord"), rows=PROTECT),
        CommandRow("text", _("Nommer les voix, caler un texte, corriger un mot"), rows=TEXT),
    ),
    _("Entrées, sorties"): (
        CommandRow("source", _("Suivre des flux et des sites"), rows=SOURCE),
        CommandRow("export", _("Écrire un sac, le site, des livres, un rapport"), rows=EXPORT),
        CommandRow("mirror", _("Copier une autre archive, ou ce qui y change")),
        CommandRow("audit", _("Vérifier du dehors ce qu’un site promet"), "check"),
    ),
    _("Cette machine"): (
        CommandRow("doctor", _("Dire si cette machine va bien, et que faire sinon")),
        CommandRow("backup", _("Copier toute l’archive, relire, essayer la copie")),
        CommandRow("restore", _("Reprendre une copie, ou un épisode"), "backup"),
        CommandRow("index", _("Refaire la recherche, les ondes et les pages"), "make"),
        CommandRow("model", _("Télécharger un modèle Whisper, ou savoir lequel")),
        CommandRow("user", _("Dire qui peut ouvrir le bureau")),
    ),
}
FORMER = {  # former names, and today's; they work until 1.1
    "follow": "source",
    "rename": "move --rename",
    "twins": "merge --find",
    "journal": "log",
    **{row.name: f"protect {row.name}" for row in PROTECT if row.name != "trim"},
    **{row.name: f"text {row.name}" for row in TEXT},
    "playlist": "export playlist",
    "report": "export report",
}


def _followed(asked: list[str]) -> list[str]:
    """Translate options of `radio follow` for `radio source`, where several commands have them."""
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
    """Commands, each on a line, whole; those of the table are imported when they are asked for."""

    def __init__(self, name: str | None = None, rows: Rows | None = None, **settings: object):
        super().__init__(name, **settings)  # type: ignore[arg-type]
        self.headings = rows or {}
        self.rows = {row.name: row for some in self.headings.values() for row in some}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which a keeper meets them."""
        return list(self.rows) or super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give a command, in the language of whoever runs it."""
        row = self.rows.get(cmd_name)
        command = row.command if row else super().get_command(ctx, cmd_name)
        return command and spoken(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them as in the table, else by the first sentence of each."""
        lines = [(row.name, row.does) for row in self.rows.values()]
        for name in () if lines else self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command and not command.hidden:
                lines.append((name, command.get_short_help_str(limit=1000)))
        with formatter.section(_("Commandes")):
            formatter.write_dl(lines)


class AllCommands(Group):
    """The commands of `radio`: the page that lists them, and their former names."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; one that is called by its former name says the new one."""
        if now := FORMER.get(args[0]):
            message = _("radio : `radio {former}` s’appelle maintenant `radio {now}`")
            tell(message, former=args[0], now=now)
            args = _followed(args[1:]) if args[0] == "follow" else [*now.split(), *args[1:]]
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one screen: what the program is for, and each command on a line, by headings."""
        options = _("[--root DOSSIER] [--version] COMMANDE [--help] ...")
        formatter.write_usage(ctx.command_path, options)
        formatter.write(f"{self.help}\n")
        wide = max(map(len, self.headings)), max(map(len, self.rows))
        for heading, rows in self.headings.items():
            for number, row in enumerate(rows):
                shown = "" if number else heading
                formatter.write(f"{shown:{wide[0]}}  {row.name:{wide[1]}}  {row.does}\n")


def chosen_root(context: click.Context, _option: object, given: str | None) -> str:
    """Note the folder of `--root`, before the command or after it, and give the archive's: the last
    one named, else RADIO_ROOT, else the current folder."""
    if given:
        context.meta[ROOT] = given
    return str(context.meta.get(ROOT) or os.environ.get("RADIO_ROOT") or ".")


def spoken(command: click.Command) -> click.Command:
    """Have a command explain itself in the language of whoever runs it."""
    if not isinstance(command.help, Message):  # said already
        command.help = command.help and inspect.cleandoc(command.help)
    command.help = command.help and _(command.help)
    for option in command.params:
        option.metavar = option.metavar and _(option.metavar)
        if isinstance(option, click.Option):
            option.help = option.help and _(option.help)
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        spoken(each)
    return command
