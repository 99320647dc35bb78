"""The page of an episode: its words, its music, who answers for them, all without a script."""

import dataclasses
import gzip
import re

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Link, Person
from radio.search import Index
from radio.sound import RATE
from radio.system.errors import SearchError
from radio.text.chapters import Chapter
from radio.text.transcript import (
    Cue,
    Region,
    Segment,
    Word,
)
from radio.transcribe.checkpoint import Checkpoint, save
from radio.transcribe.conventions import conventions
from radio.transcribe.corrections import compose
from tests.samples import CITY, MEMORY, SHOW, STREET
from tests.tables import for_each
from tests.visits import text
from tests.web.views.site import (
    CUES,
    FOUND,
    MACHINE,
    MEDIA,
    PAGE,
    TEXTS,
    Canned,
    make_episode,
    visit,
    write_evidence,
    write_transcript,
)


def test_episode_gives_all_without_script(client: FlaskClient) -> None:
    response = client.get(PAGE)
    assert "mardi 16 janvier 2024" in response.text
    assert "avec Camille (présentation), Noé" in text(response)
    assert "<p>Un</p>" in response.text
    assert f'src="{MEDIA}"' in response.text
    assert '<audio controls preload="metadata"' in response.text
    assert "Transcription automatique, non relue" in response.text
    assert "modèle base, openai-whisper 20250625, 3 mai 2026" in response.text
    for suffix in ("vtt", "srt", "txt", "html", "json"):
        assert f'href="{TEXTS}.{suffix}?download=1"' in response.text
    assert f'href="{MEDIA}?download=1"' in response.text
    for number, cue in enumerate(CUES, 1):
        assert f'id="c{number}" href="?t={cue.start:g}#t"' in response.text
    assert "micros &amp; des lampadaires" in response.text
    assert '<p class="voice">Camille</p>' in response.text


@for_each(("asked", "cue"), [("0", 1), ("2.65", 2), ("7", 2), ("12", 3), ("14.805", 4), ("60", 4)])
def test_episode_opens_at_a_second(client: FlaskClient, asked: str, cue: int) -> None:
    page = client.get(f"{PAGE}?t={asked}").text
    assert f'src="{MEDIA}#t={asked}"' in page
    marked = re.findall(r'<span id="t"></span><a class="cue" id="c(\d)" aria-current="true"', page)
    assert marked == [str(cue)]


@for_each("asked", ["", "x", "-1", "nan", "inf", "1e99", "62.8", "12:34", "٣"])
def test_episode_ignores_times_that_are_none(client: FlaskClient, asked: str) -> None:
    response = client.get(PAGE, query_string={"t": asked})
    assert response.status_code == 200
    if asked != "٣":
        assert f'src="{MEDIA}"' in response.text
        assert 'id="t"' not in response.text


def test_episode_names_the_text_that_people_wrote(archive: Archive, client: FlaskClient) -> None:
    write_transcript(archive, MEMORY, CUES, status="reread", source="conducteur <b>.docx")
    page = client.get(f"/shows/{SHOW}/{MEMORY}").text
    assert "Transcription relue</strong> (texte de conducteur &lt;b&gt;.docx)." in page


def test_episode_says_who_answers_for_its_transcript(archive: Archive, client: FlaskClient) -> None:
    assert "Transcription relue" in client.get(f"/shows/{SHOW}/{MEMORY}").text
    page = client.get(f"/shows/{SHOW}/{CITY}").text
    assert "pas encore de transcription" in page
    assert "/transcripts/" not in page
    write_transcript(archive, CITY, CUES)
    assert "On ne sait pas si" in client.get(f"/shows/{SHOW}/{CITY}").text
    write_transcript(archive, CITY, (), **MACHINE)
    assert "Aucune parole" in client.get(f"/shows/{SHOW}/{CITY}").text


def test_a_broken_transcript_does_not_hide_the_audio(
    archive: Archive, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    archive.vtt_path(f"{SHOW}/{CITY}").write_text("not a transcript", encoding="utf-8")
    response = client.get(f"/shows/{SHOW}/{CITY}")
    assert response.status_code == 200
    assert "ne peut pas être lue" in response.text
    assert "<audio" in response.text
    assert f"{CITY}.vtt" in caplog.text


def test_a_correction_shows_at_once(archive: Archive, client: FlaskClient) -> None:
    client.get(PAGE)
    write_transcript(archive, STREET, [Cue(0, 1, "Corrigé à la main")], status="reread")
    assert "Corrigé à la main" in client.get(PAGE).text


def test_a_voice_is_named_when_it_changes_and_under_each_heading(
    archive: Archive, client: FlaskClient
) -> None:
    cues = [
        Cue(0.0, 4.0, "Bonjour.", "Camille"),
        Cue(8.0, 9.0, "Après un silence.", "Camille"),
        Cue(9.0, 12.0, "Oui.", "Noé"),
        Cue(12.0, 20.0, "Merci.", "Camille"),
        Cue(20.0, 24.0, "Au revoir.", "Camille"),
    ]
    write_transcript(archive, MEMORY, cues, status="reread")
    episode = archive.episode(f"{SHOW}/{MEMORY}")
    archive.write_episode(dataclasses.replace(episode, chapters=(Chapter(19.0, "La <fin>"),)))
    page = client.get(f"/shows/{SHOW}/{MEMORY}").text
    parts = re.findall(r'<p class="voice">(\w+)|<h3 id="chapter-1">(.*?)</h3>', page)
    time = '<a class="time" href="?t=19#chapter-1" data-start="19">0:19</a>'
    head = f"{time} La &lt;fin&gt;"
    assert parts == [("Camille", ""), ("Noé", ""), ("Camille", ""), ("", head), ("Camille", "")]


def test_a_heading_says_that_a_machine_proposed_it(archive: Archive, client: FlaskClient) -> None:
    audio = dataclasses.replace(archive.episode(f"{SHOW}/{MEMORY}").audio, duration=1200.0)
    episode = dataclasses.replace(archive.episode(f"{SHOW}/{MEMORY}"), audio=audio)
    archive.write_episode(episode)
    said = [Cue(0.0, 9.0, "Bonjour à vous."), Cue(610.0, 614.0, "La suite de cela.")]
    write_transcript(archive, MEMORY, said, **MACHINE)
    regions = [Region(0.0, 590.0, "speech"), Region(590.0, 610.0, "music")]
    write_evidence(archive, MEMORY, *regions, Region(610.0, 1200.0, "speech"))
    page = client.get(f"/shows/{SHOW}/{MEMORY}").text
    heads = re.findall(r"<h3 .*?</a> (.*?) <small.*?>(.*?)</small></h3>", page)
    proposed = "chapitre proposé par la machine"
    assert heads == [("Bonjour à vous", proposed), ("La suite de cela", proposed)]


def test_a_sentence_is_one_link_and_old_links_into_it_lead_right(
    archive: Archive, client: FlaskClient
) -> None:
    said = [
        Cue(0.0, 2.0, "Une grande ville"),
        Cue(2.0, 4.0, "intelligente, puis"),
        Cue(4.0, 6.0, "bête."),
    ]
    write_transcript(archive, MEMORY, [*said, Cue(6.0, 8.0, "Fin.")], status="reread")
    path = f"/shows/{SHOW}/{MEMORY}"
    page = client.get(path).text
    assert re.findall(r' id="(c\d)"', page) == ["c1", "c2", "c3", "c4"]
    assert re.findall('<a class="cue" id="(c.)" href="(.*?)"(.*?)>', page) == [
        ("c1", "?t=0#t", ""),  # it ends where the next begins
        ("c4", "?t=6#t", ' data-end="8"'),
    ]
    lit = re.search('<a class="cue" id="c1" aria-current.*?</a>', client.get(f"{path}?t=4.5").text)
    assert lit
    assert re.sub("<.*?>", "", lit[0]) == "Une grande ville intelligente, puis bête."


def test_music_is_marked_where_it_plays(archive: Archive, client: FlaskClient) -> None:
    """Cues 3 and 4 are one paragraph, until music plays between them."""
    assert "♪" not in client.get(f"/shows/{SHOW}/{MEMORY}").text
    write_transcript(archive, MEMORY, (*CUES[:3], Cue(40.0, 42.0, "De retour.", "Camille")))
    regions = [
        Region(0.0, 6.125, "speech"),
        Region(6.125, 11.308, "music"),
        Region(11.308, 14.0, "speech"),
        Region(14.0, 18.9, "music"),  # too short
        Region(18.9, 40.0, "silence"),
        Region(40.0, 42.0, "speech"),
        Region(41.9, 62.8, "music"),
    ]
    write_evidence(archive, MEMORY, *regions)
    page = client.get(f"/shows/{SHOW}/{MEMORY}").text
    assert re.findall(r'id="(c\d|m\d)"', page) == ["c1", "c2", "m2", "c3", "c4", "m5"]
    assert '<a class="time" href="?t=6.125#m2" data-start="6.125">0:06</a>' in page
    assert re.findall(r"♪ musique <span>\((.*?)\)", page) == ["0:05", "0:20"]
    english = client.get(f"/shows/{SHOW}/{MEMORY}?lang=en").text
    assert "♪ music <" in english
    assert '"?lang=en&amp;t=41.9#m5"' in english


def test_words_in_doubt_are_dotted_until_somebody_reread_them(
    archive: Archive, client: FlaskClient
) -> None:
    words = [
        Word(0.0, 0.4, "Bonjour", 0.99),
        Word(0.5, 0.7, "à", 0.1),
        Word(0.8, 1.2, "toutes", 0.3),
        Word(1.3, 1.6, "est", 0.2),
        Word(1.7, 2.1, "tous.", 0.9),
    ]
    segment = Segment(0.0, 2.1, "", tuple(words), 5, 0.0, -0.3, 1.2, 0.0)
    write_evidence(archive, STREET, segments=(segment,))
    dotted = re.compile(r"<u>(.*?)<")
    page = client.get(PAGE).text
    assert dotted.findall(page) == ["soulignés de points", "à toutes"]  # "et" was corrected
    write_transcript(archive, STREET, CUES, status="reread")
    assert dotted.findall(client.get(PAGE).text) == []


def said(text: str, start: float, probability: float) -> tuple[Cue, Segment]:
    """Three words a second, as a cue and as the machine heard them."""
    words = [
        Word(start + number / 3, start + (number + 1) / 3, word, probability)
        for number, word in enumerate(text.split())
    ]
    cue = Cue(start, words[-1].end, text)
    return cue, Segment(start, cue.end, text, tuple(words), 5, 0.0, -0.3, 1.2, 0.0)


def test_doubts_tell_their_reason_and_how_many_words_are_right(
    archive: Archive, client: FlaskClient
) -> None:
    """The reasons are descriptions of marks: a screen reader has them, a mouse shows them."""
    sure, heard = said("Les micros sont dans la rue depuis deux mois à Beaubran. " * 3, 0.0, 0.99)
    bad, garbled = said("gardavu moncio aveluchon taraude vingtieme " * 5, 20.0, 0.4)
    hiding = Word(40.0, 46.8, "pas.", 0.9)
    lost = Segment(40.0, 46.8, "pas.", (hiding,), 5, 0.0, -0.3, 1.2, 0.0)
    few = dataclasses.replace(said("Quatre fois d’accord.", 50.0, 0.9)[1], end=60.0)
    name, named = said("Voilà, merci, Camille Vernier était là.", 62.0, 0.98)
    cues = [sure, bad, Cue(40.0, 46.8, "pas."), Cue(50.0, 60.0, "Quatre fois d’accord."), name]
    write_transcript(archive, MEMORY, cues, **MACHINE)
    speech = [Region(0.0, 40.0, "speech"), Region(50.0, 65.0, "speech")]
    segments = (heard, garbled, lost, few, named)
    write_evidence(archive, MEMORY, *speech, segments=segments)
    page = client.get(f"/shows/{SHOW}/{MEMORY}").text
    assert re.findall(r'<mark class="doubt" title="([^"]*)">([^<]*)</mark>', page) == [
        ("mot qui dure trop\xa0: des paroles manquent peut-être", "pas."),
        (
            "peu de mots pour le temps de parole\xa0: il en manque peut-être",
            "Quatre fois d’accord.",
        ),
        ("nom dit une seule fois", "Camille Vernier"),
    ]
    assert re.findall(r"<p class=\"sure\"[^>]*>(.*?)</p>", page) == [
        "Environ 2 mots sur 10 justes.",
        " Des paroles manquent peut-être.",
        " Des paroles manquent peut-être.",
    ]
    assert "Environ 7 mots sur 10 sont sans doute justes." in page
    english = client.get(f"/shows/{SHOW}/{MEMORY}?lang=en").text
    assert 'title="a name said only once">Camille Vernier<' in english
    assert "About 2 words in 10 right." in english
    assert "About 7 words in 10 are probably right." in english
    write_transcript(archive, MEMORY, cues, status="reread")
    reread = client.get(f"/shows/{SHOW}/{MEMORY}").text
    assert 'class="sure"' not in reread
    assert "mots sur 10" not in reread


def test_an_episode_whose_speech_has_few_words_says_so(
    archive: Archive, client: FlaskClient
) -> None:
    cue, heard = said("Les micros sont dans la rue depuis deux mois.", 0.0, 0.99)
    write_transcript(archive, MEMORY, [cue], **MACHINE)
    told = "des paroles manquent sans doute"
    for speech, expected in ((4.0, False), (60.0, True)):
        write_evidence(archive, MEMORY, Region(0.0, speech, "speech"), segments=(heard,))
        assert (told in client.get(f"/shows/{SHOW}/{MEMORY}").text) is expected


def test_a_number_written_in_figures_keeps_its_doubt(archive: Archive, client: FlaskClient) -> None:
    heard = ["à", "dix-neuf", "heures", "trente."]
    words = [Word(n, n + 1, text, 0.3 if n == 3 else 0.9) for n, text in enumerate(heard)]
    write_evidence(archive, STREET, segments=(Segment(0, 4, "", tuple(words), 5, 0, -0.3, 1, 0),))
    write_transcript(archive, STREET, [Cue(0, 4, "à 19 h 30.")], status="machine")
    page = client.get(PAGE).text
    assert re.findall(r"<u>(.*?)<", page) == ["soulignés de points", "19\u00a0h\u00a030."]


@pytest.mark.parametrize(
    ("heard", "corrections", "text", "dotted"),
    [
        (
            "à la CNIL CNIL de Bobran et *la *C *N *I *L *arrive",
            {"Bobran": "Beaubrun"},
            "à la CNIL CNIL de Beaubrun et la CNIL arrive",
            ["la", "CNIL", "arrive"],
        ),
        (
            "la knil dit et *la *C.N.I.L. *arrive",
            {"knil": "CNIL"},
            "la CNIL dit et la CNIL arrive",
            ["la", "CNIL", "arrive"],
        ),
        (
            "la *cran *knil *3 *caméras",
            {"cran knil": "grande CNIL"},
            "la grande CNIL 3 caméras",
            ["3 caméras"],
        ),
        (
            "il y a *a *la *kni *à *dix-neuf *euh *heures *trente.",
            {"euh": "", "kni": "cnil"},
            "il y a a la cnil à 19 h 30.",
            ["a la", "à 19\u00a0h\u00a030."],
        ),
    ],
)
def test_doubts_stay_beside_what_people_corrected(
    archive: Archive,
    client: FlaskClient,
    heard: str,
    corrections: dict[str, str],
    text: str,
    dotted: list[str],
) -> None:
    """The page writes words by the rule of the text, so that it finds them there."""
    show = dataclasses.replace(archive.show(SHOW), corrections=corrections, glossary=("RATP",))
    archive.write_show(show)
    words = tuple(
        Word(n / 2, n / 2 + 0.5, each.lstrip("*"), 0.05 if each.startswith("*") else 0.99)
        for n, each in enumerate(f"{heard} aujourd'hui oui".split())
    )
    segments = (Segment(0, len(words), "", words, 5, 0, -0.3, 1, 0),)
    episode = archive.episode(f"{SHOW}/{STREET}")
    made = compose(segments, corrections, {}, conventions(show, episode))
    said = " ".join(" ".join(cue.text.split()) for cue in made.cues)
    assert said == f"{text} aujourd'hui oui"
    write_evidence(archive, STREET, segments=segments)
    write_transcript(archive, STREET, made.cues, **MACHINE)
    page = client.get(PAGE).text
    assert re.findall(r'<(?:u|mark class="doubt"[^>]*)>(.*?)<', page) == [
        "soulignés de points",
        *dotted,
    ]


def test_an_episode_is_searched_on_its_page(archive: Archive) -> None:
    index = Index(archive)
    index.refresh()
    client = visit(archive, index)
    archive.write_waveform(archive.episode(f"{SHOW}/{STREET}"), bytes(range(240)))
    page = client.get(f"{PAGE}?q=lampadaire").text
    assert "1 passage pour «\u00a0lampadaire\u00a0»" in page
    assert "<mark>lampadaires</mark>" in page
    assert re.findall(rf'href="({PAGE}\?t=[\d.]+&amp;q=lampadaire#t)" data-start', page)
    assert page.count('class="hit"') == 1
    assert 'value="lampadaire"' in page
    nothing = client.get(f"{PAGE}?q=chaussette").text
    assert "n’a pas été trouvé" in nothing
    assert 'class="hit"' not in nothing


def test_a_search_that_fails_hides_no_episode(index: Canned, client: FlaskClient) -> None:
    index.answer = SearchError("broken")
    assert "<audio" in client.get(f"{PAGE}?q=micro").text


def test_the_waveform_shows_chapters(archive: Archive, client: FlaskClient) -> None:
    assert 'd="M0 32h960"' in client.get(PAGE).text
    chapters = (Chapter(0.0, "Un"), Chapter(31.4, "Deux"))
    make_episode(archive, STREET, "Les micros", chapters=chapters)
    archive.write_waveform(archive.episode(f"{SHOW}/{STREET}"), bytes([0, 128, 255, 3]))
    page = client.get(PAGE).text
    assert re.findall(r'class="chapter" d="M([\d.]+)', page) == ["0.0", "480.0"]
    assert 'aria-hidden="true"' in page
    assert 'd="M120 30v4M360 16v32M600 0v64M840 30v4"' in page


def test_music_parts_a_paragraph(archive: Archive, client: FlaskClient) -> None:
    cues = [Cue(at, at + 0.5, f"Mot {at}.") for at in range(10)]
    write_transcript(archive, MEMORY, cues)
    assert client.get(f"/shows/{SHOW}/{MEMORY}").text.count('class="paragraph"') == 1
    write_evidence(archive, MEMORY, Region(2.2, 9.0, "music"))  # a person moved the cues
    page = client.get(f"/shows/{SHOW}/{MEMORY}").text
    assert page.count('class="paragraph"') == 2
    assert re.findall(r'id="c(\d+)"', page) == [str(number) for number in range(1, 11)]
    assert page.index("Mot 5") < page.index("♪") < page.index("Mot 6")


def test_music_is_marked_where_nobody_speaks(archive: Archive, client: FlaskClient) -> None:
    write_transcript(archive, CITY, (), **MACHINE)
    write_evidence(archive, CITY, Region(0.0, 62.8, "music"))
    page = client.get(f"/shows/{SHOW}/{CITY}").text
    assert "Aucune parole" in page
    assert "Choisissez une phrase" not in page
    assert '<a class="time" href="?t=0#m1" data-start="0">0:00</a>' in page
    assert "♪ musique <span>(1:02)</span>" in page


def test_evidence_that_cannot_be_read_costs_its_marks_only(
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
    archive.evidence_path(f"{SHOW}/{STREET}").unlink()
    assert "♪" not in client.get(PAGE).text


def test_a_transcription_under_way_says_how_far_it_is(
    archive: Archive, client: FlaskClient
) -> None:
    path = archive.checkpoint_path(f"{SHOW}/{CITY}")
    fresh = Checkpoint("00", "engine", "11", "fr", "")
    save(path, dataclasses.replace(fresh, reached=round(15.7 * RATE), spent=60.0))
    page = client.get(f"/shows/{SHOW}/{CITY}")
    assert "Transcription en cours 25 % faits, encore 3 min environ." in text(page)
    assert 'value="0.25"' in page.text
    assert "n’a pas encore de transcription" not in text(page)
    write_transcript(archive, CITY, CUES, **MACHINE)
    assert "Ce qui est prêt se lit déjà" in text(client.get(f"/shows/{SHOW}/{CITY}"))
    assert "Being transcribed 25% done" in text(client.get(f"/shows/{SHOW}/{CITY}?lang=en"))
    path.unlink()
    assert "en cours" not in text(client.get(f"/shows/{SHOW}/{CITY}"))


def test_an_episode_names_others_that_speak_of_the_same(archive: Archive) -> None:
    canned = Canned()
    assert "Ailleurs" not in visit(archive, canned).get(PAGE).text
    canned.alike = FOUND.episodes
    page = visit(archive, canned).get(PAGE).text
    assert "Ailleurs, on en parle aussi" in page
    assert "<mark>Radio</mark>" in page


def test_an_episode_leads_to_its_neighbours_people_tags_and_links(
    archive: Archive, client: FlaskClient
) -> None:
    make_episode(archive, "2024-01-10-avant", "Avant")
    make_episode(archive, "2024-01-12-retire", "Retiré", status="withdrawn", reason="x")
    links = (
        Link("https://example.org/a?b&c", "Un article"),
        Link("javascript:alert(1)", "Un piège"),
        Link("http://example.org/", ""),
    )
    chapters = (Chapter(0.0, "Début"), Chapter(31.5, "Suite <b>"))
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.write_episode(
        dataclasses.replace(
            episode,
            people=(Person("Camille Durand", "animation"),),
            tags=("radios libres",),
            links=links,
            chapters=chapters,
            playlist=("Un morceau",),
        )
    )
    page = client.get(PAGE)
    assert f'href="/shows/{SHOW}/2024-01-10-avant" rel="prev"' in page.text
    assert "Retiré" not in page.text
    assert 'href="https://example.org/a?b&amp;c" rel="noreferrer">Un article' in page.text
    assert "javascript:" not in page.text
    assert "/people?name=Camille+Durand" in page.text
    assert "/themes?name=radios+libres" in page.text
    shown = text(page)
    assert "0:31 Suite &lt;b&gt;" in shown
    assert "Un morceau" in shown


def test_a_long_text_that_was_compressed_before_arrives_whole(
    archive: Archive, client: FlaskClient
) -> None:
    said = [Cue(n / 50, (n + 1) / 50, f"La phrase {n}, « dite » à 12 h.") for n in range(3000)]
    write_transcript(archive, MEMORY, said, status="reread")
    for asked in ("", "?t=0", "?t=33.5", "?t=60", ""):
        path = f"/shows/{SHOW}/{MEMORY}{asked}"
        plain = client.get(path)
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.data) < len(plain.data) / 4
        assert gzip.decompress(packed.data) == plain.data
