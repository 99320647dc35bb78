"""Hands that reread at the pace of people: they rest, leave, come back, and the line is cut."""

import contextlib
import json
import logging
import random
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from difflib import ndiff
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from radio.archive import Archive, history
from radio.search import Index
from radio.text.sentences import sentence_of
from radio.text.transcript import Cue, Segment, Word
from radio.web.rereading import sheet
from radio.web.site import create_app
from tests.firefox import ENTER, TAB, started
from tests.heard import transcript_of, write_cues, write_evidence
from tests.patience import until
from tests.samples import STREET
from tests.torture.readers import fresh
from tests.visits import chromium
from tests.web.desks import enrol
from tests.windows import BACK, DELETE, F4, Chromium, Window

KEY = f"emission/{STREET}"
WORD = "une phrase assez longue"
SENTENCES, FEW = 24, 12
BRIEF, LONG = 0.04, 0.2  # seconds from key to key
SETTLED = 40.0  # seconds in which a busy machine surely has written all
AREAS = "[...document.querySelectorAll('.sentence textarea')]"
SAID = "document.querySelector('.ear [role=status]').textContent"
OFFERS = "JSON.parse(document.activeElement.closest('.sentence').dataset.offers)"
CARET = "document.activeElement.setSelectionRange({0}, {0})"
CHOSEN = "(a => [a.value.slice(a.selectionStart, a.selectionEnd), a.value.slice(a.selectionEnd)])"
CHOSEN += "(document.activeElement)"  # and what follows it
NOTHING_KEPT = "(localStorage.clear(), indexedDB.deleteDatabase('reread'), 0)"
UNASKED = "addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)"
Answer = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Line:
    """The line to a site: cut before a request arrives, or before its answer does."""

    def __init__(self, site: Answer):
        self._site, self.cut = site, ""

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        answer: Iterable[bytes] = []
        if self.cut != "request":
            answer = self._site(environ, start_response)
        if self.cut:
            b"".join(answer)
            if hasattr(answer, "close"):
                answer.close()
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionError
        return answer


@dataclass
class Typist:
    """Somebody who rereads in a window, and who knows what must stand there then."""

    window: Window
    archive: Archive
    line: Line
    chance: random.Random
    wanted: str = ""  # all words, as they must stand in the end
    drawn: list[str] = field(default_factory=list)  # what was done, to tell of it
    told: set[str] = field(default_factory=set)  # words that stand, or stood

    def words(self) -> list[str]:
        values = self.window.evaluate(f"{AREAS}.map(a => a.value)")
        return [" ".join(each.split()) for each in values]

    def written(self) -> str:
        return sentence_of(transcript_of(self.archive, KEY).cues)

    def draw(self) -> str:
        while (word := "".join(self.chance.choices("aeioubcdlmnrstpé", k=6))) in self.told:
            pass
        self.told.add(word)
        return word

    def press(self, keys: str) -> None:
        """Press keys one by one, and see now and then whether the page says what is so."""
        for key in keys:
            self.window.press(key)
            time.sleep(self.chance.uniform(BRIEF, LONG))
            if self.chance.random() < 0.2:
                self.doubt()

    def doubt(self) -> None:
        """Note where the page says that all is kept, and it is not."""
        said, words = self.window.evaluate(f"[{SAID}, {AREAS}.map(a => a.value)]")
        if said == "Enregistré." and " ".join(" ".join(words).split()) != self.written():
            self.drawn.append("SAID TO BE KEPT")

    def enter(self, word: str, *, after: bool = True) -> None:
        """Press into the field that has a word, and put the caret after it, or before all."""

        def is_in() -> bool:
            find = f"{AREAS}.findIndex(a => a.value.includes({json.dumps(word)}))"
            with contextlib.suppress(AssertionError):  # the field is about to be another one
                self.window.click(f".sentence:nth-child({self.window.evaluate(find) + 1}) textarea")
                return word in (self.window.evaluate("document.activeElement.value") or "")
            return False

        until(is_in, lambda: f"{word} is in no field")
        value = self.window.evaluate("document.activeElement.value")
        self.window.evaluate(CARET.format(value.index(word) + len(word) if after else 0))

    def reread(self) -> None:
        """Put another word in the place of the last one of a sentence that has others behind it."""
        rows = self.words()
        self.wanted, self.drawn = " ".join(rows), []
        place = self.chance.randrange(len(rows) - 1)
        if self.chance.random() < 0.5:
            self.touch(self.chance.choice(rows[:place] + rows[place + 1 :]).split()[0])
        cut = self.chance.choice(["", "", "request", "answer"])
        new, last = self.draw(), rows[place].split()[-1]
        last = self.choose(last)
        self.press(new[:3])
        self.line.cut = cut
        if self.chance.random() < 0.3:
            self.drawn.append("rest")
            time.sleep(self.chance.uniform(0.7, 1.4))
        self.press(new[3:])
        self.end(last, new)
        self.drawn += [f"cut {cut}"] if cut else []
        self.leave()
        if self.chance.random() < 0.5:
            self.come_back(new)
        self.connect()
        self.window.click("h1")

    def touch(self, word: str) -> None:
        self.drawn.append("another field")
        new = self.draw()
        self.enter(word)
        self.press(f" {new}")
        self.wanted = self.wanted.replace(word, f"{word} {new}", 1)

    def choose(self, last: str) -> str:
        """Choose the last word of a sentence by F4, with those in the same doubt, or take it away
        letter by letter; give what was chosen, with its stop. What other texts offer may be before
        the last word."""
        bare = last.rstrip(".")
        self.enter(bare, after=False)
        is_doubted = self.window.evaluate(f"({OFFERS}.stops || []).length == 1")
        if is_doubted and self.chance.random() < 0.7:
            self.window.press(F4)
            chosen, rest = self.window.evaluate(CHOSEN)
            if rest.strip() == last.removeprefix(bare):
                self.drawn.append("F4")
                return f"{chosen}{rest.strip()}"
        self.drawn.append("by hand")
        self.enter(bare)
        self.press(BACK * len(bare))
        return last

    def end(self, last: str, new: str) -> None:
        """Leave the stop where it is, or take it away."""
        keeps = self.chance.random() < 0.4
        self.drawn.append("stop kept" if keeps else "stop deleted")
        if not keeps and last.endswith("."):
            self.press(DELETE)
        stop = "." if keeps and last.endswith(".") else ""
        self.wanted = self.wanted.replace(last, f"{new}{stop}", 1)

    def leave(self) -> None:
        """Go on to another field, out of all, or to another window, for a moment."""
        how = self.chance.choice(["Tab", "field", "out", "window"])
        self.drawn.append(how)
        if how == "Tab":
            self.window.press(TAB)
        elif how == "field":
            self.window.click(f".sentence:nth-child({self.chance.randint(1, 5)}) textarea")
        elif how == "window":
            self.window.evaluate("window.dispatchEvent(new Event('blur'))")
        else:
            self.window.click("h1")
        time.sleep(self.chance.uniform(0, 1.6))

    def come_back(self, word: str) -> None:
        """Write more after a word, whatever became of its sentence meanwhile."""
        self.drawn.append("back")
        more = self.draw()
        self.enter(word)
        self.press(f" {more}")
        if self.chance.random() < 0.5:
            self.connect()
        self.press(f"{more[:2]}")
        self.wanted = self.wanted.replace(word, f"{word} {more}{more[:2]}", 1)

    def connect(self) -> None:
        self.line.cut = ""
        self.window.evaluate("window.dispatchEvent(new Event('online'))")

    def stands(self) -> bool:
        """Whether page, disk and history have all that was typed, and the page says so."""
        sentences = [row.words for row in sheet(self.archive, self.archive.episode(KEY)).rows]
        act = history.last_act(self.archive.root)
        text = self.archive.vtt_path(KEY).read_text(encoding="utf-8")
        return (
            self.window.evaluate(SAID) == "Enregistré."
            and self.words() == sentences
            and self.written() == self.wanted
            and bool(act and act.rewritings[0].after == text)
        )

    def fault(self) -> str:
        """Tell what was lost once all had time to be written, if anything was."""
        with contextlib.suppress(AssertionError):
            until(self.stands, seconds=SETTLED)
            if "SAID TO BE KEPT" not in self.drawn:
                return ""
        lost = sum((Counter(self.wanted) - Counter(self.written())).values())
        said = f"{', '.join(self.drawn)}; the page says {self.window.evaluate(SAID)!r}"
        return f"{lost} letters lost: {said}: {self.differences()}"

    def differences(self) -> list[str]:
        wanted, found = self.wanted.split(), list[str]()
        for where, text in (("page", " ".join(self.words())), ("disk", self.written())):
            changes = ndiff(wanted, text.split())
            found += [f"{where}: {word}" for word in changes if word[0] in "+-"]
        return found


def rereading(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """Two browsers lose no letter that is typed over the ends of sentences."""

    def reread(name: str, seed: int) -> list[str]:
        browsers = {"chromium": in_chromium, "firefox": started}
        with desk(folder / name) as (archive, line, address), browsers[name]() as window:
            typist = Typist(window, archive, line, random.Random(seed))
            window.go(f"{address}/desk").click("#name")
            window.press(f"Noé{TAB}{WORD}{ENTER}")
            window.wait_until("location.search.includes('signed')")
            return [f"{name} {each}" for each in sequences(typist, address, count)]

    with ThreadPoolExecutor() as pool:  # side by side: hands are slow
        seeds = {name: chance.getrandbits(32) for name in ("chromium", "firefox")}
        for found in pool.map(reread, seeds, seeds.values()):
            yield from found


def sequences(typist: Typist, address: str, count: int) -> Iterator[str]:
    """Reread so many sentences, on one page until few are left of them."""
    fault = "at first"
    for number in range(count):
        if fault or len(typist.words()) < FEW:
            write(typist)
            typist.window.evaluate(UNASKED)
            typist.window.go(f"{address}/desk").evaluate(NOTHING_KEPT)
            typist.window.go(f"{address}/desk/reread/{KEY}/1")
            typist.window.wait_until("document.querySelector('.rereading.by-ear')")
            typist.window.evaluate("document.querySelector('.ear audio').remove()")
        try:
            typist.reread()
            fault = typist.fault()
        except AssertionError as error:
            fault = f"letters lost: {', '.join(typist.drawn)}: {error}"
        if fault:
            yield f"{number}: {fault}"


def write(typist: Typist) -> None:
    """Put a text in the archive that the machine heard, in doubt of the last word of a sentence."""
    cues, segments = list[Cue](), []
    for number in range(SENTENCES):
        said = [typist.draw() for _ in range(4)]
        said[0], said[-1] = said[0].capitalize(), f"{said[-1]}."
        start = 1.5 * number
        words = tuple(
            Word(start + 0.3 * place, start + 0.3 * (place + 1), word, 0.1 if "." in word else 0.99)
            for place, word in enumerate(said)
        )
        parts = [said[:2], said[2:]] if number % 3 == 0 else [said]
        edges = [start, *([start + 0.6] if len(parts) == 2 else []), start + 1.2]
        cues += [Cue(edges[n], edges[n + 1], " ".join(part)) for n, part in enumerate(parts)]
        segments.append(Segment(start, start + 1.2, " ".join(said), words, 1, 0.0, -0.2, 1.2, 0.01))
    write_evidence(typist.archive, KEY, *segments, audio="0")
    write_cues(typist.archive, KEY, *cues, status="machine", model="base")


@contextlib.contextmanager
def desk(root: Path) -> Iterator[tuple[Archive, Line, str]]:
    archive = fresh(root, STREET)
    enrol(archive, "Noé", "rereader")
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    line = Line(create_app(archive, Index(archive)))
    with make_server("127.0.0.1", 0, line, threaded=True) as site, ThreadPoolExecutor(1) as server:
        server.submit(site.serve_forever)
        try:
            yield archive, line, f"http://127.0.0.1:{site.port}"
        finally:
            site.shutdown()


@contextlib.contextmanager
def in_chromium() -> Iterator[Window]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())
        yield Chromium(browser.new_page(locale="fr-FR"))
        browser.close()
