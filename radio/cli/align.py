"""A text that exists already."""

from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.lines import say, tell
from radio.cli.naming import find_episode
from radio.cli.terminal import counted, with_archive
from radio.search import Index
from radio.system.messages import _
from radio.text.transcript import clock
from radio.transcribe.adoption import adopt, align_text


@click.command("align")
@with_archive
@click.argument("key", metavar="KEY")
@click.argument("text", metavar=_("TEXT"), type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help=_("Replace even what a person reread or changed."))
@click.option("--dry-run", is_flag=True, help=_("Say what would be, write nothing."))
def command(archive: Archive, key: str, text: Path, force: bool, dry_run: bool) -> None:
    """Lay a text that people wrote on the sound: .txt, .html, .srt, .vtt, .docx, .odt.

    It becomes the transcript, with the times of the words that the machine heard; the present one
    is kept aside. Lines that are never said are named and left out, and so is what was said and is
    not in the text. « Name: » at the head of a paragraph names who speaks.
    """
    archive.require()
    find_episode(archive, key)
    adoption = align_text(archive, key, text)
    for line in adoption.alignment.unsaid:
        tell(_("radio: not said: {text}"), text=line.text)
    for cue in adoption.alignment.unwritten:
        at = clock(cue.start)
        tell(_("radio: not written: {at} {text}"), at=at, text=cue.text)
    if not dry_run:
        adopt(archive, adoption, force=force)
        Index(archive).refresh()
    say(counted(len(adoption.alignment.cues), "cue", "cues"))
