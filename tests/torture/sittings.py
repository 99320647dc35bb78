"""Two people reread one text by slow lines, while site and browsers are killed: nothing is lost.

Those of the first text have browsers of their own, which are killed; the others share one, in which
pages crash. What a page called « Enregistré. » must be on disk,
where it was typed; what it did not must be in the page that one opens after a kill. Who meets the
words of the other takes them over, as the page asks for."""

import asyncio
import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright

from radio.archive import Archive
from radio.archive.episode import Show
from radio.text.sentences import sentence_of
from radio.text.transcript import Cue
from radio.web.gate import COOKIE
from tests.heard import transcript_of, write_cues
from tests.processes import free_port
from tests.samples import CITY, MEMORY, STREET, put
from tests.torture.readers import fresh
from tests.visits import chromium
from tests.web.desks import enrol

SHOWS = ("une", "deux")  # of three texts, which are reread side by side
SENTENCES = 6
PATIENCE = 150.0  # seconds until a busy machine surely has written all
SLOW = (0.0, 0.0, 0.05, 0.3, 1.2)  # seconds that a request or its answer takes longer
CUT = 0.04  # share of them that are cut off
SAVED, TOLD = "Enregistré.", "Pas enregistré\u00a0: voyez"
SEEN = """() => [document.querySelector(".ear [role=status]").textContent,
    [...document.querySelectorAll(".sentence textarea")].map((each) => each.value)]"""
AS_LOADED = """() => [...document.querySelectorAll(".sentence textarea")].every(
    (each) => each.value === each.defaultValue)"""
MET = """() => {
    const met = document.querySelector(".sentence.unwritten");
    return met && [met.querySelector("textarea").value, met.querySelector("q")?.textContent ?? ""];
}"""
ENTER = """(words) => {
    const every = [...document.querySelectorAll(".sentence textarea")];
    for (const word of words) {
        const area = every.find((each) => each.value.includes(word));
        if (!area) continue;
        area.focus();
        area.setSelectionRange(...Array(2).fill(area.value.indexOf(word) + word.length));
        return true;
    }
    return false;
}"""
ONLINE = "window.dispatchEvent(new Event('online'))"


@dataclass
class Site:
    """A site in a process of its own that may be killed, behind a line that may be slow or cut."""

    root: Path
    chance: random.Random
    port: int = field(default_factory=free_port)
    line: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.line}"

    async def start(self) -> None:
        words = ["serve", "--root", str(self.root), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "radio", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"RADIO_BASE_URL": self.address},
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                _reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"the site does not come back: {self.process.poll()}")

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    async def die_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(20, 60))
            self.kill()
            await asyncio.sleep(self.chance.choice((0.0, 0.5, 2.0)))
            await self.start()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what is sent to the site, and its answers."""
        with contextlib.suppress(OSError, asyncio.CancelledError):  # all is over
            there, back = await asyncio.open_connection("127.0.0.1", self.port)
            lost = asyncio.Event()
            both = self._pass(reader, back, lost, b"POST"), self._pass(there, writer, lost, b"HTTP")
            await asyncio.gather(*both, return_exceptions=True)
        writer.close()

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        lost: asyncio.Event,
        begin: bytes,
    ) -> None:
        try:
            while block := await reader.read(1 << 16):
                if block.startswith(begin):
                    await asyncio.sleep(self.chance.choice(SLOW))
                    if self.chance.random() < CUT:
                        lost.set()
                if lost.is_set():
                    return
                writer.write(block)
                await writer.drain()
        finally:
            writer.close()


@dataclass
class Person:
    """Somebody who rereads in a browser, and knows what they typed, and after which word."""

    site: Site
    playwright: Playwright
    token: str
    profile: Path | None = None  # of a browser of their own; else
    browser: Browser | None = None  # that of others, of which a page may crash
    context: BrowserContext | None = None
    page: Any = None
    typed: dict[str, str] = field(default_factory=dict)  # the word after which each was typed

    async def open(self, address: str) -> None:
        """Open a page, in a new browser if there is none."""
        until = time.monotonic() + PATIENCE
        while self.context is None:
            try:
                self.context = await self._started()
            except Error:  # the killed one is not quite gone
                assert time.monotonic() < until, "no browser opens"
                await asyncio.sleep(0.5)
                continue
            url = self.site.address.replace("http:", "https:")
            known: Any = {"name": COOKIE, "value": self.token, "url": url, "secure": True}
            await self.context.add_cookies([known])
            self.page = (self.context.pages or [await self.context.new_page()])[0]
        while True:
            try:
                await self.page.goto(address)
                await self.page.wait_for_selector(".rereading.by-ear", timeout=5000)
                await self.page.evaluate("document.querySelector('.ear audio').remove()")
            except Error:
                assert time.monotonic() < until, "the page does not open"
                await asyncio.sleep(0.3)
            else:
                return

    async def _started(self) -> BrowserContext:
        if self.browser:
            return await self.browser.new_context(locale="fr-FR")
        assert self.profile
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()
        return await self.playwright.chromium.launch_persistent_context(
            str(self.profile), locale="fr-FR", **chromium()
        )

    async def kill(self) -> None:
        """Kill the browser, or the page: it has no moment left to write anything."""
        if self.browser and self.context:
            crash = (await self.context.new_cdp_session(self.page)).send("Page.crash")
            with contextlib.suppress(Error, TimeoutError):
                await asyncio.wait_for(crash, 1)
            self.page = await self.context.new_page()
            return
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().split(b"\0")
                is_its = f"--user-data-dir={self.profile}".encode() in words
                if is_its and not any(word.startswith(b"--type=") for word in words):
                    os.kill(int(path.parent.name), signal.SIGKILL)
        if self.context:
            with contextlib.suppress(Error, TimeoutError):
                await asyncio.wait_for(self.context.close(), 5)
        self.context = None

    async def enter(self, *anchors: str) -> None:
        """Put the caret after the first of some words that is there; fields may just change."""
        until = time.monotonic() + PATIENCE
        while not await self.page.evaluate(ENTER, anchors):
            assert time.monotonic() < until, f"no field has {anchors}"
            await asyncio.sleep(0.1)

    async def leave(self) -> None:
        """Close all that is open."""
        if self.profile:
            await self.kill()
        elif self.context:
            await self.context.close()
            self.context = None

    async def write(self, anchor: str, word: str, pace: float) -> None:
        await self.take_over()
        await self.enter(anchor)
        while (await self.met())[1]:  # what came meanwhile stands beside the caret
            await self.take_over()
            await self.enter(anchor)
        self.typed[word] = anchor
        await self.page.keyboard.type(f" {word}", delay=pace)

    async def seen(self) -> tuple[str, str]:
        """Give what the page says of itself, and the words of all its fields."""
        said, values = await self.page.evaluate(SEEN)
        return said, " ".join(values)

    async def met(self) -> tuple[str, list[str]]:
        """Where a message shows what the other wrote: the word to go on after, and what lacks."""
        mine, theirs = await self.page.evaluate(MET) or ("", "")
        anchors = (word for word in theirs.split() if word.istitle() and word in mine)
        lacks = [word for word in re.findall(r"\w+", theirs) if word not in mine]
        return next(anchors, "".join(mine.split()[:1])), lacks

    async def take_over(self) -> None:
        """Take what the other wrote into one’s own words, where the page shows it."""
        (anchor, lacks), (said, _values) = await self.met(), await self.seen()
        if anchor and (lacks or said.startswith(TOLD)):
            await self.enter(anchor)
            await self.page.keyboard.type(f" {' '.join(lacks) or 'bien'}", delay=5)
            await self.page.locator("h1").click()

    async def settle(self) -> None:
        """Take over what others wrote, until the page says that all is kept."""
        until = time.monotonic() + PATIENCE
        await self.page.locator("h1").click()
        while True:
            said, _values = await self.seen()
            if said == SAVED or (not said and await self.page.evaluate(AS_LOADED)):
                return  # a page that had nothing to keep says nothing
            await self.take_over()
            assert time.monotonic() < until, f"never kept: {await self.seen()}"
            await self.page.evaluate(ONLINE)  # else it waits for half a minute
            await asyncio.sleep(1.0)


@dataclass
class Sitting:
    """One text, two people, and what must be in it."""

    archive: Archive
    key: str
    people: list[Person]
    chance: random.Random
    anchors: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{self.people[0].site.address}/desk/reread/{self.key}/1"

    def draw(self) -> str:
        return "".join(self.chance.choices("aeioubcdlmnrstp", k=8))

    def begin(self) -> None:
        self.anchors = [self.draw().capitalize() for _ in range(SENTENCES)]
        cues = (
            Cue(2.0 * at, 2.0 * at + 1.8, f"{each} {self.draw()} {self.draw()}.")
            for at, each in enumerate(self.anchors)
        )
        write_cues(self.archive, self.key, *cues, status="machine", model="base")
        for each in self.people:
            each.typed = {}

    def misplaced(self, words: dict[str, str], text: str) -> list[str]:
        """Name words that do not stand between the word after which they were typed and the next
        sentence."""
        lost = []
        for word, anchor in words.items():
            after = self.anchors.index(anchor) + 1
            start = text.find(anchor)
            end = text.find(self.anchors[after]) if after < SENTENCES else len(text)
            if start < 0 or not start < text.find(word) < end:
                lost.append(word)
        return lost

    def written(self) -> str:
        return sentence_of(transcript_of(self.archive, self.key).cues)

    async def reread(self, person: Person, name: str) -> None:
        for _ in range(self.chance.randint(2, 4)):
            anchor, word = self.chance.choice(self.anchors), self.draw()
            await person.write(anchor, word, self.chance.choice((0, 10, 40)))
            deed = self.chance.choice((*("Tab", "out") * 2, *("stay",) * 5, "kill"))
            self.done.append(f"{name} {word} after {anchor}, {deed}")
            if deed == "Tab":
                await person.page.keyboard.press("Tab")
            elif deed == "out":
                await person.page.locator("h1").click()
            await asyncio.sleep(self.chance.choice((0.0, 0.05, 0.9, 1.6)))
            await self.judge(person, name)
            if deed == "kill":
                await person.kill()
                await person.open(self.address)
                _said, values = await person.seen()
                on_disk = self.written()
                lost = self.misplaced(person.typed, values)
                lost = [it for it in lost if it in self.misplaced(person.typed, on_disk)]
                self.faults += [f"{name} {each} not offered back" for each in lost]
                if lost:
                    for each in lost:
                        del person.typed[each]
        await person.settle()

    async def judge(self, person: Person, name: str) -> None:
        """Hold the page to what it says."""
        typed = dict(person.typed)
        said, _values = await person.seen()
        if said == SAVED and (lost := self.misplaced(typed, self.written())):
            self.faults.append(f"{name} {lost} was said to be kept")

    async def run(self) -> list[str]:
        self.begin()
        try:
            await asyncio.gather(*(each.open(self.address) for each in self.people))
            names = "Noé", "Zoé"
            await asyncio.gather(*map(self.reread, self.people, names))
            await self.people[0].open(self.address)  # who meets words of the last one
            typed = {word: at for each in self.people for word, at in each.typed.items()}
            if lost := self.misplaced(typed, self.written()):
                self.faults.append(f"{lost} lost in the end: {self.written()}")
        except (AssertionError, Error) as error:
            self.faults.append(f"{type(error).__name__}: {str(error)[:300]}")
        for each in self.people:
            if each.browser or self.faults:
                await each.leave()
        return [f"{each} ({'; '.join(self.done)})" for each in self.faults]


def sittings(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """Hold so many sittings; tell what was lost in them."""
    yield from asyncio.run(_sittings(count, chance, folder))


async def _sittings(count: int, chance: random.Random, folder: Path) -> list[str]:
    archive = fresh(folder / "sittings")
    for show in SHOWS:
        archive.write_show(Show(show, show))
        for slug in (STREET, CITY, MEMORY):
            put(archive, slug, show)
    keys = [each.key for each in archive.episodes()][:count]
    tokens = [enrol(archive, name, "rereader") for name in ("Noé", "Zoé")]
    site, seeds = Site(archive.root, chance), [chance.getrandbits(32) for _ in range(count)]
    found = list[str]()
    async with async_playwright() as playwright:

        async def hold(key: str) -> None:
            people = list[Person]()
            for place, token in enumerate(tokens):
                profile = folder / f"{key}-{place}" if key == keys[0] else None
                if profile:
                    profile.mkdir(parents=True)
                shared = None if profile else browser
                people.append(Person(site, playwright, token, profile, shared))
            while seeds:
                seed = seeds.pop()
                own = random.Random(seed)
                sitting = Sitting(archive, key, people, own)
                found.extend(f"{seed}: {each}" for each in await sitting.run())
            for each in people:
                await each.leave()

        browser = await playwright.chromium.launch(**chromium())
        await site.start()
        line = await asyncio.start_server(site.carry, "127.0.0.1", site.line)
        deaths = asyncio.create_task(site.die_now_and_then())
        try:
            with archive.lock("work"):  # the site makes nothing of texts that nobody keeps
                await asyncio.gather(*map(hold, keys))
        finally:
            deaths.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await deaths  # raises if the site did not come back
            line.close()
            site.kill()
    return found
