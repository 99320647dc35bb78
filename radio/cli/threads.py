"""Threads: passages that somebody chose, with a line before each."""

from dataclasses import replace

import click

from radio.actions import sewing
from radio.actions.action import Input
from radio.archive import Archive
from radio.archive.threads import THREADS
from radio.cli.acting import asking
from radio.cli.lines import say, tell
from radio.cli.terminal import option, read_text, with_archive
from radio.system.errors import NotFoundError
from radio.system.messages import _

OPTIONS = (replace(each, is_needed=False) for each in sewing.FIELDS if each.kind == "line")
REMOVE = Input("remove", "switch", help=_("Ôter ce fil ; ses passages restent où ils sont."))


@with_archive
@click.argument("slug", required=False, metavar=_("[FIL]"))
@asking(*OPTIONS, REMOVE)
@option("--passages", _("Un par ligne, en UTF-8 ; « - » les lit au clavier."), _("FICHIER"), "file")
def command(
    archive: Archive, slug: str | None, file: str | None, remove: bool, note: str, **said: str
) -> None:
    """Composer un fil : de cinq à douze passages à la suite, avec une phrase avant chacun.

    Une ligne dit un passage : l’adresse que copie « Partager », ou « émission/épisode 12:34 », puis
    la phrase qui se lit avant lui. Sans rien, les fils sont listés ; avec un FIL seul, ses
    passages, tels que --passages les reprend. `radio undo` annule tout changement.
    """
    known = {each.subject.slug: each for each in THREADS.read(archive.root).threads}
    if slug and slug not in known:
        message = _("{slug} : pas de fil de ce nom ; `radio text threads` les liste")
        raise NotFoundError(message, slug=slug)
    old = known[slug] if slug else None
    told = {name: text for name, text in said.items() if text}
    told |= {"passages": read_text(file)} if file else {}
    if not old and (remove or 0 < len(told) < len(sewing.FIELDS) - 1):
        raise click.UsageError(_("nommez un FIL, ou donnez --title, --author et --passages"))
    if remove or told:
        texts = (sewing.written(old) if old else {}) | told
        given = None if remove else sewing.read_thread(archive, texts, old)
        sewing.sew(archive, given, old, note=note)
        tell(_("fait ; `radio undo` l’annule"))
    elif old:
        say(sewing.written(old)["passages"])
    for each in () if old or told else known.values():
        say(f"{each.subject.slug}  {each.title}  {each.author}")
