"""Hours across midnight, and the lowest priority in a process of its own."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio.system.process import AUTOGROUP
from radio.transcribe.schedule import Hours, parse_hours
from tests.tables import check, for_each


def test_hours_cross_midnight_and_a_run_waits_for_the_next_opening() -> None:
    check(
        ((hours, time), parse_hours(hours).contains(dt.time.fromisoformat(time)), within)
        for hours, inside, outside in (
            ("23:00-07:00", "23:00 00:00 06:59", "07:00 12:00 22:59"),
            ("09:00-17:30", "09:00 17:29", "17:30 02:00"),
            ("20:00-00:00", "23:59", "00:00"),
        )
        for within, times in ((True, inside), (False, outside))
        for time in times.split()
    )
    check(
        (now, parse_hours(hours).wait(dt.datetime.fromisoformat(now)).seconds, 60 * minutes)
        for hours, now, minutes in (
            ("23:00-07:00", "2024-02-20T12:00", 11 * 60),
            ("23:00-07:00", "2024-02-20T23:30", 0),
            ("23:00-07:00", "2024-02-20T03:00", 0),
            ("09:00-17:00", "2024-02-20T08:59", 1),
            ("09:00-17:00", "2024-02-29T17:00", 16 * 60),
            ("00:00-05:00", "2024-12-31T23:59", 1),
        )
    )


@for_each(
    "text", ["", "23:00", "23-07", "24:00-07:00", "23:60-07:00", "7:00-9:00", "23:00-07:00-09:00"]
)
def test_what_are_no_hours_is_explained(text: str) -> None:
    with pytest.raises(ValueError, match="such as 23:00-07:00"):
        parse_hours(text)
    with pytest.raises(ValueError, match="same time"):
        parse_hours("08:00-08:00")  # would never open


@given(st.times(), st.times(), st.datetimes(max_value=dt.datetime(9999, 12, 30)))
def test_after_the_wait_they_are_open(opens: dt.time, closes: dt.time, now: dt.datetime) -> None:
    hours = Hours(opens, closes)
    wait = hours.wait(now)
    assert dt.timedelta(0) <= wait < dt.timedelta(days=1)
    assert hours.contains((now + wait).time())
    assert (wait == dt.timedelta(0)) is hours.contains(now.time())


LOWERS = "from radio.system.process import lower_priority; lower_priority(); "
ELSEWHERE = "import os, types; os.uname = lambda: types.SimpleNamespace(machine='vax'); "


def begun(code: str, new: bool = False) -> "subprocess.Popen[str]":
    """Begin Python, in a new session or in that of the tests."""
    run, env = [sys.executable, "-c", code], {**os.environ, "RADIO_NICE": ""}
    return subprocess.Popen(run, stdin=PIPE, stdout=PIPE, text=True, env=env, start_new_session=new)


@for_each(("code", "disk"), [(LOWERS, "idle"), (ELSEWHERE + LOWERS, "none: prio")])
def test_everything_else_goes_first(code: str, disk: str) -> None:
    with begun(code + "print('lowered', flush=True); input()", new=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "lowered\n"
        fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").split()
        shown = subprocess.check_output(["ionice", "-p", str(process.pid)], text=True)  # noqa: S607
        process.communicate("\n")
    assert process.returncode == 0
    assert fields[18] == "19"  # nice, see proc(5)
    assert shown.startswith(disk)


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="sessions have no priority here")
@for_each(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGKILL", -9)])
def test_it_goes_on_in_a_session_of_the_lowest_priority(number: str, code: int) -> None:
    waits = "signal.signal(2, signal.SIG_DFL); print(os.getpid(), flush=True); signal.pause()"
    with begun(f"import os, signal; {LOWERS}{waits}") as process:
        assert process.stdout
        child = int(process.stdout.readline())
        lowered, usual = (
            Path(f"/proc/{each}/autogroup").read_text("ascii").split() for each in (child, "self")
        )
        process.send_signal(signal.Signals[number])
        assert process.wait() == code
        assert process.stdout.read() == ""  # until its end in both processes
    assert lowered[1:] == ["nice", "19"]
    assert lowered[:1] != usual[:1]  # a session may have none


BLOCKS = """
import numpy
numpy.ones(4_000_000)  # from then on, the C library keeps what is smaller
kept = [(numpy.ones(1_000_000), numpy.ones(1_000)) for _ in range(20)]
kept = [small for _, small in kept]
print(open("/proc/self/status").read().split("VmRSS:")[1].split()[0])
"""


def test_large_blocks_go_back_as_soon_as_they_are_free() -> None:
    sparing = "from radio.system import process; process.spare(2)"
    usual, spared = (
        int(subprocess.check_output([sys.executable, "-c", code + BLOCKS], text=True))
        for code in ("", sparing)
    )
    assert spared < usual - 100_000  # kB, of 160,000
