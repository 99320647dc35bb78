"""Questions as people type and speak them: each is asked by its words."""

from radio.search.questions import asked
from tests.search.said import pairs

QUESTIONS = pairs("""
combien coûte une caméra ? / coûte une caméra
combien de caméras à Saint-Étienne ? / caméras à Saint-Étienne
combien y a-t-il de caméras ? / caméras
combien ça coûte la vidéosurveillance ? / coûte la vidéosurveillance
est-ce que la police fiche ? / la police fiche   est ce que les drones volent / les drones volent
qu'est-ce que la VSA ? / la VSA   qu'est ce que la VSA / la VSA   c'est quoi la VSA / la VSA
c quoi la VSA ? / la VSA   la VSA c'est quoi ? / la VSA   la VSA, c'est quoi ? / la VSA
qu'est-ce qui se passe à Sainte-Soline ? / à Sainte-Soline
qui contrôle les caméras ? / contrôle les caméras   qui a inventé le taser / inventé le taser
qui est Camille Dupont ? / Camille Dupont   qui sont les gilets jaunes ? / les gilets jaunes
où sont les caméras ? / les caméras   où se trouve la prison ? / la prison
d'où vient le mot sabotage ? / le mot sabotage
quand a eu lieu la manifestation ? / la manifestation
quand est-ce que la grève commence ? / la grève commence
depuis quand filme-t-on la rue ? / filme-t-on la rue
depuis combien de temps dure la grève ? / dure la grève
jusqu'à quand dure la grève ? / dure la grève
comment fonctionne Parcoursup ? / fonctionne Parcoursup
comment ça marche Parcoursup ? / Parcoursup   comment on fait un recours ? / fait un recours
comment faire un recours / faire un recours
pourquoi la CAF contrôle-t-elle ? / la CAF contrôle-t-elle
pourquoi est-ce que les loyers augmentent ? / les loyers augmentent
à quoi sert la CNIL ? / la CNIL   à quoi servent les drones / les drones
de quoi parle l'émission sur la CAF ? / la CAF   ça parle de quoi la QPC ? / la QPC
ils ont dit quoi sur la prison ? / la prison   vous avez dit quoi sur les drones / les drones
on sait quoi de la CAF / la CAF   y a-t-il des drones à Lyon ? / des drones à Lyon
y a t il des drones ? / des drones   il y a quoi sur les prisons ? / les prisons
est-ce qu'il y a des caméras ? / des caméras
quel est le prix d'une caméra ? / le prix d'une caméra
quels logiciels utilise la police ? / logiciels utilise la police
quelle loi autorise la VSA ? / loi autorise la VSA
quelles sont les villes filmées ? / les villes filmées
quelle est la différence entre prison et CRA ? / la différence entre prison et CRA
peut-on refuser un contrôle ? / refuser un contrôle
est-on filmé dans la rue ? / filmé dans la rue
a-t-on le droit de filmer la police ? / le droit de filmer la police
avez-vous parlé de rap ? / rap   que dit la loi ? / la loi
que faire en cas de contrôle ? / faire en cas de contrôle
que pensent les syndicats ? / les syndicats
que s'est-il passé à Sainte-Soline ? / à Sainte-Soline
qu'ont dit les syndicats ? / les syndicats   ça veut dire quoi OQTF ? / OQTF
que veut dire OQTF / OQTF   OQTF ça veut dire quoi / OQTF   que signifie QPC ? / QPC
ça sert à quoi un drone ? / un drone   les drones ça sert à quoi / les drones
pour quelle raison la mairie filme ? / la mairie filme
contre qui la police porte plainte ? / la police porte plainte
avec qui travaille la mairie ? / travaille la mairie   lequel des épisodes parle de rap ? / rap
existe-t-il un recours ? / un recours   connaissez-vous Bobrun / Bobrun
dans quelle émission on parle de la CAF ? / la CAF   quelqu'un a parlé de la CAF ? / la CAF
t'as un épisode sur la CAF ? / la CAF   vous avez un truc sur la CAF ? / la CAF
faut-il voter ? / voter   doit-on obéir ? / obéir
combien de temps garde-t-on les images ? / garde-t-on les images
combien gagne un livreur ? / gagne un livreur   est-ce légal de filmer ? / légal de filmer
à qui appartiennent les caméras ? / appartiennent les caméras
""")
NO_QUESTIONS = (
    "qui vive",
    "la place",
    "quand la nuit",
    "comment",
    "combien",
    "c'est quoi",
    "que faire",
    "où aller",
    "à quoi bon",
    "peut-être",
    "faut pas rêver",
    "y a de la joie",
    "quelle horreur",
    "le comment du pourquoi",
    "depuis longtemps",
    "existe en mieux",
    "la loi fait peur",
)


def test_a_question_is_asked_by_its_words() -> None:
    read = {query: asked(query) for query, _ in QUESTIONS}
    assert {query: (read[query], words) for query, words in QUESTIONS if read[query] != words} == {}


def test_words_that_are_no_question_stay_whole() -> None:
    assert [query for query in NO_QUESTIONS if asked(query)] == []
