"""French as people speak and type it: each word of a pair finds the other, through a real index."""

import datetime as dt
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.disk import write_whole
from radio.episode import Audio, Episode, Show
from radio.search import Index
from radio.transcript import Cue, Transcript, render_vtt

FOUND = """
caméra / caméras                     camera / caméras                  cameras / caméra
journal / journaux                   travail / travaux                 cheval / chevaux
municipal / municipaux               local / locaux                    hopitaux / hôpital
bateau / bateaux                     genou / genoux                    vitrail / vitraux
école / l'école                      ecoles / L’école                  amour / d’amour
ici / jusqu’ici                      élection / qu'élections           presqu'île / presqu’île
aujourd'hui / aujourd’hui            aujourdhui / aujourd’hui          prud'homme / prud’hommes
œil / yeux                           oeil / yeux                       œuvre / oeuvre
oeuvres / œuvre                      cœur / coeurs                     soeur / sœurs
Saint-Étienne / saint-etienne        saint etienne / Saint-Étienne     Saint-Étienne / saint étienne
vidéo-surveillance / vidéosurveillance   videosurveillance / vidéo-surveillance
heureux / heureuse                   directeur / directrice            acteur / actrices
chanteur / chanteuse                 nouveau / nouvelles               beau / belle
actif / active                       blanc / blanche                   fou / folle
vieux / vieille                      policier / policières             lycéen / lycéennes
étudiant / étudiante                 français / francaises             public / publique
surveiller / surveillent             surveiller / surveillance         surveillé / surveille
voir / verra                         aller / iront                     venir / viendra
prendre / prennent                   pouvoir / peuvent                 vouloir / veulent
tenir / tiennent                     mettre / mis                      écrire / écrit
lire / lu                            boire / bu                        finir / finissent
courir / couru                       mourir / mort                     naître / né
travailler / travaillaient           manifester / manifestaient        envoyer / enverra
reconnaissance / reconnaissances     lampadaire / LAMPADAIRES          noel / Noël
monsieur / messieurs                 ciel / cieux                      élu / élues
"""
PAIRS = [
    tuple(word.strip() for word in pair.split("/"))
    for line in FOUND.strip().splitlines()
    for pair in line.split("   ")
    if pair.strip()
]
KEPT_APART = [
    ("cour", "cœur"),
    ("âge", "agir"),
    ("école", "écologie"),
    ("ville", "vie"),
    ("caméra", "camarade"),
    ("été", "sommes"),
    ("voir", "voix"),
    ("livre", "ivre"),
    ("travail", "travers"),
    ("maire", "mer"),
    ("chat", "chanter"),
    ("nation", "natation"),
    ("organe", "organisation"),
    ("général", "généreux"),
    ("policier", "police"),
    ("mais", "maison"),
    ("chaud", "chausson"),
    ("animal", "animateur"),
    ("pain", "peine"),
    ("hui", "aujourd'hui"),
    ("rendez-vous", "rendez"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """One episode for each word of the tables, in which it is said once."""
    archive = Archive(Path(tmp_path_factory.mktemp("french")))
    archive.create()
    archive.write_show(Show("mots", "Mots"))
    for number, word in enumerate(all_words()):
        slug = f"e{number}"
        audio = Audio(f"{slug}.mp3", "0" * 64, 1, "audio/mpeg", 60.0)
        episode = Episode("mots", slug, "§", dt.date(2024, 1, 1), audio, slug)
        archive.write_episode(episode)
        cues = (Cue(0.0, 4.0, f"Alors ({word}), voilà."),)
        write_whole(archive.vtt_path(episode.key), render_vtt(Transcript(cues)).encode())
    index = Index(archive)
    index.refresh()
    return index


def all_words() -> list[str]:
    return sorted({word for pair in PAIRS + KEPT_APART for word in pair})


def found(index: Index, query: str) -> set[str]:
    said = all_words()
    pages = range(1, index.search(query).pages + 1)
    hits = [each for page in pages for each in index.search(query, page=page).episodes]
    assert all(each.hits for each in hits), "what is found is marked"
    return {said[int(each.key.removeprefix("mots/e"))] for each in hits}


def test_the_table_is_long_enough() -> None:
    assert len(PAIRS) > 60
    assert all(len(pair) == 2 for pair in PAIRS)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_each_finds_the_other(index: Index, one: str, other: str) -> None:
    assert {one, other} <= found(index, one)
    assert {one, other} <= found(index, other)


@pytest.mark.parametrize(("one", "other"), KEPT_APART)
def test_neither_finds_the_other(index: Index, one: str, other: str) -> None:
    assert other not in found(index, one)
    if one != "rendez-vous":  # a compound is found by a part of it
        assert one not in found(index, other)


@pytest.mark.parametrize("query", ["e\u0301cole", "ÉCOLE", "« école »", "«l’école»", '"ECOLE"'])
def test_spellings_of_a_query(index: Index, query: str) -> None:
    assert "l'école" in found(index, query)
