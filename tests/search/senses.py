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


SAID = """
travailler de force, comme une marchandise | esclavage ni en servitude
supplices infligés aux prisonniers | soumis à la torture
être incarcéré sans motif | arbitrairement arrêté
un juge neutre et une audience équilibrée | tribunal indépendant et impartial
ne pas passer pour un criminel avant le verdict | présumée innocente
le secret des lettres et l’intimité du foyer | immixtions arbitraires
déménager où l’on veut | circuler librement
les réfugiés qui fuient la violence | chercher asile
les apatrides et leur passeport | droit à une nationalité | privé de sa nationalité
croire en Dieu ou être athée | de conscience et de religion
dire ce qu’on croit sans être puni | liberté d'opinion et d'expression
adhérer à un syndicat, ou refuser | d'association pacifiques | partie d'une association
ne pas discriminer les étrangers ni les femmes | sans distinction aucune
durée de conservation des enregistrements vidéo | temps sont-elles gardées | un mois au maximum
survol des cortèges par des engins volants | drones filment les manifestations
combien la commune dépense pour cet équipement | dizaines de milliers d'euros
est-ce efficace contre les vols et les agressions | baisser la délinquance | études disponibles
la plus haute juridiction administrative a tranché | Conseil d'État
cours de sécurité informatique pour débutants | autodéfense numérique
défilé de protestation ce week-end | marche contre les lois
film et discussion au local des syndicats | projection suivie d'un débat
peu d’affaires élucidées grâce aux vidéos | enquête sur cent
les mêmes règles pour les riches et les pauvres | égaux devant la loi
porter plainte quand l’administration abuse | recours effectif
des oreilles électroniques sur les trottoirs | capteurs sonores | micros dans la rue
bruit suspect signalé automatiquement aux agents | une alerte partait
la population n’a pas eu son mot à dire | n'avaient pas été consultés
le gendarme des fichiers juge le dispositif hors la loi | projet était illégal
les vendeurs de technologie persistent | n'ont pas renoncé
benne à ordures connectée, éclairage automatique | poubelles qui appellent
que deviennent les informations récoltées | où vont-elles | une plateforme | collecte des données
s’organiser avec les gens de son immeuble | se réunir entre voisins
conserver le patrimoine sonore d’une station | il faut une archive | Une archive, ce n'est pas
retrouver une citation précise et son instant | réécouter la phrase exacte
reconnaissance vocale locale, hors ligne | transcription se fait ici
le site n’espionne pas ses visiteurs | Personne ne sait ce que vous écoutez | pas de traceur
prêter des bandes magnétiques anciennes | vieilles cassettes
une vendeuse de primeurs | étal de légumes
mesurer l’affluence avec un capteur | comptage des flux | repère les téléphones
pister les badauds grâce à leur mobile | repère les téléphones | identifiant de téléphone
l’avocat et le droit des renseignements nominatifs | qui est juriste | donnée personnelle
consentement des passants | accord de chaque personne
galeries marchandes rappelées à l’ordre | centres commerciaux
le vote des élus oublie l’intimité | délibération du conseil municipal
courrier type pour réclamer ses informations | modèle de lettre | Une lettre simple
rendre son smartphone plus propre | nettoyer son téléphone
balade pour repérer la vidéosurveillance | promenade sous les caméras
biométrie pour le déjeuner des écoliers | avec la paume de la main | pose la main sur un lecteur
autorisation demandée aux parents | cocher une case
un appareil souvent hors service | tombe en panne
attente interminable à midi | prend vingt minutes | soixante gamins
le budget annuel de l’équipement | Douze mille euros
le boycott collectif a réussi | ont refusé de cocher | on refuse ensemble | On a gagné un peu
le menu du réfectoire en fin de semaine | c’est couscous
des objectifs dans chaque wagon | six caméras pour une seule voiture
les passagers somnolent | La plupart dorment
contrat remporté par un consortium industriel | marché public a été attribué
préférer une présence humaine à la station | Une personne, pas une caméra | quelqu’un sur le quai
disparition des points de vente de billets | guichet de Firminy
toujours sans réponse après une requête d’accès | J’attends depuis | demander ses propres images
"""
ROWS = (line.split(" | ") for line in SAID.strip().splitlines())
NEAR = [Wanted(query, tuple(sentences)) for query, *sentences in ROWS]

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
