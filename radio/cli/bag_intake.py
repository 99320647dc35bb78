"""Bags taken back: a line for each part that is not whole or not new."""

from collections import Counter
from pathlib import Path

from radio.archive import Archive
from radio.bags.containers import opened
from radio.bags.restore import Part, require_room, sort_out, take
from radio.bags.verify import verify
from radio.cli.intake import readers_for
from radio.cli.lines import say
from radio.cli.terminal import counted, each_of, progress_bar, told_of
from radio.system.errors import ArchiveError
from radio.system.messages import _


def take_bag(archive: Archive, path: Path, tally: Counter[str], *, dry_run: bool) -> None:
    """Take what is new and sound of a bag, with a line for what is not, and count both.

    Raises ArchiveError if it is no bag, or is not whole.
    """
    with opened(path) as parcel:
        with progress_bar(path.name) as progress:
            bag = verify(parcel, path, progress)
        for place, fault in bag.faults.items():
            say(told_of(path / place, fault), err=True)
        parts = sort_out(archive, bag)
        require_room(archive, bag, parts)
        new = [part for part in parts if part.fate == "new"]
        refused = [part for part in parts if part.fate == "refused"]
        for part in parts:
            if part.fate != "new" and part.reason:
                say(told_of(part.name, part.reason), err=True)

        def take_part(part: Part) -> None:
            if not dry_run:
                with progress_bar(part.name) as progress:
                    take(archive, bag, part, progress)
            say(part.name)

        with readers_for(len(new)):
            failed = each_of(new, take_part)
    tally["taken"] += len(new) - failed
    tally["refused"] += len(refused) + failed
    if bag.faults:
        raise ArchiveError(
            _("{path}: damaged, {faults} faults; what is sound was taken").format(
                path=path, faults=len(bag.faults)
            )
        )
    if refused:
        number = counted(len(refused), "part was", "parts were")
        message = _("{path}: {number} not taken").format(path=path, number=number)
        say(f"radio: {message}", err=True)
