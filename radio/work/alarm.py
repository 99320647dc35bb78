"""Calls: a command that whoever runs the machine names (RADIO_ALARM) is told what newly needs a
person, once for each thing, and when that is over; another (RADIO_DONE) each episode whose text is
ready. What was told is in `cache/alarms.json` and `cache/done.json`. They are settings of the
machine alone: one of the desk would let who opens the desk run any command."""

import contextlib
import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from radio.archive import Archive, holdings, imprint
from radio.archive.episode import Episode
from radio.formats.addresses import episode_page
from radio.system.errors import RadioError
from radio.system.messages import _, ngettext, reason
from radio.system.records import RecordFile
from radio.work.doctor import failed_units
from radio.work.status import CALLED, Called
from radio.work.waiting import KINDS, WHAT_TO_DO, State, list_waiting

ALARM, DONE = "RADIO_ALARM", "RADIO_DONE"
MOST = 20  # episodes told at a time: each may take PATIENCE
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


Call = Callable[[Archive], list[str]]  # gives a line for each thing that was told


def calls(base_url: str = "") -> list[Call]:
    """List what is to be called now and then, each by itself; nothing where no command is named."""
    known: dict[str, Call] = {
        ALARM: raise_alarms,
        DONE: partial(tell_done, base_url=base_url),
    }
    return [call for variable, call in known.items() if os.environ.get(variable, "").strip()]


def raise_alarms(archive: Archive, system: Path = Path("/")) -> list[str]:
    """Call for what is new or over, and give the lines of it; nothing where nothing changed. Raises
    BusyError if somebody is at it, RadioError if the command fails: it is called again later."""
    with archive.lock("alarm", wait=False):
        told, now = TOLD.recall(archive.root).told, dict(_urgent(archive, system))
        new = [line for name, line in now.items() if name not in told]
        over = [line for name, line in told.items() if name not in now]
        if new or over:
            _call(ALARM, _message(archive, new, over))
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


def tell_done(archive: Archive, base_url: str = "") -> list[str]:
    """Call for each episode whose text became ready, and give their keys; whatever is ready the
    first time is no news. Raises as `raise_alarms` does; what is left is told later."""
    with archive.lock("done", wait=False):
        before, called, failure = CALLED.recall(archive.root), list[Episode](), ""
        shows = [(show, holdings.finished(archive, show)) for show in archive.folders()]
        ready = {f"{show}/{slug}" for show, found in shows for slug in found}
        every = [each for each in archive.episodes() if each.key in ready]
        if before.guids is None:
            CALLED.write(archive.root, Called(tuple(each.guid for each in every)))
            return []
        told = {*before.guids}
        try:
            for each in [each for each in every if each.guid not in told][:MOST]:
                _call(DONE, *_describe(archive, each, base_url))
                called.append(each)
        except RadioError as error:
            failure = str(error)
            raise
        finally:
            now = Called((*before.guids, *(each.guid for each in called)), failure)
            if now != before:
                CALLED.write(archive.root, now)
        return [each.key for each in called]


def _describe(archive: Archive, episode: Episode, base_url: str) -> tuple[str, dict[str, str]]:
    """Write what is told of an episode: in words, and as variables for a script."""
    is_public = episode.is_public(datetime.now())
    page = (
        episode_page(base_url, episode.key)
        if is_public
        else f"{base_url}/desk/reread/{episode.key}"
    )
    facts = {"KEY": episode.key, "TITLE": episode.title, "ADDRESS": page if base_url else ""}
    facts = {f"EPISODE_{name}": " ".join(value.split()) for name, value in facts.items()}
    show = archive.show(episode.show).title
    lines = [_("Texte prêt : {title}", title=episode.title), f"{show}, {episode.known_date}", page]
    return "\n".join([*lines[: 3 if base_url else 2], ""]), facts


def _call(variable: str, message: str, facts: Mapping[str, str] | None = None) -> None:
    """Call the command that a variable names, without a shell; raises RadioError if it fails."""
    failure = _("{variable} : {error} ; la commande sera appelée de nouveau")
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    try:
        words, known = shlex.split(os.environ[variable]), {**os.environ, **(facts or {})}
        with subprocess.Popen(
            words, stdin=pipe, stdout=nothing, stderr=pipe, env=known, start_new_session=True
        ) as child:
            try:
                complaint = child.communicate(message.encode(), PATIENCE)[1]
            except subprocess.TimeoutExpired as error:
                late = _("plus de {seconds:.0f} s", seconds=PATIENCE)
                raise RadioError(failure, variable=variable, error=late) from error
            finally:
                if child.returncode is None:  # with all that it began
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(child.pid, signal.SIGKILL)
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else error
        raise RadioError(failure, variable=variable, error=why) from error
    if child.returncode:
        said = complaint.decode(errors="replace").strip()[-300:] or str(child.returncode)
        raise RadioError(failure, variable=variable, error=said)
