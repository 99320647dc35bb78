"""The film of a keeper's first day for the README: `make film` writes it to `docs/`, twice.
Commands run on sites of this machine; names are replaced, waiting and long lines are shortened."""

import html
import os
import shlex
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.ingest.site import Site, serving
from tests.replicas import WordPress
from tests.samples import CITY, DEMO, MEMORY, STREET

DOCS = Path(__file__).parent.parent / "docs"
COMMANDS: tuple[str, ...] = ('radio init --show machine --title "La Machine à découdre"',)
COMMANDS += ("radio ingest https://station.example/ https://collectif.example/",)
COMMANDS += ("radio work --once", "radio search caméras")
FILMS = {"fr": "film.svg", "en": "film.en.svg"}  # by language
TITLES = {"fr": "Le premier jour : de deux sites à une archive datée, où l’on cherche"}
TITLES["en"] = "The first day: from two sites to a dated archive that can be searched"
COLUMNS, LINE = 92, 20  # of text, and the height of a line in pixels
LINES = 9  # shown of what one command says
TYPED, SHOWN, STILL = 1.6, 0.35, 6.0  # seconds after a command, after a line, at the end
STYLE = """
svg { background: #fbf6ee; color: #241d19; font: 13px ui-monospace, "DejaVu Sans Mono", monospace; }
text { fill: currentColor; white-space: pre; } .typed { fill: #9f2a1f; font-weight: bold; }
@media (prefers-color-scheme: dark) {
  svg { background: #1b1714; color: #f2e9de; } .typed { fill: #ff9d88; }
}
"""


Scene = tuple[str, list[str]]
"""A command, and the lines that it wrote."""


def put_sites(station: Site, collective: Site) -> None:
    """A station with a type of posts for its shows, and the blog of a collective."""
    press, blog = WordPress(station), WordPress(collective, pretty=False)
    show = press.term("emission", 7, "machine", "La Machine à découdre")
    sound = '<p>Avec <b>Camille</b></p><audio src="{root}/son/%s.mp3"></audio>'
    press.post("podcasts", 1, "Les micros de la rue", STREET[:10], sound % STREET, show)
    press.post("podcasts", 2, "La ville intelligente", CITY[:10], sound % CITY, show)
    blog.post("post", 198, "Émission du 19 mars 2024", "2024-03-25", sound % MEMORY)
    for site, slugs in ((station, (STREET, CITY)), (collective, (MEMORY,))):
        for slug in slugs:
            site.pages[f"/son/{slug}.mp3"] = (DEMO / f"{slug}.mp3").read_bytes()
    for each in (press, blog):
        each.page("/", f'<link rel="https://api.w.org/" href="{each.api}"><body class="home">')


def play(root: Path, language: str, commands: tuple[str, ...] = COMMANDS) -> list[Scene]:
    with serving() as station, serving() as collective:
        put_sites(station, collective)
        names = {"https://station.example": station.address, "": f"{root}/"}
        names["https://collectif.example"] = collective.address
        return [(command, _said(command, names, root, language)) for command in commands]


def _said(command: str, names: dict[str, str], root: Path, language: str) -> list[str]:
    """Run a command; give what it wrote, in its order, with the names that are shown."""
    typed = command
    for name, address in names.items():
        typed = typed.replace(name, address) if name else typed
    variables = {"RADIO_ALLOW_HOSTS": "127.0.0.1", "PYTHONUNBUFFERED": "1", "LC_ALL": "C.UTF-8"}
    variables["LANGUAGE"] = ""  # which would go before
    variables |= {"LC_ALL": "fr_FR.UTF-8"} if language == "fr" else {}
    variables |= {"PYTHONPATH": str(DOCS.parent), "PYTHONIOENCODING": "utf-8"}
    words, environment = [sys.executable, "-m", *shlex.split(typed)], {**os.environ, **variables}
    how: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(words, cwd=root, env=environment, check=False, **how)
    assert done.returncode == 0, done.stdout
    said = done.stdout
    for name, address in names.items():
        said = said.replace(address, name)
    return [line for line in said.splitlines() if line.strip()]


def draw(scenes: list[Scene], language: str) -> str:
    """Draw a film as an SVG that moves without script; where nothing moves, its end is seen."""
    shown = list(_timed(scenes))
    length, height = shown[-1][0] + STILL, LINE * (len(shown) + 1)
    frames, texts = [], []
    for number, (moment, kind, line) in enumerate(shown):
        part = 100 * moment / length
        frames.append(
            f".l{number} {{ animation-name: l{number} }}\n@keyframes l{number} "
            f"{{ 0%, {part:.2f}% {{ opacity: 0 }} {part + 0.1:.2f}%, 100% {{ opacity: 1 }} }}"
        )
        place = f'x="16" y="{LINE * (number + 1) + 4}"'
        text = html.escape(line, quote=False)
        texts.append(f'<text class="{kind} l{number}" {place}>{text}</text>')
    told = html.escape(" · ".join(command for command, _said in scenes))
    moving = f"text {{ animation: {length:.1f}s linear 3 both }}\n" + "\n".join(frames)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {height}" role="img" '
        f'aria-labelledby="title desc" lang="{language}">\n'
        f'<title id="title">{TITLES[language]}</title>\n<desc id="desc">{told}</desc>\n'
        f"<style>{STYLE}@media (prefers-reduced-motion: no-preference) {{\n{moving}\n}}</style>\n"
        + "\n".join(texts)
        + "\n</svg>\n"
    )


def _timed(scenes: list[Scene]) -> Iterator[tuple[float, str, str]]:
    """Give each line with its second and its kind; long ones are folded."""
    moment = 0.0
    for command, said in scenes:
        yield moment, "typed", f"$ {command}"
        moment += TYPED
        lines = [part for line in said for part in textwrap.wrap(line, COLUMNS)]
        for line in lines if len(lines) <= LINES else [*lines[: LINES - 1], "…"]:
            yield moment, "said", line
            moment += SHOWN


def main() -> None:
    """Play the films with real Whisper, and write them."""
    for language, name in FILMS.items():
        with tempfile.TemporaryDirectory() as folder:
            film = draw(play(Path(folder), language), language)
        (DOCS / name).write_text(film, encoding="utf-8")
        print(DOCS / name)  # noqa: T201 (a command's own words)


if __name__ == "__main__":
    main()
