"""Who speaks."""

import sys

import click

from radio.archive import Archive
from radio.cli.lines import say, tell
from radio.cli.naming import find_episode
from radio.cli.terminal import counted, each_of, progress_bar, with_archive
from radio.search import Index
from radio.system.messages import _
from radio.text.transcript import clock
from radio.transcribe import voices
from radio.transcribe.attribution import is_number, known_turns
from radio.transcribe.models import voices as network
from radio.transcribe.voices import Voice

SHOWN = 60  # characters of what a voice first says


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
@click.option("--missing", is_flag=True, help=_("Listen to all where nobody did yet."))
@click.option("--again", is_flag=True, help=_("Listen anew; names are kept."))
@click.option("--forget", is_flag=True, help=_("Remove the voices and their names."))
def command(
    archive: Archive,
    key: str | None,
    names: dict[int, str],
    missing: bool,
    again: bool,
    forget: bool,
) -> None:
    """List who speaks in an episode, or name voices: 1=Camille 2="Zoé"; 1= takes a name away.

    The machine tells voices apart within one episode, never from one to another. Words are not
    touched, nor what a person wrote.
    """
    archive.require()
    if missing == bool(key) or again + forget + bool(names) > bool(key):
        raise click.UsageError(_("name one episode, or --missing; one thing at a time"))
    if missing:
        network.find()
        failed = each_of(voices.untold(archive), lambda each: _listen(archive, each))
        Index(archive).refresh()
        sys.exit(1 if failed else 0)
    key = find_episode(archive, key or "").key
    if forget:
        _forget(archive, key)
    elif names:
        voices.name(archive, key, names)
        _warn(voices.voices_of(archive, key))
    elif again or known_turns(archive, archive.episode(key)) is None:
        _listen(archive, key)
    Index(archive).refresh(rebuild=forget)  # an older index still holds what was removed
    _list(archive, key)


def _listen(archive: Archive, key: str) -> None:
    with progress_bar(key, archive.episode(key).audio.duration) as show:
        found = voices.tell(archive, key, show)
    count = counted(len(found), "voice", "voices")
    tell(f"{key}  {count}")


def _forget(archive: Archive, key: str) -> None:
    """Forget the voices. Say the names that go, so that they can be given again, and what stays."""
    names = archive.episode(key).voices
    voices.forget(archive, key)
    gone = " ".join(f'{number}="{name}"' for number, name in names.items())
    tell(_("{key}: voices forgotten {names}").format(key=key, names=gone).rstrip())
    for path in voices.still_told(archive, key):
        told = _(
            "radio: {path}: still tells who speaks, and no machine changes it; take `<v …>` "
            "out there in an editor"
        )
        tell(told, path=path)


def _warn(found: list[Voice]) -> None:
    """Say where two voices have one name: on the page they look like one."""
    for voice in found:
        same = [other.number for other in found if other.name == voice.name]
        if len(same) > 1 and same[0] == voice.number:
            numbers = ", ".join(map(str, same))
            told = _("radio: voices {numbers} are all called {name} now")
            tell(told, numbers=numbers, name=voice.name)


def _list(archive: Archive, key: str) -> None:
    found = voices.voices_of(archive, key)
    spoken = sum(region.end - region.start for region in voices.spoken(archive, key))
    for voice in found:
        share = voice.seconds / spoken if spoken else 0.0
        first = voice.first if len(voice.first) <= SHOWN else f"{voice.first[:SHOWN].rstrip()}…"
        time = clock(voice.seconds)
        say(f"{voice.number}  {voice.name}  {time}  {share:.0%}  {first}")
    if not found:
        tell(_("{key}: no voice is told from others"), key=key)
    for number, name in voices.stale_names(archive, key).items():
        told = _(
            "radio: {key}: no voice {number} any more, named {name}; "
            "`radio text voices {key} {number}=` takes the name away"
        )
        tell(told, key=key, number=number, name=name)
