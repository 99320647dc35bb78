"""Queries that say in other words what is said in the sample shows; written before any score.

`NEAR` avoids the words of the sentences it wants. `FAR` asks for what none of these shows is about.
"""

from typing import NamedTuple

from bench.shows import SampleShow, shows
from radio.archive import Archive
from radio.archive.episode import Show
from radio.text.transcript import Cue
from tests.search.episodes import write


class Wanted(NamedTuple):
    """A query, and parts of the sentences that answer it: one of them is enough."""

    query: str
    sentences: tuple[str, ...]


NEAR = [
    Wanted("travailler de force, comme une marchandise", ("esclavage ni en servitude",)),
    Wanted("supplices infligés aux prisonniers", ("soumis à la torture",)),
    Wanted("être incarcéré sans motif", ("arbitrairement arrêté",)),
    Wanted("un juge neutre et une audience équilibrée", ("tribunal indépendant et impartial",)),
    Wanted("ne pas passer pour un criminel avant le verdict", ("présumée innocente",)),
    Wanted("le secret des lettres et l’intimité du foyer", ("immixtions arbitraires",)),
    Wanted("déménager où l’on veut", ("circuler librement",)),
    Wanted("les réfugiés qui fuient la violence", ("chercher asile",)),
    Wanted(
        "les apatrides et leur passeport", ("droit à une nationalité", "privé de sa nationalité")
    ),
    Wanted("croire en Dieu ou être athée", ("de conscience et de religion",)),
    Wanted("dire ce qu’on croit sans être puni", ("liberté d'opinion et d'expression",)),
    Wanted(
        "adhérer à un syndicat, ou refuser",
        ("d'association pacifiques", "partie d'une association"),
    ),
    Wanted("ne pas discriminer les étrangers ni les femmes", ("sans distinction aucune",)),
    Wanted(
        "durée de conservation des enregistrements vidéo",
        ("combien de temps sont-elles gardées", "un mois au maximum"),
    ),
    Wanted("survol des cortèges par des engins volants", ("drones filment les manifestations",)),
    Wanted("combien la commune dépense pour cet équipement", ("dizaines de milliers d'euros",)),
    Wanted(
        "est-ce efficace contre les vols et les agressions",
        ("baisser la délinquance", "études disponibles"),
    ),
    Wanted("la plus haute juridiction administrative a tranché", ("Conseil d'État",)),
    Wanted("cours de sécurité informatique pour débutants", ("autodéfense numérique",)),
    Wanted("défilé de protestation ce week-end", ("marche contre les lois",)),
    Wanted("film et discussion au local des syndicats", ("projection suivie d'un débat",)),
    Wanted("peu d’affaires élucidées grâce aux vidéos", ("enquête sur cent",)),
    Wanted("les mêmes règles pour les riches et les pauvres", ("égaux devant la loi",)),
    Wanted("porter plainte quand l’administration abuse", ("recours effectif",)),
    Wanted(
        "des oreilles électroniques sur les trottoirs", ("capteurs sonores", "micros dans la rue")
    ),
    Wanted("bruit suspect signalé automatiquement aux agents", ("une alerte partait",)),
    Wanted("la population n’a pas eu son mot à dire", ("n'avaient pas été consultés",)),
    Wanted("le gendarme des fichiers juge le dispositif hors la loi", ("projet était illégal",)),
    Wanted("les vendeurs de technologie persistent", ("n'ont pas renoncé",)),
    Wanted("benne à ordures connectée, éclairage automatique", ("poubelles qui appellent",)),
    Wanted(
        "que deviennent les informations récoltées",
        ("ces données, où vont-elles", "sur une plateforme", "collecte des données"),
    ),
    Wanted("s’organiser avec les gens de son immeuble", ("se réunir entre voisins",)),
    Wanted(
        "conserver le patrimoine sonore d’une station",
        ("il faut une archive", "Une archive, ce n'est pas"),
    ),
    Wanted("retrouver une citation précise et son instant", ("réécouter la phrase exacte",)),
    Wanted("reconnaissance vocale locale, hors ligne", ("transcription se fait ici",)),
    Wanted(
        "le site n’espionne pas ses visiteurs",
        ("Personne ne sait ce que vous écoutez", "pas de traceur"),
    ),
    Wanted("prêter des bandes magnétiques anciennes", ("vieilles cassettes",)),
    Wanted("une vendeuse de primeurs", ("étal de légumes",)),
    Wanted("mesurer l’affluence avec un capteur", ("comptage des flux", "repère les téléphones")),
    Wanted(
        "pister les badauds grâce à leur mobile",
        ("repère les téléphones", "identifiant de téléphone"),
    ),
    Wanted(
        "l’avocat et le droit des renseignements nominatifs",
        ("qui est juriste", "donnée personnelle"),
    ),
    Wanted("consentement des passants", ("accord de chaque personne",)),
    Wanted("galeries marchandes rappelées à l’ordre", ("centres commerciaux",)),
    Wanted("le vote des élus oublie l’intimité", ("délibération du conseil municipal",)),
    Wanted(
        "courrier type pour réclamer ses informations", ("modèle de lettre", "Une lettre simple")
    ),
    Wanted("rendre son smartphone plus propre", ("nettoyer son téléphone",)),
    Wanted("balade pour repérer la vidéosurveillance", ("promenade sous les caméras",)),
    Wanted(
        "biométrie pour le déjeuner des écoliers",
        ("avec la paume de la main", "pose la main sur un lecteur"),
    ),
    Wanted("autorisation demandée aux parents", ("cocher une case",)),
    Wanted("un appareil souvent hors service", ("tombe en panne",)),
    Wanted("attente interminable à midi", ("prend vingt minutes", "soixante gamins")),
    Wanted("le budget annuel de l’équipement", ("Douze mille euros",)),
    Wanted(
        "le boycott collectif a réussi",
        ("ont refusé de cocher", "on refuse ensemble", "On a gagné un peu"),
    ),
    Wanted("le menu du réfectoire en fin de semaine", ("c’est couscous",)),
    Wanted("des objectifs dans chaque wagon", ("six caméras pour une seule voiture",)),
    Wanted("les passagers somnolent", ("La plupart dorment",)),
    Wanted("contrat remporté par un consortium industriel", ("marché public a été attribué",)),
    Wanted(
        "préférer une présence humaine à la station",
        ("Une personne, pas une caméra", "quelqu’un sur le quai"),
    ),
    Wanted("disparition des points de vente de billets", ("guichet de Firminy",)),
    Wanted(
        "toujours sans réponse après une requête d’accès",
        ("J’attends depuis", "demander ses propres images"),
    ),
]

FAR = [
    "recette de la tarte tatin",
    "résultats de la ligue des champions",
    "comment tailler un rosier",
    "les anneaux de Saturne",
    "dinosaures du crétacé",
    "apprendre le violoncelle",
    "vaccin contre la rougeole",
    "prix du baril de pétrole",
    "randonnée dans les Pyrénées",
    "tricoter une écharpe en laine",
    "la reproduction des saumons",
    "la vie de Cléopâtre",
    "régime sans gluten",
    "critique du dernier album de jazz",
    "plongée sous-marine à Madagascar",
    "réparer un moteur diesel",
    "théorème de Pythagore",
    "maladie des oliviers",
    "les châteaux de la Loire",
    "élevage des abeilles",
]


def write_shows(archive: Archive) -> None:
    """Write the seven sample shows as episodes, each with its exact text."""
    archive.create()
    archive.write_show(Show("quartier", "Les émissions d’exemple"))
    for number, show in enumerate(shows(), 1):
        write(archive, f"2024-01-{number:02}-exemple", show.name, _cues(show))


def _cues(show: SampleShow) -> tuple[Cue, ...]:
    return tuple(Cue(each["start"], each["end"], each["text"]) for each in show.speech)
