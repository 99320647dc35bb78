"""The page of an episode: its words, its music, who answers for them, all without a script."""

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.pictures import palette
from radio.sound import RATE
from radio.system.errors import SearchError
from radio.text.chapters import Chapter
from radio.text.sentences import sentence_of
from radio.text.transcript import Cue, Region, Segment, Word
from radio.transcribe import names as known_names
from radio.transcribe.corrections import compose, conventions_of
from radio.transcribe.versions import Checkpoint, save
from tests.samples import CITY, MEMORY, SHOW, STREET
from tests.tables import for_each
from tests.visits import text, words
from tests.web import sites
from tests.web.views import site
from tests.web.views.site import CUES, MACHINE, PAGE, write_evidence, write_transcript

OTHER = f"/shows/{SHOW}/{MEMORY}"  # which somebody reread
SILENT = f"/shows/{SHOW}/{CITY}"  # without a transcript


def test_episode_opens_at_a_second_and_ignores_times_that_are_none(client: FlaskClient) -> None:
    marked = r'<span id="t"></span><a class="cue" id="c(\d)" aria-current="true"'
    cues = {"0": "1", "2.65": "2", "7": "2", "12": "3", "14.805": "4", "60": "4"}
    for asked, cue in cues.items():
        page = client.get(f"{PAGE}?t={asked}").text
        assert f'src="{site.MEDIA}#t={asked}"' in page
        assert re.findall(marked, page) == [cue], asked
    for asked in ("", "x", "-1", "nan", "inf", "1e99", "62.8", "12:34"):
        page = client.get(PAGE, query_string={"t": asked}).text
        assert f'src="{site.MEDIA}"' in page, asked
        assert 'id="t"' not in page
    assert client.get(f"{PAGE}?t=٣").status_code == 200


def test_episode_says_who_answers_for_its_transcript(archive: Archive, client: FlaskClient) -> None:
    """And how far it is, while one is being made."""
    words(client.get(OTHER), 200, "Transcription relue")
    write_transcript(archive, MEMORY, CUES, status="reread", source="conducteur <b>.docx")
    words(client.get(OTHER), 200, "Transcription relue (texte de conducteur &lt;b&gt;.docx).")
    page = client.get(SILENT)
    words(page, 200, "pas encore de transcription")
    assert "/transcripts/" not in page.text
    path = archive.checkpoint_path(f"{SHOW}/{CITY}")
    fresh = Checkpoint("00", "engine", "11", "fr", "")
    save(path, replace(fresh, reached=round(15.7 * RATE), spent=60.0))
    page = client.get(SILENT)
    told = words(page, 200, "Transcription en cours 25 % faits, encore 3 min environ.")
    assert "n’a pas encore de transcription" not in told
    assert 'value="0.25"' in page.text
    write_transcript(archive, CITY, CUES, **MACHINE)
    words(client.get(SILENT), 200, "Le début se lit déjà")
    words(client.get(f"{SILENT}?lang=en"), 200, "Transcription in progress 25% done")
    path.unlink()
    assert "en cours" not in text(client.get(SILENT))
    write_transcript(archive, CITY, CUES)
    words(client.get(SILENT), 200, "On ne sait pas si")
    write_transcript(archive, CITY, (), **MACHINE)
    write_evidence(archive, CITY, Region(0.0, 62.8, "music"))
    page = client.get(SILENT)
    assert "Choisissez une phrase" not in words(page, 200, "Aucune parole", "♪ musique (1:02)")
    assert '<a class="time" href="?t=0#m1" data-start="0">0:00</a>' in page.text


def test_broken_evidence_costs_itself(
    archive: Archive, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    write_evidence(archive, STREET, Region(30.0, 40.0, "music"))
    assert "♪" in client.get(PAGE).text
    archive.evidence_path(f"{SHOW}/{STREET}").write_text("{", encoding="utf-8")
    assert "micros" in client.get(PAGE).text
    assert f"{STREET}.json" in caplog.text
    caplog.clear()
    assert "♪" not in client.get(PAGE).text
    assert caplog.text == ""  # said once


def test_headings_say_who_made_them_and_who_speaks(archive: Archive, client: FlaskClient) -> None:
    said = [Cue(0.0, 9.0, "Bonjour à vous."), Cue(610.0, 614.0, "La suite de cela.")]
    write_transcript(archive, MEMORY, said, **MACHINE)
    episode = archive.episode(f"{SHOW}/{MEMORY}")
    archive.write_episode(replace(episode, audio=replace(episode.audio, duration=1200.0)))
    regions = [Region(0.0, 590.0, "speech"), Region(590.0, 610.0, "music")]
    write_evidence(archive, MEMORY, *regions, Region(610.0, 1200.0, "speech"))
    heads = re.findall(r"<h3 .*?</a> (.*?) <small.*?>(.*?)</small></h3>", client.get(OTHER).text)
    proposed = "chapitre proposé automatiquement"
    assert heads == [("Bonjour à vous", proposed), ("La suite de cela", proposed)]
    spoken = (("Camille", 0), ("Camille", 8), ("Noé", 9), ("Camille", 12), ("Camille", 20))
    cues = [Cue(start, start + 1.0, "Bonjour.", name) for name, start in spoken]
    write_transcript(archive, MEMORY, cues, status="reread")
    site.make_episode(archive, MEMORY, "Garder", chapters=(Chapter(19.0, "La <fin>"),))
    page = client.get(OTHER).text
    parts = re.findall(r'<p class="voice">(\w+)|<h3 id="chapter-1">(.*?)</h3>', page)
    time = '<a class="time" href="?t=19#chapter-1" data-start="19">0:19</a>'
    head = ("", f"{time} La &lt;fin&gt;")
    assert parts == [("Camille", ""), ("Noé", ""), ("Camille", ""), head, ("Camille", "")]


def test_a_sentence_is_one_link_and_old_links_hold(archive: Archive, client: FlaskClient) -> None:
    said = ("Une grande ville", "intelligente, puis", "bête.", "Fin.")
    cues = [Cue(2.0 * at, 2.0 * at + 2, each) for at, each in enumerate(said)]
    write_transcript(archive, MEMORY, cues, status="reread")
    page = client.get(OTHER).text
    assert re.findall(r' id="(c\d)"', page) == ["c1", "c2", "c3", "c4"]
    first, last = ("c1", "?t=0#t", ""), ("c4", "?t=6#t", ' data-end="8"')  # or where another begins
    assert re.findall('<a class="cue" id="(c.)" href="(.*?)"(.*?)>', page) == [first, last]
    lit = re.search('<a class="cue" id="c1" aria-current.*?</a>', client.get(f"{OTHER}?t=4.5").text)
    assert lit
    assert re.sub("<.*?>", "", lit[0]) == "Une grande ville intelligente, puis bête."


def test_music_is_marked_where_it_plays(archive: Archive, client: FlaskClient) -> None:
    """Cues 3 and 4 are one paragraph, until music plays between them."""
    assert "♪" not in client.get(OTHER).text
    write_transcript(archive, MEMORY, (*CUES[:3], Cue(40.0, 42.0, "De retour.", "Camille")))
    speech = [Region(0.0, 6.125, "speech"), Region(11.308, 14.0, "speech")]
    short = Region(14.0, 18.9, "music")  # too short
    music = [Region(6.125, 11.308, "music"), short, Region(41.9, 62.8, "music")]
    rest = [Region(18.9, 40.0, "silence"), Region(40.0, 42.0, "speech")]
    write_evidence(archive, MEMORY, *sorted(speech + music + rest, key=lambda each: each.start))
    page = client.get(OTHER).text
    assert re.findall(r'id="(c\d|m\d)"', page) == ["c1", "c2", "m2", "c3", "c4", "m5"]
    assert '<a class="time" href="?t=6.125#m2" data-start="6.125">0:06</a>' in page
    assert re.findall(r"♪ musique <span>\((.*?)\)", page) == ["0:05", "0:20"]
    english = client.get(f"{OTHER}?lang=en").text
    assert "♪ music <" in english and '"?lang=en&amp;t=41.9#m5"' in english


def said(text: str, start: float, probability: float) -> tuple[Cue, Segment]:
    """Three words a second, as a cue and as the machine heard them."""
    heard = tuple(
        Word(start + number / 3, start + (number + 1) / 3, word, probability)
        for number, word in enumerate(text.split())
    )
    end = heard[-1].end
    return Cue(start, end, text), Segment(start, end, text, heard, 5, 0.0, -0.3, 1.2, 0.0)


def test_doubts_tell_their_reason_and_their_share(archive: Archive, client: FlaskClient) -> None:
    sure, heard = said("Les micros sont dans la rue depuis deux mois à Beaubran. " * 3, 0.0, 0.99)
    bad, garbled = said("gardavu moncio aveluchon taraude vingtieme " * 5, 20.0, 0.4)
    lost = Segment(40.0, 46.8, "pas.", (Word(40.0, 46.8, "pas.", 0.9),), 5, 0.0, -0.3, 1.2, 0.0)
    few = replace(said("Quatre fois d’accord.", 50.0, 0.9)[1], end=60.0)
    name, named = said("Voilà, merci, Camille Vernier était là.", 62.0, 0.98)
    cues = [sure, bad, Cue(40.0, 46.8, "pas."), Cue(50.0, 60.0, "Quatre fois d’accord."), name]
    write_transcript(archive, MEMORY, cues, **MACHINE)
    speech = [Region(0.0, 40.0, "speech"), Region(50.0, 65.0, "speech")]
    write_evidence(archive, MEMORY, *speech, segments=(heard, garbled, lost, few, named))
    page = client.get(OTHER)
    missing = "il en manque peut-être"
    assert re.findall(r'<mark class="doubt" title="([^"]*)">([^<]*)</mark>', page.text) == [
        ("mot trop long\xa0: des paroles manquent peut-être", "pas."),
        (f"peu de mots pour cette durée\xa0: {missing}", "Quatre fois d’accord."),
        ("nom dit une seule fois", "Camille Vernier"),
    ]
    shares = re.findall(r"<p class=\"sure\"[^>]*>(.*?)</p>", page.text)
    assert shares == ["Passage peu sûr.", *[" Des paroles manquent peut-être."] * 2]
    words(page, 200, "Environ 7 mots sur 10 sont sans doute justes.")
    english = client.get(f"{OTHER}?lang=en")
    assert 'title="name spoken only once">Camille Vernier<' in english.text
    words(english, 200, "Unreliable passage.", "About 7 words in 10 are probably right.")
    write_transcript(archive, MEMORY, cues, status="reread")
    reread = client.get(OTHER).text
    assert 'class="sure"' not in reread and "mots sur 10" not in reread
    write_transcript(archive, MEMORY, [sure], **MACHINE)
    for seconds, is_told in ((12.0, False), (60.0, True)):  # of few words or not
        write_evidence(archive, MEMORY, Region(0.0, seconds, "speech"), segments=(heard,))
        assert ("des paroles manquent sans doute" in client.get(OTHER).text) is is_told


CORRECTED = (  # what was heard, in doubt after a star; corrections; text; what is dotted
    (
        *("à la CNIL CNIL de Bobran et *la *C *N *I *L *arrive", {"Bobran": "Beaubrun"}),
        *("à la CNIL CNIL de Beaubrun et la CNIL arrive", ["la", "CNIL", "arrive"]),
    ),
    (
        *("la knil dit et *la *C.N.I.L. *arrive à *zimer *manne", {"knil": "CNIL"}),
        *("la CNIL dit et la CNIL arrive à Zimmermann", ["la", "CNIL", "arrive", "Zimmermann"]),
    ),
    (
        *("il y a *a *la *kni *à *dix-neuf *euh *heures *trente.", {"euh": "", "kni": "cnil"}),
        *("il y a a la cnil à 19 h 30.", ["a la", "à 19\u00a0h\u00a030."]),
    ),
)


@for_each(("heard", "corrections", "text", "dotted"), CORRECTED)
def test_doubts_stay_beside_what_people_corrected(
    archive: Archive,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    heard: str,
    corrections: dict[str, str],
    text: str,
    dotted: list[str],
) -> None:
    """The page writes words as the text does, so that it finds them there; it gathers no names."""
    typed = ("RATP", "Zimmermann")
    show = replace(archive.show(SHOW), corrections=corrections, glossary=typed)
    archive.write_show(show)
    said = tuple(
        Word(n / 2, n / 2 + 0.5, each.lstrip("*"), 0.05 if each.startswith("*") else 0.99)
        for n, each in enumerate(f"{heard} aujourd'hui oui".split())
    )
    segments = (Segment(0, len(said), "", said, 5, 0, -0.3, 1, 0),)
    habits = conventions_of(archive, f"{SHOW}/{STREET}", segments)
    made = compose(segments, {}, habits)
    assert sentence_of(made.cues) == f"{text} aujourd'hui oui"
    write_evidence(archive, STREET, segments=segments, names=habits.names)
    write_transcript(archive, STREET, made.cues, **MACHINE)
    with monkeypatch.context() as without:
        without.setattr(known_names, "_allowed", None)
        page = client.get(PAGE).text
    marks = re.findall(r'<(?:u|mark class="doubt"[^>]*)>(.*?)<', page)
    assert marks == ["soulignés en pointillé", *dotted]


def test_an_episode_is_searched_on_its_page(archive: Archive) -> None:
    client = sites.visit(archive)
    archive.write_waveform(archive.episode(f"{SHOW}/{STREET}"), bytes(range(240)))
    words(client.get(f"{PAGE}?q=lampadiare"), 200, "1 passage pour « lampadaires »")
    page = client.get(f"{PAGE}?q=lampadaire")
    words(page, 200, "1 passage pour « lampadaire »")
    assert "<mark>lampadaires</mark>" in page.text and 'value="lampadaire"' in page.text
    assert re.findall(rf'href="({PAGE}\?t=[\d.]+&amp;q=lampadaire#t)" data-start', page.text)
    assert page.text.count('class="hit"') == 1
    broken = site.visit(archive, site.Canned(SearchError("broken")))
    assert "<audio" in broken.get(f"{PAGE}?q=micro").text
    nothing = client.get(f"{PAGE}?q=chaussette")
    words(nothing, 200, "n’a pas été trouvé")
    assert 'class="hit"' not in nothing.text


def test_the_waveform_shows_chapters(archive: Archive, client: FlaskClient) -> None:
    assert 'd="M0 32h960"' in client.get(PAGE).text
    chapters = (Chapter(0.0, "Un"), Chapter(31.4, "Deux"))
    site.make_episode(archive, STREET, "Les micros", chapters=chapters)
    archive.write_waveform(archive.episode(f"{SHOW}/{STREET}"), bytes([0, 128, 255, 3]))
    page = client.get(PAGE).text
    assert re.findall(r'class="chapter" d="M([\d.]+)', page) == ["0.0", "480.0"]
    assert 'aria-hidden="true"' in page
    assert 'd="M120 30v4M360 16v32M600 0v64M840 30v4"' in page


TURNS = ("Voix 1", "Voix 1", "Zoé & <l’ami>", "", "Voix 1", "Voix 3")


def names(page: str) -> list[str]:
    return re.findall(r'<p class="voice"[^>]*>(.*?)</p>', html.unescape(page))


def test_a_name_is_written_where_the_voice_changes(archive: Archive, client: FlaskClient) -> None:
    """What a screen reader says in English is marked so, within the French of the show."""
    cues = [Cue(20.0 * at, 20.0 * at + 5, f"Phrase {at}.", voice) for at, voice in enumerate(TURNS)]
    write_transcript(archive, STREET, cues, status="reread")
    page = client.get(PAGE).text
    assert names(page) == ["Voix 1", "Zoé & <l’ami>", "Voix 1", "Voix 3"]
    assert page.count('class="paragraph spoken voice-1"') == 3
    assert page.count('class="paragraph"') == 1
    page = client.get(f"{PAGE}?lang=en").text
    assert names(page) == ["Voice 1", "Zoé & <l’ami>", "Voice 1", "Voice 3"]
    assert page.count('<p class="voice" lang="en">Voice 1</p>') == 2
    assert '<p class="voice">Zoé &amp; &lt;l’ami&gt;</p>' in page
    cues = [Cue(2.0 * at, 2.0 * at + 1, "Mot.", f"Voix {at + 1}") for at in range(200)]
    write_transcript(archive, STREET, cues)  # more than there are colors
    page = client.get(PAGE).text
    assert len(set(names(page))) == 200
    used = set(re.findall(r"paragraph spoken (voice-\d+)", page))
    assert used == {f"voice-{number}" for number in range(1, len(palette.HUES) + 1)}
