"""Alarms: a command that whoever runs the machine names (RADIO_ALARM) is told what newly needs a
person, once for each thing, and when that is over. What was told is in `cache/alarms.json`. It is a
setting of the machine alone: one of the desk would let who opens the desk run any command."""

import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from radio.archive import Archive, imprint
from radio.system.errors import RadioError
from radio.system.messages import _, ngettext, reason
from radio.system.records import RecordFile
from radio.work.doctor import failed_units
from radio.work.waiting import KINDS, WHAT_TO_DO, State, list_waiting

VARIABLE, LOCK = "RADIO_ALARM", "alarm"
EVERY = 300.0  # seconds between two looks
PATIENCE = 30.0  # seconds that the command may take
LATER = (
    "unproved",
    "refused",
    "dead",
)  # kinds that the desk shows, and that wait until somebody looks
URGENT = [
    each.name for each in KINDS if each.page.split("#")[0] == "state" and each.name not in LATER
]


@dataclass(frozen=True)
class Alarms:
    """What was told, by a name of each thing."""

    told: Mapping[str, str] = field(default_factory=dict)


TOLD = RecordFile("cache/alarms.json", Alarms)


def command() -> str:
    """Give the command that is called; "" for none."""
    return os.environ.get(VARIABLE, "").strip()


def raise_alarms(archive: Archive, system: Path = Path("/")) -> list[str]:
    """Call for what is new or over, and give the lines of it; nothing where nothing changed. Raises
    BusyError if somebody is at it, RadioError if the command fails: it is called again later."""
    with archive.lock(LOCK, wait=False):
        told, now = TOLD.recall(archive.root).told, dict(_urgent(archive, system))
        new = [line for name, line in now.items() if name not in told]
        over = [line for name, line in told.items() if name not in now]
        if new or over:
            _call(command(), _message(archive, new, over))
            TOLD.write(archive.root, Alarms(now))
        return [*new, *over]


def _urgent(archive: Archive, system: Path) -> Iterator[tuple[str, str]]:
    """Give what needs a person now: a name that stays the same, and a line."""
    state = State(archive)
    for each in list_waiting(state, URGENT):
        label, remedy = _(each.kind.label), _(WHAT_TO_DO[each.kind.name])
        if each.kind.name == "failed":
            remedy = _("`radio status` dit pourquoi ; `radio work --retry` réessaie")
        for thing in dict.fromkeys(each.things):
            named = state.titles.get(thing, thing)
            what = _("{what} :", what=label) + f" {named}" if named else label
            yield f"{each.kind.name} {thing}", f"{what} — {remedy}"
    for unit, line, remedy in failed_units(system):
        yield f"unit {unit}", f"{line} — {remedy}"


def _message(archive: Archive, new: list[str], over: list[str]) -> str:
    """Write what is told; the first line says how much of it there is."""
    number = len(new)
    name = imprint.about(archive.root).name or archive.root.name
    first = ngettext("{n} chose à régler", "{n} choses à régler", number, n=number)
    first = first if new else _("tout est réglé")
    lines = [f"{name}: {first}", *(f"- {line}" for line in new)]
    if over:
        lines += ["", _("Ce qui est réglé :"), *(f"- {line.partition(' — ')[0]}" for line in over)]
    return "\n".join((*lines, "", _("`radio doctor` dit tout."), ""))


def _call(words: str, message: str) -> None:
    failure = _("{variable} : {error} ; la commande sera appelée de nouveau")
    try:
        done = subprocess.run(
            shlex.split(words),
            input=message.encode(),
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired as error:
        late = _("plus de {seconds:.0f} s", seconds=PATIENCE)
        raise RadioError(failure, variable=VARIABLE, error=late) from error
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else error
        raise RadioError(failure, variable=VARIABLE, error=why) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[-300:] or str(done.returncode)
        raise RadioError(failure, variable=VARIABLE, error=said)
