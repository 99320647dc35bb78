"""French as people speak and type it: each word of a pair finds the other, through a real index."""

import pytest

from tests.search.said import Said, pairs, say

FOUND = """
1er / premier   2e / deuxième   XXe / vingtième   zadistes / ZAD   onusien / ONU
macronistes / Macron   precarité / précarité   éléction / élection   entr’aide / entraide
caméra / caméras   camera / caméras   cameras / caméra   journal / journaux   travail / travaux
cheval / chevaux   municipal / municipaux   local / locaux   hopitaux / hôpital   bateau / bateaux
genou / genoux   vitrail / vitraux   école / l'école   ecoles / L’école   amour / d’amour
ici / jusqu’ici   élection / qu'élections   presqu'île / presqu’île   aujourd'hui / aujourd’hui
aujourdhui / aujourd’hui   prud'homme / prud’hommes   œil / yeux   oeil / yeux   œuvre / oeuvre
oeuvres / œuvre   cœur / coeurs   soeur / sœurs   Saint-Étienne / saint-etienne
saint etienne / Saint-Étienne   Saint-Étienne / saint étienne
vidéo-surveillance / vidéosurveillance   videosurveillance / vidéo-surveillance
heureux / heureuse   directeur / directrice   acteur / actrices   chanteur / chanteuse
nouveau / nouvelles   beau / belle   actif / active   blanc / blanche   fou / folle
vieux / vieille   policier / policières   lycéen / lycéennes   étudiant / étudiante
français / francaises   public / publique   surveiller / surveillent   surveiller / surveillance
surveillé / surveille   voir / verra   aller / iront   venir / viendra   prendre / prennent
pouvoir / peuvent   vouloir / veulent   tenir / tiennent   mettre / mis   écrire / écrit
lire / lu   boire / bu   finir / finissent   courir / couru   mourir / mort   naître / né
travailler / travaillaient   manifester / manifestaient   envoyer / enverra
reconnaissance / reconnaissances   lampadaire / LAMPADAIRES   noel / Noël   monsieur / messieurs
ciel / cieux   élu / élues   2019 / deux mille dix-neuf   20 / vingt   21 / vingt et un
19h30 / à 19 h 30   19h30 / dix-neuf heures trente   dix-neuf heures / 19h   12000 / 12 000
12 000 / douze mille   douze mille / 12 000   trois pour cent / 3 %   20% / vingt pour cent
19 heures 30 / 19h30   97 / quatre-vingt-dix-sept   80 / quatre-vingts
1906 / mille neuf cent six   1789 / dix-sept cent quatre-vingt-neuf   3000000 / trois millions
71 / soixante et onze   200 / deux cents   quatre vingt dix / quatre-vingt-dix   70 / septante
C.N.I.L. / CNIL   C.N.I.L / cnil   R.A.T.P. / ratp   S.N.C.F. / sncf   O.N.U. / onu
U.R.S.S. / urss   fichées / fichage   ficher / fichage   filmer / filmage   contrôle / contrôler
contrôleur / contrôler   chômage / chômer   mariage / marier   passage / passer
nettoyage / nettoyer   chanter / chanteuses   danser / danseur   voler / voleurs
logement / loger   jugement / juger   changement / changer   organisation / organiser
occupation / occuper   manifestation / manifester   information / informer
réalisation / réaliser   transformation / transformer   création / créer   formateur / former
animatrice / animer   finissage / finir   blanchissement / blanchir   espionnage / espionner
piratage / pirater   pistage / pister   traçage / tracer   grève / grèves   rue / rues
loi / lois   ouvrier / ouvrières   infirmier / infirmières   paysan / paysannes
citoyen / citoyenne   européen / européennes   gentil / gentille   long / longue   doux / douce
faux / fausse   gros / grosse   cruel / cruelles   complet / complète   neuf / neuve
sportif / sportives   créateur / créatrices   lecteur / lectrice   serveur / serveuses
danger / dangereux   est-ce / est-ce   porte-parole / porte parole   rendez-vous / rendez vous
contre-pouvoir / contrepouvoir   auto-gestion / autogestion   anti-fasciste / antifasciste
week-end / weekend   télé-travail / télétravail   micro-phone / microphone   mangeait / manger
mangerons / manger   partirent / partir   disait / dire   dit / diront   faisaient / faire
font / faire   sait / savoir   sauront / savoir   doit / devoir   devraient / doivent
connaît / connaissaient   reçu / recevoir   vécu / vivre   vivent / vivre   suivre / suivent
ouvrir / ouvert   offrir / offertes   rompre / rompu   battre / battus   craindre / craignent
peindre / peint   joindre / joignent   conduire / conduisent   détruire / détruit
nuire / nuisent   plaire / plaisent   croire / croient   croître / croissent
choisir / choisissent   réfléchir / réfléchissait   rougir / rougit   bâtir / bâtissent
appeler / appelle   jeter / jettent   acheter / achètent   espérer / espère   payer / paient
essayer / essaie   œuvrer / oeuvrent   mœurs / moeurs   nœud / noeuds   sœur / soeur   vœux / voeu
bœuf / boeufs   été / etes   forêt / forets   même / memes
"""
PAIRS = pairs(FOUND)
KEPT_APART = pairs("""
cour / cœur   âge / agir   école / écologie   ville / vie   caméra / camarade   été / sommes
voir / voix   livre / ivre   travail / travers   maire / mer   chat / chanter   nation / natation
organe / organisation   général / généreux   mais / maison   chaud / chausson   animal / animateur
pain / peine   hui / aujourd'hui   rendez-vous / rendez   policier / polie   visage / viser
couleur / couler   langage / langer   sauvage / sauver   terreur / terrer   vapeur / vaper
secteur / secter   humeur / humer   tumeur / tuer   village / ville   image / imiter
garde / gare   parti / party   poste / posture   port / porc   mur / murmure   tache / attache
signe / cygne   compte / conte   sang / sans   vent / avent   droit / endroit   force / forcené
vol / volume   banque / banquet   bal / balle   cas / casque   ami / amical   art / article
main / maintenant   fin / finance   pas / pasteur   sol / soldat   mot / moteur   son / sonde
soleil / seul   peuple / peuplier   carte / carton   note / notaire   radio / radis
onde / ondulé   micro / microbe   2019 / 2018   vingt / vent   21 / vingt   cent / centre
CNIL / cil
""")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    return say(tmp_path_factory.mktemp("french"), PAIRS + KEPT_APART)


def test_the_tables_are_long_enough() -> None:
    assert len(PAIRS) >= 150
    assert len(KEPT_APART) >= 60


def test_each_finds_the_other(said: Said) -> None:
    assert [pair for pair in PAIRS if not said.joins(*pair)] == []
    assert [word for pair in PAIRS for word in pair if word not in said.found(word)] == []


def test_neither_finds_the_other(said: Said) -> None:
    assert [(one, other) for one, other in KEPT_APART if other in said.found(one)] == []
    back = [(one, other) for one, other in KEPT_APART if one in said.found(other)]
    assert back == [("rendez-vous", "rendez")]  # a compound is found by a part of it


def test_spellings_of_a_query(said: Said) -> None:
    typed = ["e\u0301cole", "ÉCOLE", "« école »", "«l’école»", '"ECOLE"']
    assert [query for query in typed if "l'école" not in said.found(query)] == []
