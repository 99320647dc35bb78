"""Protect people: who may hear episodes, passages taken out and given back, better copies."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from radio.actions import protecting, redacting, unsealing
from radio.actions.action import catch_up
from radio.actions.replacing import BetterCopy, CopyHeard, listen, put_in_place, require_other
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.acting import YES, acting, on_episode, tell_left
from radio.cli.lines import say, tell
from radio.cli.terminal import confirm, progress_bar
from radio.search import Index
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("publish")
@acting(protecting.publish)
def publish() -> None:
    """Let everybody hear some episodes that were withdrawn or under embargo."""


@click.command("embargo")
@acting(protecting.embargo)
def embargo() -> None:
    """Let nobody know of some episodes before a day: "25/12/2026", "1er janvier 2027".

    They appear by themselves on that day, at midnight.
    """


@click.command("withdraw")
@acting(protecting.withdraw)
def withdraw() -> None:
    """Let nobody hear or read some episodes: not in pages, search, feeds, downloads or mirrors.

    Their addresses say that they were withdrawn, and why. Files stay; `radio protect publish`
    gives them back.
    """


@click.command("noindex")
@acting(protecting.hide)
def noindex() -> None:
    """Ask search engines to leave some episodes out; the search of the archive still finds them."""


@click.command("redact")
@on_episode(*redacting.FIELDS, YES)
def redact(archive: Archive, episode: Episode, sure: bool, **asked: Any) -> None:
    """Take the passage between two moments (12:34.5, or seconds) out of an episode.

    It is silent in the sound, and absent from the text, what the machine heard, older versions,
    search, feeds, downloads, and what was made of them; the site as files follows with the next
    `radio export site`, mirrors and kept episodes at their next visit. The sound is encoded anew.
    The original is sealed or destroyed: say which. `radio undo` does not bring it back.
    """
    request = redacting.Request(**asked)
    if not request.fate:
        raise click.UsageError(_("say what becomes of the original: --seal or --destroy"))
    archive.transcript(episode.key)  # one that can't be read would go whole: mend it first
    if not sure:
        question = (
            _("Take {start} to {end} out of {key}, and seal the original?")
            if request.fate == "seal"
            else _("Take {start} to {end} out of {key}, and destroy the original for ever?")
        )
        _confirm(question, episode, request.start, request.end)
    with progress_bar(_("Sound")) as progress:
        left = redacting.take_out(archive, Index(archive), episode, request, progress)
    say(_("{key}: the passage was taken out"), key=episode.key)
    tell_left(left)


@click.command("unseal")
@on_episode(replace(YES, help=_("Do not ask, and put the old text back too.")))
def unseal(archive: Archive, episode: Episode, sure: bool, note: str) -> None:
    """Give back the original of the passage that was taken out of an episode last.

    Sound and texts are as they were before, but for names that were replaced since; page and feed
    no longer say that a passage was removed. What stood in its place goes to the folder `trash`.
    `radio protect redact` takes the passage out again. What was destroyed can't be given back.
    """
    unsealing.sealed_original(archive, episode.key)
    if not sure:
        passage = episode.redactions[-1]
        asked = _("Let everybody hear {start} to {end} of {key} again?")
        _confirm(asked, episode, passage.start, passage.end)
    unsealing.unseal(archive, episode.key, is_sure=sure, note=note)
    catch_up(archive, Index(archive), [episode.key])
    say(_("{key}: the original is back"), key=episode.key)


def _confirm(question: str, episode: Episode, start: float, end: float) -> None:
    confirm(question.format(key=episode.key, start=clock(start), end=clock(end)))


@click.command("replace")
@on_episode(replace(YES, help=_("Replace it all the same.")))
@click.argument(
    "file", metavar=_("FILE"), type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def put_better(archive: Archive, episode: Episode, file: Path, sure: bool, note: str) -> None:
    """Put a better copy of the same broadcast in the place of the recording of an episode.

    Its address and its name in feeds stay; text, chapters and what the machine heard are laid on
    the new recording, where each moment is heard in it: around a cut, or at another pace. The old
    one goes to the folder `trash`; `radio undo` brings it back while it lies there and nothing else
    changed. A file that does not sound like it is refused, and any where a passage was taken out:
    the file may have it; --yes takes it.
    """
    copy = BetterCopy(file, sure, note)
    require_other(episode, copy)
    with progress_bar(_("Listening")) as progress:
        heard = listen(archive, episode, copy, progress)
    with progress_bar(_("Sound")) as progress:
        put_in_place(archive, Index(archive), episode, copy, heard, progress)
    say(_("{key}: replaced; `radio undo` takes it back"), key=episode.key)
    for remark in _remarks(episode.key, heard):
        tell(remark)


def _remarks(key: str, heard: CopyHeard) -> Iterator[str]:
    if not heard.is_known:
        told = _(
            "it does not sound like it, so the text keeps its times; "
            "`radio transcribe --again {key}` hears it, `radio text align {key} TEXT` lays a text "
            "on it"
        )
        yield told.format(key=key)
    elif offset := heard.moments.offset:
        told = _("all is said {offset:+.2f} s later there, and the text follows")
        yield told.format(offset=offset)
    elif offset is None:
        yield _("the text is laid on it, moment by moment")
    for gap in heard.moments.gaps():
        told = _("at {at}: {lacks:.0f} s are missing there, {adds:.0f} s are new")
        yield told.format(at=clock(gap.at), lacks=gap.lacks, adds=gap.adds)
    if not heard.is_whole:
        told = _(
            "one holds more than the other: read the text, or `radio transcribe --again {key}`"
        )
        yield told.format(key=key)
