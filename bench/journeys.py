"""A listener's journeys in two browsers: presses, seconds until one hears, and where one looks.

The archive is what the search is judged on, with long titles, and an episode of two hours.
"""

import contextlib
import datetime as dt
import itertools
import json
import math
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from playwright.sync_api import Playwright, sync_playwright

from bench.long import write_long
from bench.memory import timed
from bench.search import served, settle
from bench.shows import MADE, shows
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, render_vtt
from tests.firefox import started
from tests.search.talk import BENCH, paced, talks, write_talk
from tests.visits import chromium
from tests.windows import Chromium, Window, search

SIZES = {360: 740, 768: 1024, 1440: 900}
TITLE = 25  # words
HOURS = 2
PATIENCE = 20.0  # seconds, after which a page is silent
AUDIO = "document.querySelector('audio')"
PRESSED = "document.documentElement.dataset.pressed"
WATCH = f"(() => addEventListener('pointerdown', () => {{ {PRESSED} = Date.now(); }}, true))()"
PLAY = f"(Object.assign({AUDIO}, {{ muted: true }}).play(), {PRESSED} = Date.now())"
HEARD = """[[...document.querySelectorAll("audio")].find((each) => !each.paused && !each.seeking)
    ?.currentTime ?? -1, Date.now()]"""
SPRING, LIT = "caméras au printemps dernier", "document.querySelector('.said [aria-current]')"

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Seen:
    """What one journey took."""

    steps: int
    y: int  # pixels
    seconds: float | None = None  # endless where it is silent, None where nothing is to be heard


@dataclass(frozen=True)
class Visit:
    """A window on the site, and the page of the episode of two hours."""

    window: Window
    site: str
    long: str
    has_script: bool

    def go(self, address: str) -> None:
        """Open a page; presses count from here."""
        self.window.go(address).clicks = 0

    def search(self, words: str, language: str = "fr") -> None:
        """Type words on the first page; what is pressed until then does not count."""
        search(self.window, f"{self.site}/?lang={language}", words)

    def seen(self, selector: str, *, heard: bool = False) -> Seen:
        """Tell how far below the top of the page something begins; press it to hear, if so."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.window.wait_until(f"{found} && {found}.offsetParent !== null")
        y = round(self.window.evaluate(f"{found}.getBoundingClientRect().top + scrollY"))
        seconds = self.hear(selector) if heard else None
        return Seen(self.window.clicks, y, seconds)

    def hear(self, selector: str) -> float:
        """Press what plays; without script the browser's own button on the page is one more."""
        self.window.evaluate(WATCH if self.has_script else "null")
        self.window.click(selector)
        if not self.has_script:
            self.window.wait_until(f"{AUDIO} && {AUDIO}.readyState >= 1")
            self.window.clicks += 1
            self.window.evaluate(PLAY)
        last, limit = -1.0, time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            second, now = map(float, self.window.evaluate(HEARD))
            if last >= 0 and 0 < second - last < 1:
                return (now - float(self.window.evaluate(PRESSED))) / 1000 - (second - last)
            last = second
        return math.inf


def _spring(visit: Visit) -> Seen:
    visit.search(SPRING)
    y = visit.seen(".results h2").y
    return replace(visit.seen(".hits .disc", heard=True), y=y)


def _back(visit: Visit) -> Seen | None:
    if not visit.has_script:
        return None
    visit.go(visit.long)
    visit.window.wait_until(f"{AUDIO}.readyState >= 1")
    visit.window.click(".play")
    visit.window.evaluate(f"(() => {{ {AUDIO}.currentTime = 70; }})()")
    visit.window.wait_until(f"{AUDIO}.currentTime > 70.2")
    visit.window.click(".play")
    visit.window.clicks = 0
    visit.window.click(".offer")
    visit.window.go(visit.site)
    seen = visit.seen("#resume a", heard=True)
    visit.window.evaluate("localStorage.clear()")
    return seen


def _again(visit: Visit) -> Seen:
    visit.search("caméras")
    visit.window.click(".hits a[href$='#t']")
    top = f"{LIT}?.getBoundingClientRect().top"
    visit.window.wait_until(f"{top} >= 0 && {top} < innerHeight")
    return Seen(visit.window.clicks, round(visit.window.evaluate(top)))


def _pressed(*pressed: str, shown: str) -> Callable[[Visit], Seen]:
    def see(visit: Visit) -> Seen:
        visit.go(f"{visit.long}?t=31.5")
        for selector in pressed:
            visit.window.click(selector)
        return visit.seen(shown)

    return see


def _error(visit: Visit) -> Seen:
    panel = ".settings" if visit.has_script else "#share"
    seen = _pressed(f"{panel} > summary", shown=f"{panel} .report a")(visit)
    return replace(seen, steps=seen.steps + 1)


def _english(visit: Visit) -> Seen:
    visit.search("facial recognition", "en")
    return visit.seen(".results h2")


JOURNEYS: dict[str, Callable[[Visit], Seen | None]] = {
    f"« {SPRING} »: to hear it; y of the first hit": _spring,
    "to pause, and go on from the first page; y of the way back": _back,
    "to see the sentence of a hit; its y on the screen": _again,
    "to have a link to a second": _pressed("#share > summary", shown="#link"),
    "to quote": _pressed("#share > summary", shown=".citation"),
    "to subscribe; y of the first application": _pressed(
        ".actions a[href$='/subscribe']", shown=".programs a"
    ),
    "to tell of an error; y of the way": _error,
    "« facial recognition », in English; y of the first hit": _english,
    "y of the text: two hours, a title of 25 words, two voices": _pressed(shown=".said"),
}


def write(root: Path) -> Episode:
    """Write the archive; give the episode of two hours, of last spring."""
    archive, usual, *_others = Archive(root), *shows("demo")
    samples = {BENCH if each.group == "bench" else each.sound.stem: each for each in shows(*MADE)}
    write_talk(archive)
    write_whole(root / "site.json", json.dumps({"contact": "archives@radio.example"}).encode())
    for episode in archive.episodes():
        sample = samples.get(episode.slug, usual)
        shutil.copy(sample.sound, archive.audio_path(episode))
        audio = replace(episode.audio, duration=sample.reference["duration"])
        said = archive.transcript(episode.key)
        words = " ".join(cue.text for cue in said.cues) if said else ""
        titles = [] if episode.slug in samples else f"{episode.title}. {words}".split()[:TITLE]
        told = replace(episode, audio=audio, title=" ".join(titles) or episode.title)
        archive.write_episode(told)
    return _lengthen(archive, told)


def _lengthen(archive: Archive, model: Episode) -> Episode:
    today = dt.date.today()
    day = dt.date(today.year - (today.month < 7), 5, 12)
    audio = replace(model.audio, file=f"{day}.mp3", duration=3600.0 * HOURS)
    long = replace(model, slug=str(day), guid=str(day), date=day, audio=audio)
    write_long(archive.audio_path(long), HOURS)
    cues = tuple(itertools.takewhile(lambda cue: cue.end < audio.duration, _spoken()))
    write_whole(archive.vtt_path(long.key), render_vtt(Transcript(cues)).encode())
    archive.write_episode(long)
    return long


def _spoken() -> Iterator[Cue]:
    """Have two people say all that is said elsewhere, again and again, by turns."""
    reached = 0.0
    for talk in itertools.cycle(talks()):
        for number, cue in enumerate(paced(talk, reached)):
            yield replace(cue, voice=("Camille", "Nadia")[number // 4 % 2])
            reached = cue.end


@contextlib.contextmanager
def _opened(playwright: Playwright, name: str, scheme: Scheme, *, script: bool) -> Iterator[Window]:
    if name == "Firefox":
        with started(script=script, is_dark=scheme == "dark") as firefox:
            yield firefox
        return
    browser = playwright.chromium.launch(**chromium())
    page = browser.new_page(locale="fr-FR", color_scheme=scheme, java_script_enabled=script)
    yield Chromium(page)
    browser.close()


Found = dict[tuple[str, str], dict[int, list[Seen]]]
"""What a journey in a browser took at each width, in light and in dark."""


def travel(site: str, long: str) -> Found:
    """Make each journey in each browser, at each width, with script and without."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    found: Found = {}
    with sync_playwright() as playwright:
        for name, script, scheme in itertools.product(
            ("Chromium", "Firefox"), (True, False), schemes
        ):
            with _opened(playwright, name, scheme, script=script) as window:
                for (width, height), journey in itertools.product(SIZES.items(), JOURNEYS):
                    visit = Visit(window.size(width, height), site, site + long, script)
                    rows = found.setdefault((journey, name if script else f"{name}, no script"), {})
                    if seen := JOURNEYS[journey](visit):
                        rows.setdefault(width, []).append(seen)
    return found


def table() -> str:
    """Write the archive, visit its site, lay out what each journey took."""
    with tempfile.TemporaryDirectory() as folder:
        key = write(Path(folder) / "archive").key
        os.environ |= {"RADIO_ROOT": f"{folder}/archive", "RADIO_SENSE": "off"}
        timed([sys.executable, "-m", "radio", "index"])
        with served([sys.executable, "-m", "radio", "serve", "--port"]) as (port, process):
            settle(process.pid)
            found = travel(f"http://127.0.0.1:{port}", f"/shows/{key}")
    head = "| journey | browser | steps | seconds until one hears | y at 360, 768, 1440 px |"
    order = sorted(found, key=lambda each: list(JOURNEYS).index(each[0]))
    return "\n".join([head, "|---|---|---|---|---|", *(_row(*at, found[at]) for at in order)])


def _row(journey: str, browser: str, rows: dict[int, list[Seen]]) -> str:
    seen = [each for some in rows.values() for each in some]
    steps = "–".join(map(str, sorted({each.steps for each in seen}))) or "not possible"
    times = [each.seconds for each in seen if each.seconds is not None]
    heard = f"{statistics.median(times):.2f}, at most {max(times):.2f}" if times else ""
    tops = ", ".join(str(max(each.y for each in some)) for some in rows.values())
    return f"| {journey} | {browser} | {steps} | {heard} | {tops} |"
