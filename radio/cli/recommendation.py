"""How models are set side by side on a terminal, and why one of them is recommended."""

from collections.abc import Sequence

from radio.system.messages import _
from radio.transcribe import advice
from radio.transcribe.advice import NIGHT, SHARE, Candidate, Room

NOTHING = "–"


def table(rows: Sequence[Candidate], recommended: Candidate) -> str:
    """Set models side by side; an arrow shows the one that is recommended."""
    head = (
        "",
        _("model"),
        _("engine"),
        _("download"),
        _("memory"),
        _("hours/night"),
        _("wrong words"),
    )
    lines = [head, *(_line(each, each == recommended) for each in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _line(choice: Candidate, is_recommended: bool) -> tuple[str, ...]:
    return (
        "→" if is_recommended else "",
        choice.model,
        choice.engine,
        _("here") if choice.is_here else size(choice.download),
        size(choice.memory),
        NOTHING if choice.hours is None else f"{choice.hours:.0f} h",
        NOTHING if choice.error is None else f"{100 * choice.error:.0f} %",
    )


def reason(recommended: Candidate, rows: Sequence[Candidate], room: Room) -> str:
    """Say in a sentence why a model is recommended."""
    if recommended.model not in (advice.LEAST, advice.SMALLEST):
        return _(
            "{model}: the best that this machine does faster than life ({hours:.0f} h of show in a "
            "night) within half of its memory."
        ).format(model=recommended.model, hours=recommended.hours)
    if recommended.hours is None:
        return _(
            "{model} first: without weights nothing can be measured; "
            "`radio model fetch {model}`, then ask again."
        ).format(model=recommended.model)
    better = rows[[each.model for each in rows].index(recommended.model) + 1]
    share = 1.0 if recommended.model == advice.SMALLEST else SHARE
    return f"{recommended.model}: {_hindrance(better, room, share)}"


def _hindrance(choice: Candidate, room: Room, share: float) -> str:
    """Say why a model can't be recommended."""
    if choice.memory > share * room.memory:
        return _("{model} takes {need} of memory, of which {share} may be taken here.").format(
            model=choice.model, need=size(choice.memory), share=size(share * room.memory)
        )
    if not advice.fits(choice, room, share):
        return _("{model} takes {need} on the disk, where {free} are free.").format(
            model=choice.model, need=size(choice.download), free=size(room.disk)
        )
    return _("{model} would take longer than life: {hours:.0f} h of show in {night:.0f} h.").format(
        model=choice.model, hours=choice.hours, night=NIGHT
    )


def size(number: float) -> str:
    """Write how many bytes something takes.

    >>> size(145e6), size(2.46e9)
    ('145 MB', '2.5 GB')
    """
    if number < 1e9:
        return _("{number:.0f} MB").format(number=number / 1e6)
    whole, _point, tenth = f"{number / 1e9:.1f}".partition(".")
    return _("{whole}.{tenth} GB").format(whole=whole, tenth=tenth)
