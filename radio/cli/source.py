"""Sources that are followed: `radio work` takes what is new there."""

import sys
import time
from collections.abc import Collection

import click

from radio.archive import Archive
from radio.archive.follows import EVERY, Follow, read_follows, read_pause, write_follows
from radio.cli.lines import say, warn
from radio.cli.naming import only_show, require_show
from radio.cli.terminal import as_json, counted, flag, option, say_json, with_archive
from radio.ingest import sources
from radio.ingest.looks import Look, due, look_at_all, read_looks
from radio.search import Index
from radio.system.connection.fetch import Web
from radio.system.errors import ArchiveError
from radio.system.messages import _

NAMED = 3  # titles of what vanished


@click.command("add")
@with_archive
@click.argument("address", metavar=_("ADDRESS"))
@option("--show", _("The show of its recordings, of several."), _("SLUG"))
@option(
    "--every",
    _("How long to wait between two looks."),
    "30min|6h|1d",
    default=EVERY,
    show_default=True,
)
def add(archive: Archive, address: str, show: str | None, every: str) -> None:
    """Follow a feed or a site: `radio work` looks there now and then, and takes what is new.

    It is written in follows.json, which you may edit.
    """
    if read_pause(every) is None:
        told = _("{every!r} is no time; write 30min, 6h or 1d")
        raise click.BadParameter(told.format(every=every))
    into = only_show(archive) if show is None else require_show(archive, show)
    with Web() as web:
        discovery = sources.look(web, address, archive.show(into))
        next(iter(discovery.arrivals), None)  # that its first page is read
    with archive.lock():
        follows = read_follows(archive.root)
        write_follows(archive.root, follows.with_one(Follow(address, into, every)))
    told = _("{address}: followed, into {show}, every {every}")
    say(told, address=address, show=into, every=every)


@click.command("list")
@with_archive
@as_json
def list_all(archive: Archive, as_json: bool) -> None:
    """Say what is followed, when it is looked at next, and what vanished there and is kept here."""
    if as_json:
        say_json(as_data(archive))
        return
    told = _("Nothing is followed; `radio source add ADDRESS` begins.")
    for line in lines(archive) or [told]:
        say(line)


@click.command("remove")
@with_archive
@click.argument("address", metavar=_("ADDRESS"))
def remove(archive: Archive, address: str) -> None:
    """Follow an address no more; what was taken stays."""
    with archive.lock():
        follows = read_follows(archive.root)
        if follows.of(address) is None:
            told = _("{address}: not followed; `radio source list` says what is")
            raise ArchiveError(told, address=address)
        write_follows(archive.root, follows.without(address))
    say(_("{address}: followed no more; what was taken stays"), address=address)


@click.command("look")
@with_archive
@flag("--due", _("Look at what is due now."), "only_due")
def look(archive: Archive, only_due: bool) -> None:
    """Look at all that is followed now, and take what is new."""
    follows = due(archive) if only_due else list(read_follows(archive.root).follows)
    try:
        failures = look_at_all(archive, follows, say)
    finally:
        if not only_due:  # else `radio work` does
            Index(archive).refresh()
    for each in follows:
        if trouble := read_looks(archive).get(each.address, Look()).trouble:
            warn(trouble)
    sys.exit(1 if failures else 0)


def as_data(archive: Archive) -> list[dict[str, object]]:
    """Tell what is followed, for scripts."""
    looks = read_looks(archive)
    pairs = ((each, looks.get(each.address, Look())) for each in read_follows(archive.root).follows)
    return [
        {
            "address": each.address,
            "show": each.into,
            "every": each.every,
            "looked": look.began or None,
            "next": look.next or None,
            "taken": look.taken,
            "there": len(look.seen),
            "vanished": list(look.vanished.values()),
            "missed": list(look.missed.values()),
            "failed": list(look.failed.values()),
            "trouble": look.trouble,
        }
        for each, look in pairs
    ]


def lines(archive: Archive) -> list[str]:
    """Say of each source when it was looked at, what is there, and what is no longer."""
    looks, follows = read_looks(archive), read_follows(archive.root).follows
    return [line for each in follows for line in _lines(each, looks.get(each.address, Look()))]


def _lines(follow: Follow, look: Look) -> list[str]:
    told = _("followed: {address} into {show}, every {every}").format(
        address=follow.address, show=follow.into, every=follow.every
    )
    if not look.began:
        return [told + _("; not looked at yet")]
    there = counted(len(look.seen), "recording there", "recordings there")
    again = _("again at {time}").format(time=_clock(look.next))
    looked = _("looked at {time}").format(time=_clock(look.began))
    said = [f"{told}; {there}; {looked}, {again}"]
    if look.trouble:
        tries = counted(look.times, "try", "tries")
        said.append(_("failed: {message} ({tries})").format(message=look.trouble, tries=tries))
    said += [_("failed: {message}").format(message=each) for each in look.failed.values()]
    for told, some in (
        (_("no longer there, kept here: {number} ({titles})"), look.vanished),
        (_("gone before it could be taken: {number} ({titles})"), look.missed),
    ):
        if some:
            number = counted(len(some), "recording", "recordings")
            said.append(told.format(number=number, titles=_titles(some.values())))
    return said


def _titles(titles: Collection[str]) -> str:
    some = list(titles)
    return ", ".join(some[-NAMED:]) + (", …" if len(some) > NAMED else "")


def _clock(moment: float) -> str:
    """Write a moment: its day too where it is not today."""
    then, today = time.localtime(moment), time.localtime()
    form = "%H:%M" if then[:3] == today[:3] else "%Y-%m-%d %H:%M"
    return time.strftime(form, then)
