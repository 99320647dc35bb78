"""How an archive is, told to keepers: room, proof, and what waits for them."""

from collections.abc import Iterator, Sequence

from radio.cli.lines import say
from radio.cli.terminal import counted
from radio.system.messages import _
from radio.work.condition import Condition
from radio.work.status import Kind, Trouble

REMEDIES: dict[Kind, str] = {
    "transcribe": _("it is tried again by itself; `radio transcribe {key}` tries at once"),
    "improve": _("nothing is lost, the first text stays; it is tried again by itself"),
    "model": _("`radio model list` says which are here, `radio model fetch base` brings one"),
}


def warn_away(number: int) -> None:
    """Say first that files vanished at once, where they did."""
    if number:
        files = counted(number, "file", "files")
        told = _("radio: {files} vanished at once: is the disk there? Nothing is let go of them")
        say(told.format(files=files), err=True)


def lines(found: Condition) -> Iterator[str]:
    """Tell of the disk, of the last proof of the files, and of proposals."""
    size = _("{size:.1f} GB").format(size=found.free / 1e9)
    hours = counted(round(found.hours), "hour", "hours")
    yield _("disk: {size} free, room for some {hours} of sound").format(size=size, hours=hours)
    if found.checked is None:
        yield _("files: never read again to prove them")
    else:
        amount = counted(found.checked.recordings, "recording", "recordings")
        faults = counted(found.findings, "finding", "findings") if found.findings else _("all well")
        told = _("files: read again on {day}, {amount}, {faults}")
        yield told.format(day=found.checked.date, amount=amount, faults=faults)
    if found.proposals:
        number = counted(found.proposals, "proposal", "proposals")
        yield _("listeners: {number} to decide on").format(number=number)


def remedy(trouble: Trouble) -> str:
    """Say what a keeper may do about what failed."""
    told = REMEDIES.get(trouble.kind) or _("it is tried again by itself")
    return _("  what to do: {remedy}").format(remedy=told.format(key=trouble.key))


def asked(found: Condition, runs: bool, left: bool, troubles: Sequence[Trouble]) -> Iterator[str]:
    """Say what waits for a person, the gravest first; else that all is well."""
    todo = [
        (
            found.away > 0,
            _("much is gone at once: mount its disk, or bring it back from a copy"),
        ),
        (found.findings > 0, _("files are not as they were: `radio check` names them")),
        (found.is_narrow, _("the disk is nearly full: make room, or take a larger one")),
        (not runs and left, _("nothing goes on by itself: start `radio work`")),
        (bool(troubles), _("something failed: see above, why and what to do")),
        (found.is_alone, _("no copy elsewhere for long: look at radio-backup.service")),
        (found.is_silent, _("the original was not heard of for long: `radio mirror`")),
        (found.is_unproved, _("the files should be read again: `radio check`, some quiet night")),
        (found.proposals > 0, _("listeners propose words: `radio text proposals`")),
    ]
    said = [text for holds, text in todo if holds]
    if not said:
        yield _("All is well: nothing waits for you.")
        return
    yield _("What waits for you:")
    yield from (f"- {text}" for text in said)
