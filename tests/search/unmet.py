"""Queries that nothing meets whole, and what they should find; written before the search did."""

from typing import NamedTuple

from radio.archive import Archive
from radio.archive.episode import Person, Show
from tests.search.episodes import SHOW, put

CAMERAS, LOGEMENT, FANFARE = "2024-03-05-cameras", "2023-11-14-loger", "2022-06-21-fanfare"
PARCOURSUP, MASQUES, POLICE = "2021-02-02-parcoursup", "2020-05-19-masques", "2019-09-10-police"
JARDINS, URGENCES = "2018-04-03-jardins", "2025-01-15-urgences"

CORPUS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {  # title, person, tag, what is said
    CAMERAS: (
        "Des yeux dans la rue",
        "Camille Dupont",
        "vidéosurveillance",
        (
            "La reconnaissance faciale arrive dans les gares.",
            "Le préfet a signé un arrêté pour ses drones.",
            "Les caméras filment la place du marché.",
        ),
    ),
    LOGEMENT: (
        "Se loger à Saint-Étienne",
        "Noé Martin",
        "logement",
        (
            "Les loyers augmentent dans le quartier Beaubrun.",
            "Une assemblée de locataires occupe la mairie.",
        ),
    ),
    FANFARE: (
        "Le soir de la fête",
        "Inès Belkacem",
        "musique",
        ("Un concert de rap sur la place.", "La fanfare joue toute la nuit."),
    ),
    PARCOURSUP: (
        "Parcoursup à la loupe",
        "Camille Dupont",
        "algorithmes",
        (
            "Un algorithme trie les dossiers des lycéens.",
            "Les enseignants déposent un recours au tribunal.",
        ),
    ),
    MASQUES: (
        "Un printemps confiné",
        "Noé Martin",
        "santé",
        (
            "Les couturières cousent des masques pour l’hôpital.",
            "La police contrôle les attestations.",
        ),
    ),
    POLICE: (
        "Le fichier et la gare",
        "Inès Belkacem",
        "police",
        (
            "On fiche des militants dans le fichier du renseignement.",
            "Une grève des cheminots bloque les trains.",
        ),
    ),
    JARDINS: (
        "Jardins partagés",
        "Gaston Oulié",
        "écologie",
        ("On sème des tomates et des courges.", "Le compost nourrit la terre."),
    ),
    URGENCES: (
        "Une nuit aux urgences",
        "Gaston Oulié",
        "santé",
        (
            "Une infirmière raconte ses gardes.",
            "Le budget de l’hôpital baisse encore.",
        ),
    ),
}


class Expected(NamedTuple):
    """What a query should find."""

    query: str
    first: str  # the episode that comes first; nothing where there is none
    without: tuple[str, ...] = ()  # the words that are left out, as typed


WHOLE = [
    Expected("reconnaissance faciale", CAMERAS),
    Expected("masques hôpital", MASQUES),
    Expected("fanfare", FANFARE),
]
LEFT_OUT = [
    Expected("reconnaissance faciale gares licorne", CAMERAS, ("licorne",)),
    Expected("drones licorne", CAMERAS, ("licorne",)),
    Expected("licorne drones", CAMERAS, ("licorne",)),
    Expected("fanfare zinzolin nuit", FANFARE, ("zinzolin",)),
    Expected("zinzolin fanfare hippogriffe", FANFARE, ("zinzolin", "hippogriffe")),
    # The rarest words first.
    Expected("tomates place", JARDINS, ("place",)),
    Expected("place tomates", JARDINS, ("place",)),
    Expected("hôpital compost", JARDINS, ("hôpital",)),
    Expected("santé cheminots", POLICE, ("santé",)),
    # Most words, though others are rarer.
    Expected("caméras place tomates", CAMERAS, ("tomates",)),
    Expected("tomates attestations masques", MASQUES, ("tomates",)),
    Expected("recours tribunal lycéens fanfare", PARCOURSUP, ("fanfare",)),
    # Filters and exclusions stay.
    Expected("drones licorne avant:2025", CAMERAS, ("licorne",)),
    Expected('fanfare licorne mot-clé:"musique"', FANFARE, ("licorne",)),
    Expected("hôpital licorne -masques", URGENCES, ("licorne",)),
    Expected("drones licorne personne:noé", ""),
    # Phrases, beginnings, alternatives, compounds.
    Expected('"reconnaissance faciale" licorne', CAMERAS, ("licorne",)),
    Expected("attest* licorne", MASQUES, ("licorne",)),
    Expected("loyers licorne OU dragon", LOGEMENT, ("licorne", "dragon")),
    Expected("arc-en-ciel compost", JARDINS, ("arc-en-ciel",)),
    # Too much said.
    Expected("le compost nourrit les petites bêtes", JARDINS, ("petites", "bêtes")),
]
TITLE_AND_TALK = [
    Expected("l’algorithme de Parcoursup trie nos gamins", PARCOURSUP, ("gamins",)),
]
QUESTIONS = [
    ("qui a parlé de reconnaissance faciale ?", "reconnaissance faciale", CAMERAS),
    ("Qui parle des drones ?", "drones", CAMERAS),
    ("où parle-t-on de compost ?", "compost", JARDINS),
    ("comment coudre des masques ?", "coudre des masques", MASQUES),
    ("quand jouent les fanfares ?", "jouent les fanfares", FANFARE),
    ("pourquoi les loyers augmentent ?", "les loyers augmentent", LOGEMENT),
    ("est-ce que la police contrôle ?", "la police contrôle", MASQUES),
    ("est-ce qu’on parle de fanfare ?", "fanfare", FANFARE),
    ("c’est quoi Parcoursup ?", "Parcoursup", PARCOURSUP),
    ("c'est quoi un algorithme", "un algorithme", PARCOURSUP),
    ("qu’est-ce que Parcoursup ?", "Parcoursup", PARCOURSUP),
    ("Qu'est-ce que c'est que le compost ?", "le compost", JARDINS),
    ("parle-t-on de logement ?", "logement", LOGEMENT),
    ("parlez-vous de tomates", "tomates", JARDINS),
    ("les épisodes sur les urgences", "les urgences", URGENCES),
    ("épisodes qui parlent de rap", "rap", FANFARE),
    ("une émission sur la grève", "la grève", POLICE),
    ("dans quel épisode parle-t-on des locataires ?", "locataires", LOGEMENT),
    ("quel épisode parle d’infirmières ?", "infirmières", URGENCES),
    ("y a-t-il un épisode sur les courges ?", "les courges", JARDINS),
    ("qui a parlé de « drones » avant:2025", "« drones » avant:2025", CAMERAS),
    ("combien de tomates ?", "tomates", JARDINS),
    ("à quoi sert le compost ?", "le compost", JARDINS),
    ("les drones, ça sert à quoi ?", "les drones", CAMERAS),
    ("ils ont dit quoi sur la grève ?", "la grève", POLICE),
    ("who talked about drones?", "drones", CAMERAS),
    ("where do they talk about compost?", "compost", JARDINS),
    ("what is Parcoursup?", "Parcoursup", PARCOURSUP),
    ("episodes about rap", "rap", FANFARE),
]
NO_QUESTIONS = ["qui", "où", "comment", "la place", "quand la nuit", "le comment du pourquoi"]
ENGLISH = [  # words that are no French, and French ones to try
    ("facial recognition", "reconnaissance faciale"),
    ("housing", "logement"),
    ("strike", "grève"),
    ("hospital nurses", "infirmière"),
    ("who talked about surveillance cameras and privacy?", "vie privée"),
]


def write_corpus(archive: Archive) -> None:
    archive.create()
    archive.write_show(Show(SHOW, "La Machine à découdre"))
    for slug, (title, person, tag, said) in CORPUS.items():
        put(archive, slug, *said, title=title, people=(Person(person),), tags=(tag,))
