"""The text of an episode: laid on the sound, its voices named, what is in doubt heard again."""

import sys
from collections import Counter
from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.lines import say, tell
from radio.cli.naming import find_episode
from radio.cli.terminal import counted, each_of, flag, option, progress_bar, with_archive
from radio.search import Index
from radio.system import process
from radio.system.messages import _
from radio.text.transcript import clock
from radio.transcribe import engines, voices
from radio.transcribe.adoption import adopt, align_text
from radio.transcribe.attribution import is_number, known_turns
from radio.transcribe.models import voices as network
from radio.transcribe.recipes import REHEARING
from radio.transcribe.rehearing import hear_again, missing

SHOWN = 60  # characters of what a voice first says


@click.command("align")
@with_archive
@click.argument("key", metavar="KEY")
@click.argument("text", metavar=_("TEXT"), type=click.Path(path_type=Path))
@flag("--force", _("Replace even what a person reread or changed."))
@flag("--dry-run", _("Say what would be, write nothing."))
def align(archive: Archive, key: str, text: Path, force: bool, dry_run: bool) -> None:
    """Lay a text that people wrote on the sound: .txt, .html, .srt, .vtt, .docx, .odt.

    It becomes the transcript, with the times of the words that the machine heard; the present one
    is kept aside. Lines that are never said are named and left out, and so is what was said and is
    not in the text. « Name: » at the head of a paragraph names who speaks.
    """
    find_episode(archive, key)
    adoption = align_text(archive, key, text)
    for line in adoption.alignment.unsaid:
        tell(_("radio: not said: {text}"), text=line.text)
    for cue in adoption.alignment.unwritten:
        tell(_("radio: not written: {at} {text}"), at=clock(cue.start), text=cue.text)
    if not dry_run:
        adopt(archive, adoption, force=force)
        Index(archive).refresh()
    say(counted(len(adoption.alignment.cues), "cue", "cues"))


@click.command("rehear")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("[KEY…]"))
@option(
    "--engine",
    _("auto: the faster one that is installed."),
    default="auto",
    type=click.Choice(engines.NAMES),
    show_default=True,
)
@option("--model", _("See `radio model list`; the best one by default."))
def rehear(archive: Archive, keys: tuple[str, ...], engine: str, model: str | None) -> None:
    """Hear again what the machine was not sure of, to offer other words to who rereads.

    That is all of its texts that nobody reread, or the episodes named. No text changes: the desk
    offers what was heard. `radio work` does this by itself, when there is nothing else to do.
    """
    todo = [find_episode(archive, key).key for key in keys]
    todo = todo or [each.key for each in missing(archive)]
    process.lower_priority()
    process.spare(heaps=2)

    def hear(key: str) -> None:
        with progress_bar(key, archive.episode(key).audio.duration) as show:
            hear_again(archive, key, heard_by, show)

    with archive.lock(REHEARING, wait=False):
        heard_by = engines.load(engine, model, threads=1)
        failed = each_of(todo, hear)
    sys.exit(1 if failed else 0)


def _read_names(_context: object, _option: object, values: tuple[str, ...]) -> dict[int, str]:
    names = {}
    for value in values:
        number, is_given, name = value.partition("=")
        if not (is_given and is_number(number.strip())):
            raise click.BadParameter(_("{value}: not NUMBER=NAME").format(value=value[:SHOWN]))
        names[int(number)] = name.strip()
    return names


@click.command("voices")
@with_archive
@click.argument("key", required=False, metavar=_("KEY"))
@click.argument("names", nargs=-1, metavar=_("[NUMBER=NAME…]"), callback=_read_names)
@flag("--missing", _("Listen to all where nobody did yet."), "untold")
@flag("--again", _("Listen anew; names are kept."))
@flag("--forget", _("Remove the voices and their names."))
def name_voices(
    archive: Archive,
    key: str | None,
    names: dict[int, str],
    untold: bool,
    again: bool,
    forget: bool,
) -> None:
    """List who speaks in an episode, or name voices: 1=Camille 2="Zoé"; 1= takes a name away.

    The machine tells voices apart within one episode, never from one to another. Words are not
    touched, nor what a person wrote.
    """
    if untold == bool(key) or again + forget + bool(names) > bool(key):
        raise click.UsageError(_("name one episode, or --missing; one thing at a time"))
    if untold:
        network.find()
        failed = each_of(voices.untold(archive), lambda each: _listen(archive, each))
        Index(archive).refresh()
        sys.exit(1 if failed else 0)
    key = find_episode(archive, key or "").key
    if forget:
        _forget(archive, key)
    elif names:
        voices.name(archive, key, names)
        _warn_of_namesakes(archive, key)
    elif again or known_turns(archive, archive.episode(key)) is None:
        _listen(archive, key)
    Index(archive).refresh(rebuild=forget)  # an older index still holds what was removed
    _list(archive, key)


def _listen(archive: Archive, key: str) -> None:
    with progress_bar(key, archive.episode(key).audio.duration) as show:
        found = voices.tell(archive, key, show)
    tell(f"{key}  {counted(len(found), 'voice', 'voices')}")


def _forget(archive: Archive, key: str) -> None:
    """Forget the voices. Say the names that go, so that they can be given again, and what stays."""
    names = archive.episode(key).voices
    voices.forget(archive, key)
    gone = " ".join(f'{number}="{name}"' for number, name in names.items())
    tell(_("{key}: voices forgotten {names}").format(key=key, names=gone).rstrip())
    told = _(
        "radio: {path}: still tells who speaks, and no machine changes it; take `<v …>` "
        "out there in an editor"
    )
    for path in voices.still_told(archive, key):
        tell(told, path=path)


def _warn_of_namesakes(archive: Archive, key: str) -> None:
    """Say where two voices have one name: on the page they look like one."""
    found = voices.voices_of(archive, key)
    for name, count in Counter(voice.name for voice in found).items():
        if count > 1:
            numbers = ", ".join(str(voice.number) for voice in found if voice.name == name)
            tell(_("radio: voices {numbers} are all called {name} now"), numbers=numbers, name=name)


def _list(archive: Archive, key: str) -> None:
    found = voices.voices_of(archive, key)
    spoken = sum(region.end - region.start for region in voices.spoken(archive, key))
    for voice in found:
        share = voice.seconds / spoken if spoken else 0.0
        first = voice.first if len(voice.first) <= SHOWN else f"{voice.first[:SHOWN].rstrip()}…"
        say(f"{voice.number}  {voice.name}  {clock(voice.seconds)}  {share:.0%}  {first}")
    if not found:
        tell(_("{key}: no voice is told from others"), key=key)
    told = _(
        "radio: {key}: no voice {number} any more, named {name}; "
        "`radio text voices {key} {number}=` takes the name away"
    )
    for number, name in voices.stale_names(archive, key).items():
        tell(told, key=key, number=number, name=name)
