"""Plausible talk of French radios, and the passage that one would want first for each query.

The queries were written before the order was worked on: on the sample shows as they were spoken,
and on twenty episodes of four other shows (tests/data/talk), with their jingles, credits, agendas
and near misses. They are cut into cues as transcripts are.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bench.shows import DATA, shows
from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Person, Show
from radio.search import Index
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, Word, render_vtt
from radio.transcribe.cues import cut_cues

PACE = 0.38  # seconds for a word
DEEPEST = 30  # passages that one reads at most
BENCH, MICROS, CITY = (
    "2024-01-01-emission-de-mesure",
    "2024-01-16-les-micros-de-la-rue",
    "2024-02-20-la-ville-intelligente",
)
MEMORY, MARKET = "2024-03-19-garder-la-memoire", "2025-10-07-le-marche-couvert"
PALM, RAILS = "2025-11-04-la-paume-a-la-cantine", "2025-12-02-chronique-des-rails"
SAMPLES = {
    BENCH: "Émission de mesure",
    MICROS: "Les micros de la rue",
    CITY: "La ville intelligente",
    MEMORY: "Garder la mémoire",
    MARKET: "Le marché couvert",
    PALM: "La paume à la cantine",
    RAILS: "Chronique des rails",
}


class Wanted(NamedTuple):
    """What one would want first: words that its quotation holds, in an episode."""

    query: str
    slug: str
    words: str


ASKED = """
capteurs sonores | 2024-01-16-les-micros-de-la-rue | une vingtaine de capteurs sonores
CNIL illégal | 2024-01-16-les-micros-de-la-rue | La CNIL a répondu que le projet était illégal
vieilles cassettes | 2024-03-19-garder-la-memoire | de vieilles cassettes de nos émissions
images des caméras | 2024-02-20-la-ville-intelligente | On y trouve les images des caméras
paume de la main | 2025-11-04-la-paume-a-la-cantine | à la cantine avec la paume de la main
six caméras dans le train | chronique-des-rails | j’ai compté six caméras pour une seule voiture
guichet de Firminy | 2025-12-02-chronique-des-rails | Le guichet de Firminy a fermé il y a trois ans
modèle de lettre | 2025-10-07-le-marche-couvert | On a préparé un modèle de lettre
téléphones qui passent | 2025-10-07-le-marche-couvert | elle repère les téléphones qui passent
combien coûte une caméra ? | 2024-01-01-emission-de-mesure | Une caméra installée revient à
drones manifestations | 2024-01-01-emission-de-mesure | Les drones filment les manifestations
droit d’asile | 2024-01-01-emission-de-mesure | a le droit de chercher asile
liberté de réunion | 2024-01-01-emission-de-mesure | droit à la liberté de réunion
reconnaissance faciale | 2021-02-09-les-yeux-du-lycee | la reconnaissance faciale
tribunal lycée | 2021-02-09-les-yeux-du-lycee | saisi le tribunal
cassette | 2022-05-20-synthe-dans-la-cave | sortira sur cassette
drones | 2021-05-18-des-drones-et-des-balcons | drone de la préfecture
rue Lacombe | 2022-03-22-la-camera-de-la-rue-lacombe | Rue Lacombe, donc
nombre de caméras dans la ville | la-camera-de-la-rue-lacombe | J’ai compté les caméras de la ville
algorithme allocations | trier-les-allocataires | une note entre zéro et un que l’algorithme donne
vidéosurveillance algorithmique | algorithmique | la vidéosurveillance algorithmique pendant
code du téléphone | 2024-01-23-le-telephone-en-garde-a-vue | le code de votre téléphone
empreintes | 2024-01-23-le-telephone-en-garde-a-vue | Refuser ses empreintes
buffet de la gare | 2020-10-01-la-gare-et-son-buffet | je suis au buffet de la gare
horloge | 2020-10-01-la-gare-et-son-buffet | sous l’horloge
marché place Carnot | marche-de-la-place-carnot | on est sur la place Carnot, c’est jour de marché
marché public | 2021-09-16-le-marche-de-la-place-carnot | Le marché public des travaux
Beaubrun loyers | 2022-01-27-les-loyers-de-beaubrun | Son loyer vient de prendre
police de caractères | 2022-10-13-la-police-d-ecriture | Une police de caractères
caisse de grève | 2023-02-02-retraites-le-piquet | La caisse de grève a récolté
menu de la cantine | 2024-04-18-cantine-sans-viande | ne sert plus de viande
tomates gel | 2021-04-07-les-tomates-et-le-gel | mes tomates sont devenues
compost qui sent mauvais | 2021-11-24-le-compost-de-l-immeuble | Un compost qui sent mauvais
arroser les tomates | 2022-06-15-l-eau-du-puits | Pour vos tomates, arrosez
grève | 2023-02-02-retraites-le-piquet | au piquet de grève
frelon asiatique | 2023-03-08-les-abeilles-du-toit | Le frelon asiatique est arrivé
disque des mineurs | les-disques-de-la-mine | L’harmonie des mineurs a enregistré trois disques
Sylvaine Roux | 2023-10-27-quarante-ans-de-radio-libre | était là le premier soir
radios libres | 2023-10-27-quarante-ans-de-radio-libre | les radios libres étaient encore interdites
chorale caméras | 2024-03-15-la-chorale-des-cameras | Une chorale chante sous les caméras
"""
WANTED = tuple(Wanted(*line.split(" | ")) for line in ASKED.strip().splitlines())
"""On the sample shows first, then on four other shows; a slug may lack its day."""


def rank(index: Index, wanted: Wanted) -> int:
    """Count the passages of a page down to the wanted one, read from top to bottom; 0 if none."""
    quoted = [
        (episode.key, "".join(text for text, _ in hit.snippet))
        for episode in index.search(wanted.query).episodes
        for hit in episode.hits
    ]
    for place, (key, text) in enumerate(quoted[:DEEPEST], 1):
        if key.endswith(wanted.slug) and wanted.words in text.replace("'", "’"):
            return place
    return 0


def write_talk(archive: Archive) -> None:
    """Write the archive that the queries ask."""
    archive.create()
    for path in sorted((DATA / "talk").glob("*.txt")):
        title, *parts = path.read_text(encoding="utf-8").strip().split("\n\n# ")
        archive.write_show(Show(path.stem, title))
        for part in parts:
            head, *sentences = part.splitlines()
            slug, name, people, tags = (each.strip() for each in head.split("|"))
            persons, own_tags = tuple(map(Person, people.split(", "))), tuple(tags.split(", "))
            cues = list(_paced(" ".join(sentences)))
            _write(archive, f"{path.stem}/{slug}", name, cues, people=persons, tags=own_tags)
    for each in shows():
        archive.write_show(Show(each.group, each.group.title()))
        slug = each.sound.stem if each.group != "bench" else BENCH
        cues = [cue for region in each.speech for cue in _spoken(region)]
        _write(archive, f"{each.group}/{slug}", SAMPLES[slug], cues)


def talks() -> Iterator[str]:
    """Give what is said in each episode of tests/data/talk."""
    for path in sorted((DATA / "talk").glob("*.txt")):
        for part in path.read_text(encoding="utf-8").split("\n\n# ")[1:]:
            yield " ".join(part.splitlines()[1:])


def _paced(text: str, start: float = 0.0, pace: float = PACE) -> Iterator[Cue]:
    """Cut a text into cues, each word lasting `pace` seconds."""
    parts = enumerate(text.split())
    return cut_cues(Word(start + n * pace, start + (n + 1) * pace, part, 1.0) for n, part in parts)


def _spoken(region: Mapping[str, Any]) -> Iterator[Cue]:
    start, text = float(region["start"]), str(region["text"])
    return _paced(text, start, (float(region["end"]) - start) / len(text.split()))


def _write(archive: Archive, key: str, title: str, cues: Sequence[Cue], **more: object) -> None:
    show, slug = key.split("/")
    audio = Audio(f"{slug}.mp3", "0" * 64, 1, "audio/mpeg", cues[-1].end)
    episode = Episode(show, slug, title, dt.date.fromisoformat(slug[:10]), audio, slug)
    archive.write_episode(dataclasses.replace(episode, **more))  # type: ignore[arg-type]
    write_whole(archive.vtt_path(key), render_vtt(Transcript(tuple(cues))).encode())
