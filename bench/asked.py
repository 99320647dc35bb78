"""Queries as listeners type them, and what is said on air: what they should find, and what not.

Written whole before any was tried, by somebody who knew which rules there are; none was taken out
or changed since. On each line stand the query, what is said and, where they matter, the title and
the day of the episode, with ` / ` between them. « Should not » is what a listener would call a
wrong answer: other words that share letters, or one word of a phrase that means something else
alone.
"""

from collections.abc import Iterator
from typing import NamedTuple


class Asked(NamedTuple):
    """A query, and an episode in which something is said."""

    query: str
    said: str
    title: str = "§"
    day: str = "2024-01-01"


def read(lines: str) -> Iterator[Asked]:
    """Read a query with its episode from each line."""
    return (Asked(*line.split(" / ")) for line in lines.splitlines() if line)


CORRECTIONS = {"mont aux": "Montaud", "tarente aise": "Tarentaize", "sol or": "Solaure"}
"""What the show knows to be misheard."""

EXPLAINED = """
de quoi / L’aide personnalisée au logement (APL) baisse de cinq euros.
de quoi / La PMI, la protection maternelle et infantile, ferme trois après-midi.
de quoi / Le contrat d’engagement républicain (CER) pèse sur toutes les associations.
de quoi / La ZFE, c’est-à-dire la zone à faibles émissions, commence au périphérique.
"""
"""Episodes that tell what acronyms stand for; no query wants them."""

SHOULD = """
vaccins obligatoires / On ne peut pas obliger les gens à se faire vacciner sans en débattre.
fermeture de l’usine / L’usine a fermé au printemps, deux cents familles ont tout perdu.
sourds / Une interprète traduit la réunion pour une femme sourde au premier rang.
récupération nourriture / On récupère la nourriture que le supermarché jette le soir.
tricot / Ma grand-mère nous apprenait à tricoter pendant les vacances.
élus / Une élue nous a reçus dans son bureau, dix minutes.
coupures d’électricité / Ils ont coupé l’électricité de tout l’immeuble en décembre.
réparation vélos / Ici chacun répare son vélo lui-même, avec nos outils.
nettoyage des bureaux / Elle nettoie les bureaux avant que les cadres arrivent.
traduction / Deux bénévoles traduisent les courriers de la préfecture.
alphabétisation / Il a été alphabétisé à quarante ans passés.
désobéissance / Ils ont choisi de désobéir et de le dire au juge.
répétition générale / On répète depuis septembre pour la générale de samedi.
danseuses / Trois danseurs improvisent au milieu des passants.
boulangère / Le boulanger de la place donne ses invendus.
jardins ouvriers / Un jardinier montre la parcelle de son père, ouvrier à la mine.
braderie / Ils bradent tout, les machines et le terrain avec.
privatisation de l’eau / La mairie veut privatiser l’eau de la ville.
gratuité des transports / Le bus est gratuit depuis que les transports sont publics.
licencier / Quatre licenciements le même jour, par un courrier.
tutoiement / Le brigadier le tutoie dès la première seconde.
contrôles au faciès / On l’a contrôlé huit fois ce mois-ci, toujours au faciès.
pleurer / Elle pleurait encore en racontant cette nuit-là.
cantinière / Les cantinières préparent six cents repas.
surpopulation / Cette maison d’arrêt est surpeuplée depuis vingt ans.
émigrer / Son grand-père a émigré de Kabylie en cinquante-quatre.
insalubre / L’insalubrité se voit dès l’escalier.
militer / Une militante de toujours nous ouvre ses cartons.
archiver / Les archives du journal tiennent dans une cave.
fumigènes / Un fumigène rouge au-dessus du stade.
chanter en chœur / Nous chantions tous en chœur sous le préau.
écouter les voisins / J’écoute ma voisine qui parle de ses voisins d’avant.
ils avaient peur / Il a eu peur du chien, elle a peur du maître.
yeux crevés / Il a perdu un œil, l’autre voit encore ; on a crevé le silence.
journaux locaux / Un journal local a refusé de publier la lettre.
travaux / Le travail de la nuit use plus que l’âge.
festives / Un après-midi festif, sans discours.
actrices / Un acteur muet traverse la scène.
sportives / Le club sportif n’a plus de vestiaire.
je suis venue / Nous venons de loin, et à pied.
greve generale / Ils appellent à la grève générale reconductible.
eleves decrocheurs / Un élève décrocheur revient au lycée par la fenêtre.
foret brulee / La forêt brûlée repousse par les chênes.
metallos / Un métallo raconte le dernier haut-fourneau.
securite sociale / La sécurité sociale est née dans les caisses de secours.
ETE CANICULE / Un été de canicule dans les tours.
coeur / Au cœur du quartier il reste un lavoir.
ca derange / Ça dérange qui, un banc public ?
35 heures / Avec les trente-cinq heures, on a perdu la pause.
trente-cinq euros / Le ticket coûte 35 euros par mois.
1995 / En mille neuf cent quatre-vingt-quinze, tout s’est arrêté trois semaines.
mille neuf cent trente-six / Les congés de 1936, sur un tandem.
12000 signatures / Douze mille signatures et pas une réponse.
15 % / Quinze pour cent de hausse, du jour au lendemain.
20h / La salle ferme à vingt heures, quoi qu’il arrive.
2e étage / On l’a trouvé au deuxième étage, les pieds dans l’eau.
quinzième / Dans le 15e arrondissement personne n’a signé.
XXe siècle / Au vingtième siècle on a enterré la rivière.
premier mai / Le 1er mai le cortège est parti de la Bourse.
manifesatation / Une manifestation sans banderole ni musique.
bibliotèque / La bibliothèque prête aussi des graines.
assossiation / L’association n’a plus de local.
journnaliste / Une journaliste a gardé ses carnets.
pharmassie / La pharmacie de garde est à vingt kilomètres.
conferance / Une conférence gesticulée sur la dette.
anarchisme espagnole / Une brochure sur l’anarchisme espagnol.
mélanchon / Mélenchon était passé au marché.
apprentisage / En apprentissage à quinze ans, chez un tourneur.
survéllance / Une surveillance de tous les instants.
co voiturage / Le covoiturage ne remplace pas le train.
skate park / Le skatepark est fermé par un arrêté.
rondpoint / Un hiver entier sur le rond-point.
hiphop / Un atelier hip-hop dans la salle des fêtes.
microonde / Un micro-ondes, deux plaques, pour onze étages.
auto défense / Un stage d’autodéfense entre femmes.
sous traitance / La sous-traitance en cascade, sur ce chantier.
anti nucléaire / Une vieille affiche antinucléaire derrière le bar.
vide grenier / Le vide-greniers de la rue des Pois.
zapatistes / Une délégation zapatiste a dormi chez l’habitant.
podcasteuse / Un podcasteur nous copie nos génériques.
slameurs / Un slameur de seize ans au micro.
brésilienne / Au Brésil, les favelas ont leur radio.
islandais / L’Islande a jugé ses banquiers.
roubaisien / À Roubaix les courées ont été rasées.
bobologue / Les bobologues de l’infirmerie, comme on dit.
féministes libertaires / Une féministe libertaire tenait la librairie.
radios libres émetteur / On avait posé l’émetteur dans le grenier d’une voisine. / Radios libres
cantine pesticides / Un dosage de pesticides a surpris les parents. / La cantine en régie
tramway expropriés / Les expropriés attendent le juge. / Le tramway de l’ouest
drones manifestation interdite / Les drones sont restés au-dessus de nous toute la journée. / Drones
qui a parlé des abeilles ? / Une abeille noire qu’on croyait disparue.
c’est quoi un ruisselet / Un ruisselet passe sous la gare de fret.
comment faire du savon ? / On y apprend à faire du savon à froid.
est-ce qu’on parle de la dette grecque ? / La dette grecque vue du Pirée.
les épisodes sur le cirque / Un cirque sans bêtes monte son chapiteau.
harmonica trottinette lunaire / Un air d’harmonica dans la file d’attente.
téléphérique municipal abandonné / Le téléphérique est abandonné depuis la crue.
le sabotage discret des compteurs intelligents / Un sabotage discret de tous ces compteurs neufs.
APL / Une aide personnalisée au logement qu’elle n’a jamais touchée.
protection maternelle et infantile / À la PMI on pesait les bébés sans rendez-vous.
contrat d’engagement républicain / Sans le CER signé, plus un sou.
ZFE / Une zone à faibles émissions où les pauvres ne roulent plus.
Montaud / On habite à mont aux depuis toujours.
Tarentaize / La salle est à tarente aise, au fond de la cour.
Solaure / Un concert à sol or le soir de la fête.
nuclear waste / Les déchets nucléaires passent la nuit par ici.
farmers / Des agriculteurs vendent leur lait au bord de la route.
trade unions / Les syndicats n’ont pas été invités.
fanfare en 2017 / La fanfare est passée sous nos fenêtres. / § / 2017-05-06
carnaval mars 2019 / Le carnaval a brûlé son roi. / § / 2019-03-16
"""

SHOULD_NOT = """
comptoir / Les comptables cherchent deux millions.
manche / Ça marche sans chef depuis dix ans.
collier / Une colle à base de farine, pour les affiches.
mairie / Mon mari ne sait rien de tout ça.
portier / Le port du masque reste obligatoire.
canard / Le canal est à sec en août.
cheminée / Les cheminots ont voté à main levée.
tableau / Une table et deux bancs sur le trottoir.
cartouche / Une carte de la ville en braille.
boucher / Elle a ouvert la bouche, puis rien.
poissons / Du poison dans les gamelles des chiens.
dessert / Un désert médical, dit le maire.
cousin / Un coussin pour dormir dans le hall.
baleine / Il a une haleine de chien.
foie / Une fois par mois, le jeudi.
chatte / Un château d’eau sans eau.
pavillon / Un papillon s’est posé sur la table de mixage.
ministre / Il administre le centre depuis Paris.
fleuriste / Un fleuret rouillé dans une malle.
moteur / La motte de beurre a doublé.
serveuse / Le serveur informatique est tombé trois fois.
bourse du travail / La bourse monte et les salaires non.
passerelle / Un passereau niche dans le local.
couverts / La couverture de survie craquait.
minerai / Un mineur isolé dort devant le commissariat.
palette / Un palais de justice tout en verre.
loutre / Outre la pluie, il y avait le vent.
ruche / Une rue chaude et vide.
marteau / La marée monte dans l’estuaire.
pilule / Une pile de dossiers sur chaque chaise.
vernis / Il a verni le silence d’un mot.
cabane / La cabale contre le directeur a réussi.
chanvre / Une chambre chez sa tante.
tomate / Il est tombé du deuxième.
feu rouge / Le feu a pris dans le bâtiment B.
pomme de terre / La terre tremble encore au Népal.
lune de miel / Le miel de nos toits se vend bien.
chef d’orchestre / Le chef de gare a baissé le rideau.
poisson d’avril / En avril on sème sous châssis.
carte bleue / Une veste bleue oubliée au vestiaire.
coup de soleil / Il a reçu un coup derrière la nuque.
mur du son / Le son grésille au fond de la salle.
lampe de poche / Il avait un caillou dans la poche.
salle de bains / La salle est trop petite pour tous.
barbe à papa / Son papa travaillait de nuit.
cerf-volant / Il a perdu le volant dans le virage.
prix Nobel / Le prix du pain augmente encore.
eau-de-vie / La vie est chère sur les plateaux.
nuit blanche / Une feuille blanche au mur.
mars 2016 / En mars deux mille quatorze il neigeait.
"""
