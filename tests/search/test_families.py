"""Families of words as French speakers know them, and words that only look alike.

The pairs were written before the families were: what is found of them is measured, not fitted.
"""

from collections import Counter
from importlib import resources

import pytest

from radio.french.letters import fold
from radio.search.french import FAMILY, family_of, forms, table
from tests.search.said import Said, pairs, say

JOINED = pairs("""
travail / travailleur   vente / vendre   police / policier   désobéir / désobéissance
destruction / détruire   revente / revendre   syndicat / syndical   achat / acheter
arrestation / arrêter   naissance / naître   croissance / croître   connaissance / connaître
choix / choisir   perte / perdre   réponse / répondre   attente / attendre   défense / défendre
promesse / promettre   permission / permettre   transmission / transmettre
soumission / soumettre   élection / élire   électeur / élection   électoral / élection
lecture / lire   écriture / écrire   inscription / inscrire   construction / construire
producteur / production   réduction / réduire   traduction / traduire   protection / protéger
correction / corriger   direction / diriger   dirigeant / diriger   perception / percevoir
réception / recevoir   conception / concevoir   résistance / résister   existence / exister
préférence / préférer   violence / violent   absence / absent   urgence / urgent
pauvreté / pauvre   liberté / libre   libérer / liberté   égalité / égal   sécurité / sécuriser
sécurité / sécuritaire   jeunesse / jeune   vieillesse / vieux   richesse / riche
faiblesse / faible   grandir / grand   blanchir / blanc   longueur / long   élargir / large
renforcer / force   douceur / doux   courageux / courage   honteux / honte   scolariser / scolaire
prisonnier / prison   emprisonner / prison   incarcération / incarcérer   détention / détenir
détenu / détention   expulsion / expulser   agresseur / agression   oppression / opprimer
répression / réprimer   discriminatoire / discrimination   racisme / raciste   fascisme / fasciste
capitalisme / capitaliste   féminisme / féministe   anarchie / anarchiste   journal / journaliste
écologie / écologiste   politique / politiser   démocratie / démocratique
technologie / technologique   médecine / médecin   chirurgie / chirurgien   musique / musicien
pharmacie / pharmacien   boulanger / boulangerie   librairie / libraire   ferme / fermier
jardin / jardinier   cuisine / cuisinier   banque / bancaire   douane / douanier   lait / laitier
fleur / fleurir   dent / dentiste   photographe / photographier   enquête / enquêteur
plainte / plaindre   crainte / craindre   contrainte / contraindre   atteinte / atteindre
peintre / peinture   conducteur / conduire   poursuite / poursuivre   découverte / découvrir
ouverture / ouvrir   souffrance / souffrir   offre / offrir   départ / partir   sortie / sortir
arrivée / arriver   appel / appeler   combat / combattre   débat / débattre   lutte / lutter
cri / crier   rêveur / rêver   penseur / pensée   croyance / croire   espoir / espérer
méfiance / méfier   obéissance / obéir   chercheur / chercher   fiche / fichage
espion / espionnage   pirate / piratage   vendeur / vente   locataire / location
habitant / habiter   migrant / migration   manifestant / manifestation   gréviste / grève
syndicaliste / syndicat   militant / militer   présidence / président   mairie / maire
ministre / ministère   préfet / préfecture   condamnation / condamner   fermeture / fermer
blessure / blesser   rupture / rompre   corruption / corrompre   explosion / exploser
évasion / évader   décision / décider   prévision / prévoir   conclusion / conclure
exclusion / exclure   dissolution / dissoudre   évolution / évoluer   révolution / révolutionnaire
description / décrire   admission / admettre   possession / posséder   intervention / intervenir
obtention / obtenir   soutien / soutenir   puissance / puissant   inquiétude / inquiéter
gravité / grave   beauté / beau   nouveauté / nouveau   cruauté / cruel   royal / roi
région / régional   monde / mondial   crime / criminel   culture / culturel   famille / familial
centre / central   colonie / colonial   coloniser / colonie   désarmer / désarmement
automatique / automatiser   numérique / numériser   informaticien / informatique
algorithme / algorithmique   électricité / électrique   chaleur / chaud   refroidir / froid
sécheresse / sec   pluvieux / pluie   chauffer / chauffage   rapide / rapidement
violent / violemment   récent / récemment   facile / facilité   esclave / esclavage
village / villageois   surveillant / surveiller   reconstruction / reconstruire
vidéosurveillance / vidéosurveiller
""")
APART = pairs("""
police / polir   marche / marché   pouce / poucer   cour / course   organe / organisation
organe / organiser   police / politesse   police / politique   cour / courir   cours / courage
port / porter   porte / portion   livre / livrer   livraison / livre   libraire / libre
librairie / libérer   table / tableau   chat / château   champ / champion   champ / champignon
bonne / bonnet   capital / capitaine   vers / verser   verre / vérité   poser / possible
fer / ferme   ferme / fermer   fermier / fermeture   armée / armoire   ami / amiral
mine / ministre   partager / partir   partisan / partir   sentir / sentier   montage / montagne
payer / pays   paysan / payer   casser / cassette   casserole / casser   fil / fille
filmer / filer   vent / vente   vent / vendre   inventer / inventaire   aventure / vent
prince / principal   natal / nation   général / générosité   générer / général
univers / université   commune / communiquer   communication / communisme   commande / commencer
commerce / commencer   complice / complet   contrat / contre   content / contenir
détente / détenu   détendre / détenir   attention / attente   tente / tenter   prêt / prêtre
profession / profit   raison / raisin   saison / saisir   solidaire / solitaire
solidarité / solide   soldat / solder   salaire / salir   secret / sécréter   serviette / servir
statut / statue   style / stylo   veille / vieille   taxe / taxi   terre / terreur
terroriste / territoire   torture / tortue   tour / tourment   traître / traiter
travailler / traverser   trouver / trou   usage / usine   vaccin / vacance   vaisseau / vaisselle
valeur / valise   victime / victoire   visite / viser   voler / volonté   voler / volcan
bâton / battre   bois / boisson   boucher / bouche   bourgeois / bourgeon   brique / briquet
cave / cavalier   cheval / cheveu   chemin / chemise   cité / citer   citoyen / citer
collège / coller   collection / coller   colonne / colonie   concert / concerner
constant / constater   copie / copieux   couper / coupable   couple / couper   crème / crémation
croire / croiser   défi / défiler   définir / finir   délit / délire   délivrer / livre
dépense / dépendance   dépenser / penser   désert / dessert   détester / tester   direct / dire
dos / dose   dur / durée   écart / carte   écran / écraser   écouter / coûter   éditer / édifice
empire / pire   employer / plier   enfer / enfermer   entraîner / entrer   espèce / espérer
étable / établir   étranger / étrangler   éviter / vite   exact / exaction   exempt / exemple
exploit / explosion   face / facile   famine / famille   fasciné / fasciste   fatal / fatigue
faute / fauteuil   feu / feuille   firme / affirmer   flèche / fléchir   fonction / fond
fondre / fonder   fort / fortune   frais / fraise   friche / riche   fusil / fusion
gaz / gazette   galère / galerie   geste / gestion   goût / goutte   gratuit / gratter
gravure / gravité   guerre / guérir   habile / habiller   habit / habiter   heure / heureux
idée / identité   incendie / incident   installer / instant   insulte / insulaire
intime / intimider   légal / égal   logement / logique   loger / logiciel   lune / lunette
machine / mâcher   magie / magistrat   mardi / mari   mariage / marin   masse / massacre
matière / matin   menace / ménage   mentir / menton   mère / mérite   militaire / militer
misère / miser   monstre / montrer   musique / museau   municipal / munition   obéir / désobéir
garder / regarder   marquer / remarquer   côte / côté   pêche / péché   mur / mûr
""")
LEAST_FOUND, MOST_WRONG = 0.95, 0.05


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    return say(tmp_path_factory.mktemp("families"), JOINED + APART)


def test_the_tables_are_long_enough() -> None:
    assert len(JOINED) >= 100
    assert len(APART) >= 100
    assert len({*JOINED, *APART}) == len(JOINED) + len(APART)


def test_words_of_a_family_find_each_other(said: Said) -> None:
    lost = [pair for pair in JOINED if not said.joins(*pair)]
    assert len(lost) <= (1 - LEAST_FOUND) * len(JOINED), lost


def test_words_that_only_look_alike_stay_apart(said: Said) -> None:
    wrong = [pair for pair in APART if said.confuses(*pair)]
    assert len(wrong) <= MOST_WRONG * len(APART), wrong


def test_every_word_of_the_table_has_its_family() -> None:
    """The table fits the dictionary that is installed."""
    strays = [
        (lemma, name)
        for lemma, name in table().names.items()
        if family_of(lemma) and FAMILY + name not in forms(lemma.lower())
    ]
    assert strays == []


def test_no_word_of_the_table_is_in_two_families() -> None:
    text = resources.files("radio.search").joinpath("families.txt").read_text(encoding="utf-8")
    lemmas = [lemma for line in text.splitlines() if line[0] != "#" for lemma in line.split()]
    assert [lemma for lemma, times in Counter(lemmas).items() if times > 1] == []


def test_a_keeper_finds_the_line_of_a_family_by_its_first_word() -> None:
    """The table is kept by hand: sorted, without accents."""
    text = resources.files("radio.search").joinpath("families.txt").read_text(encoding="utf-8")
    firsts = [line.split()[0] for line in text.splitlines() if line[0] != "#"]
    assert firsts == sorted(firsts, key=lambda first: (fold(first), first))
    assert "by hand" in text[: text.index(f"\n{firsts[0]} ")]


def test_the_table_is_not_asked_for_a_word_that_only_looks_derived() -> None:
    for word, verb in (("visage", "viser"), ("couleur", "couler"), ("langage", "langer")):
        assert not set(forms(word)) & set(forms(verb))
