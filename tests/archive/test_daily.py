"""One sentence for the first page: whose, on which day, and of what never."""

import json
from dataclasses import replace
from pathlib import Path

from radio.actions.deletion import forget_episode
from radio.actions.renaming import rename_episode
from radio.archive import Archive
from radio.archive.daily import sentence_of_day
from radio.archive.protection import Protection, Redaction
from radio.archive.rights import Rights
from radio.static_site.export import export
from radio.text.transcript import Cue, Transcript, render_vtt
from tests.samples import CITY, MEMORY, STREET, put_all
from tests.web.sites import visit

KEY = f"emission/{STREET}"
PLACE, ROAD = (
    "La place n’a besoin d’aucune caméra, jamais.",
    "Les voisines gardent la rue, jour et nuit.",
)
LAST = "Nous gardons les cassettes de toutes les voisines."


def say(archive: Archive, slug: str, status: str, *texts: str) -> None:
    """Have some sentences said, each for three seconds, one after the other."""
    cues = tuple(Cue(3.0 * n, 3.0 * n + 3, text) for n, text in enumerate(texts))
    text = render_vtt(Transcript(cues, {"status": status}))
    archive.vtt_path(f"emission/{slug}").write_text(text, encoding="utf-8")


def drawn(archive: Archive) -> set[tuple[str, str]]:
    """What is drawn on thirty days."""
    found = (sentence_of_day(archive, f"2026-11-{day:02}") for day in range(1, 31))
    return {(each.key, each.text) for each in found if each}


def pin(archive: Archive, address: str) -> None:
    (archive.root / "site.json").write_text(json.dumps({"sentence": address}), encoding="utf-8")


def test_a_day_has_a_sentence_of_what_may_be_shown(archive: Archive, tmp_path: Path) -> None:
    put_all(archive, STREET, CITY, MEMORY)
    say(archive, STREET, "reread", PLACE, ROAD, "Oui.", "et ceci commence au milieu d’une phrase.")
    say(archive, CITY, "machine", "La machine a entendu ceci, que personne n’a relu.")
    say(archive, MEMORY, "reread", "Nous gardons [inaudible] les cassettes des voisines.")
    assert drawn(archive) == {(KEY, PLACE), (KEY, ROAD)}
    pin(archive, f"https://radio.example/shows/{KEY}?lang=en&t=3.5#t")
    assert drawn(archive) == {(KEY, ROAD)}
    page = visit(archive).get("/").text
    said = page[page.index('class="phrase"') :].partition("</section>")[0]
    assert f"<q>{ROAD}</q>" in said and f'class="disc" href="/shows/{KEY}?t=3#listen"' in said
    export(archive, tmp_path / "site")
    assert ROAD in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    known = archive.episode(KEY)
    for refused in (
        replace(known, status="withdrawn"),
        replace(known, rights=Rights(listen=False)),
        replace(known, protection=Protection(noindex=True)),
        replace(known, redactions=(Redaction(0.0, 2.0), Redaction(4.0, 5.0))),
    ):
        archive.write_episode(refused)
        assert drawn(archive) == set()
    archive.write_episode(replace(known, redactions=(Redaction(4.0, 5.0),)))
    assert drawn(archive) == {(KEY, PLACE)}  # what is pinned was taken out
    archive.write_episode(known)
    renamed = rename_episode(archive, KEY, "2024-01-17-autre").key
    assert drawn(archive) == {(renamed, ROAD)}
    forget_episode(archive, renamed)  # where it is named by its former key
    assert json.loads((archive.root / "site.json").read_text(encoding="utf-8")) == {}
    say(archive, MEMORY, "reread", LAST)
    assert drawn(archive) == {(f"emission/{MEMORY}", LAST)}
    say(archive, MEMORY, "unknown", LAST)
    assert drawn(archive) == set() and 'class="phrase"' not in visit(archive).get("/").text
    export(archive, tmp_path / "site")
    assert 'class="phrase"' not in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
