"""Pairs of words as somebody would choose them who does not know how the search works.

Each list was written whole before any of its pairs was tried, and none was taken out since.
`FOUND` find each other; `TYPED` are words as people type them, and what they mean; `APART` are
words that share letters by chance.
"""

from tests.search.said import pairs

FIRST_FOUND = pairs("""
grévistes / grève   licenciement / licencier   licencié / licenciement   embauche / embaucher
embaucheur / embauche   débrayage / débrayer   cotisation / cotiser   retraité / retraite
précaire / précarité   précaires / précarisation   chômeuse / chômage   patronat / patron
patronal / patron   salarié / salaire   salariat / salarié   ouvrier / ouvriérisme
usinier / usine   revendication / revendiquer   négociateur / négociation
mobilisation / mobiliser   blocage / bloquer   bloqueur / blocage   occupant / occupation
sabotage / saboteur   saboter / sabotage   émeutier / émeute   insurgé / insurrection
insurrectionnel / insurrection   barricade / barricader   cortège / cortèges
solidaire / solidarité   collectif / collective   coopérative / coopérer
coopérateur / coopération   mutualiste / mutuelle   autogestionnaire / autogestion
squatteur / squat   squatter / squatteuse   expulsé / expulsion   logeur / logement
bailleur / bail   propriétaire / propriété   loyer / loyers   urbanisme / urbaniste
urbain / urbanisation   banlieusard / banlieue   quartier / quartiers   rural / ruralité
citadin / citadine   métropolitain / métropole   communal / commune   départemental / département
parisien / Paris   lyonnaise / Lyon   stéphanois / Saint-Étienne   stéphanoise / Saint-Étienne
grenoblois / Grenoble   marseillais / Marseille   nantais / Nantes   toulousaine / Toulouse
lillois / Lille   bordelais / Bordeaux   ligérien / Loire   ardéchois / Ardèche
auvergnat / Auvergne   breton / Bretagne   corse / Corse   européen / Europe   africain / Afrique
algérien / Algérie   palestinien / Palestine   kurde / Kurdistan   chinois / Chine
syrienne / Syrie   malien / Mali   américain / Amérique   espagnol / Espagne
allemande / Allemagne   marxiste / Marx   marxisme / marxiste   léniniste / Lénine
gaulliste / gaullisme   macroniste / Macron   sarkozyste / Sarkozy   policière / police
flicage / flic   fliquer / flicage   gendarmerie / gendarme   matraque / matraquer
matraquage / matraque   tabassage / tabasser   perquisition / perquisitionner   garde / gardien
interpellation / interpeller   contrôleuse / contrôle   verbaliser / verbalisation
surveillant / surveillance   filature / filer   mouchard / mouchardage   délation / délateur
dénonciation / dénoncer   renseignement / renseigner   espionner / espionne   fichier / ficher
traceur / traçabilité   traqueur / traque   biométrique / biométrie   identification / identifier
anonymat / anonyme   anonymiser / anonymat   chiffrement / chiffrer   crypter / cryptage
pirate / pirater   hackeur / hacker   programmeur / programme   programmation / programmer
informatique / informatiser   robotisation / robot   robotique / robot   numérisation / numérique
connexion / connecter   connecté / déconnecté   internaute / internet   téléphonique / téléphone
téléphoner / téléphone   télévisé / télévision   radiophonique / radio   diffusion / diffuser
diffuseur / diffusion   auditrice / auditeur   enregistreur / enregistrement   sonore / son
judiciaire / justice   juridique / juriste   juger / juge   jugement / jugeait
magistrature / magistrat   avocate / avocat   tribunal / tribunaux   pénalité / pénal
législation / législatif   légaliser / légal   illégalité / illégal
constitutionnel / constitution   condamné / condamner   inculpation / inculper
accusateur / accusation   prévenu / prévenus   carcéral / incarcération
pénitentiaire / pénitencier   taulard / taule   enfermement / enfermer   libération / libérer
évadé / évasion   rétention / retenir   reclus / réclusion   hospitalier / hôpital
hospitalisation / hospitaliser   soignant / soigner   soin / soigner   infirmière / infirmerie
malade / maladie   guérison / guérir   psychiatre / psychiatrie   psychiatrique / psychiatre
toxicomane / toxicomanie   vaccination / vaccin   médicament / médicamenteux
épidémique / épidémie   contagieux / contagion   handicapé / handicap   avortement / avorter
contraception / contraceptif   maternité / maternel   féminicide / féminicides   sexisme / sexiste
harcèlement / harceler   harceleur / harcèlement   violeur / viol   violer / viol
patriarcal / patriarcat   homophobe / homophobie   lesbienne / lesbiennes   écologique / écologie
pollution / polluer   pollueur / pollution   climatique / climat   forestier / forêt
déforestation / déforester   agriculteur / agricole   agriculture / agriculteur
maraîcher / maraîchage   paysannerie / paysan   pesticide / pesticides   nucléaire / dénucléariser
énergétique / énergie   éolienne / éolien   recycler / recyclage   exilé / exil   réfugié / refuge
immigré / immigration   migratoire / migration   frontalier / frontière
régularisation / régulariser   clandestinité / clandestin   colonialisme / colonial
décolonisation / décoloniser   esclavagiste / esclavage   antiraciste / antiracisme
xénophobe / xénophobie   chanson / chanter   chant / chanteur   guitariste / guitare
batteur / batterie   accordéoniste / accordéon   rappeuse / rap   poétique / poète
poésie / poétesse   festivalier / festival   enseignement / enseignante   éducateur / éducation
éducatif / éduquer   scolaire / scolarité   lycée / lycéen   universitaire / université
étudiante / étudier   formation / formatrice   apprenti / apprentissage   mobilité / mobile
cycliste / cyclisme   piéton / piétonne   cheminot / cheminots   ferroviaire / ferroviaires
camionneur / camion   couturière / couture   découdre / décousu   tisserand / tisser
mineur / mine   métallurgiste / métallurgie   sidérurgique / sidérurgie   naïveté / naïf
maïs / mais   Noël / noël   clé / clef   cuillère / cuiller   événement / évènement
ambiguë / ambigüe   oignon / ognon   nénuphar / nénufar   connaître / connaitre   août / aout
coût / cout   croûte / croute   maître / maitresse   boîte / boite   réglementaire / règlementaire
week-end / weekend   mille-pattes / millepatte   porte-monnaie / portemonnaie
plate-forme / plateforme   chauve-souris / chauvesouris   extraordinaire / extra-ordinaire
micro-trottoir / micro trottoir   manœuvre / manoeuvre   nœud / noeuds   œuvrer / oeuvre
foetus / fœtus   ex-æquo / ex aequo   cœur / coeur   l’œil / oeil   d’abord / d'abord
quelqu’un / quelqu'un   entr'aide / entraide   grand-mère / grand mère   grands-mères / grand-mère
quatre-vingt-onze / 91   1968 / mille neuf cent soixante-huit   49.3 / quarante-neuf trois
68 / soixante-huit   14 / quatorze   1er / premier   2e / deuxième   20h / vingt heures
5 % / cinq pour cent   10 000 / dix mille   C.G.T. / CGT   G.A.F.A.M / gafam   O.Q.T.F. / OQTF
L.G.V. / lgv   Z.A.D. / zad   zadiste / ZAD   cégétiste / CGT   onusien / ONU   smicard / SMIC
""")
FIRST_TYPED = pairs("""
fissage / fichage   sindica / syndicat   surveilance / surveillance
vidéosurvéillance / vidéosurveillance   reconnaissence / reconnaissance   faciale / facial
manifestacion / manifestation   gouvernement / gouvernements   gouvernment / gouvernement
jilets / gilets   prizon / prison   presion / pression   ospital / hôpital   medecin / médecin
ecologie / écologie   anarchisme / anarchiste   anarchime / anarchisme   capitalime / capitalisme
révolussion / révolution   repression / répression   répresion / répression
algorythmique / algorithmique   chomage / chômage   precarité / précarité   feminisme / féminisme
féminime / féminisme   Beaubrin / Beaubrun   Bobrun / Beaubrun   Saint-Etienne / Saint-Étienne
saintétienne / Saint-Étienne   Firminie / Firminy   Rive de Gié / Rive-de-Gier
Villeurbane / Villeurbanne   parcourssup / Parcoursup   parcour sup / Parcoursup
anti terroriste / antiterroriste   visio conférence / visioconférence   smart phone / smartphone
wifi / wi-fi   auto école / auto-école   porte parole / porte-parole   sans-papier / sans papiers
quartier generale / quartier général   commissaria / commissariat   comissariat / commissariat
désobéisance / désobéissance   dezobéir / désobéir   imigré / immigré   raciste / racistes
rassisme / racisme   négossiation / négociation   licensiement / licenciement
licenciment / licenciement   cotisassion / cotisation   bibliotèque / bibliothèque
téatre / théâtre   ortographe / orthographe   ryhtme / rythme   éléction / élection
asemblée / assemblée
""")
FIRST_APART = pairs("""
police / polisson   polir / politique   cour / courrier   course / courage   marché / marcher
organe / orgue   poste / imposteur   poste / postillon   posture / poster   content / contenu
son / sonde   songe / son   livre / ivre   cause / causette   causer / encaisser   mine / minet
mine / minorité   mineur / minerai   bande / bander   bandit / bandage   banc / banque
grève / grever   grève / grief   patron / patronyme   patrie / patron   salaire / salade
ouvrier / ouverture   usine / user   revenu / revendiquer   négoce / négation   mobile / mobilier
bloc / bloguer   cortège / corset   collecte / collège   collectif / collecter
mutuelle / mutation   squat / squale   logis / logistique   bail / baillonner   propre / propriété
propreté / propriétaire   bailler / bâiller   urbain / turban   ban / banlieue   quart / quartier
communal / communauté   commune / commun   parti / partiel   Paris / pari   pari / parier
Lyon / lion   Nantes / nantir   Lille / île   Tours / tour   Grenoble / noble
Bretagne / bretelle   Europe / européanisme   Chine / chiner   Mali / malin   Marx / marque
Macron / macaron   flic / flip   gens / gendre   matraque / matrice   tabac / tabasser
perquisition / perspective   interpeller / peler   contrôle / contrordre   verbe / verbaliser
filature / filtrer   mouche / mouchoir   mouchard / moucher   délation / délai   dénoncer / noncer
fichier / fichu   ficher / affiche   trace / tracas   tracteur / tract   traquer / tracer
identité / identique   crypte / crypter   pirate / pire   programme / progrès   robot / robe
robinet / robot   connexion / connerie   télévision / télégraphe   diffus / diffuser
diffamer / diffuser   audit / auditeur   audience / audace   régistre / régisseur   juste / jus
juge / jungle   juger / jurer   magistral / magistrat   avocat / avaler   tribu / tribunal
tribune / tribut   pénal / peine   légion / légal   légende / légal   loi / loin   loisir / loi
condamner / damer   accuser / accueillir   prévenir / revenir   prévention / prévenu
car / carcéral   taule / tôlier   enfermer / affirmer   retenue / retentir   reclus / réclame
hôpital / hospice   hostile / hôte   soin / soirée   soigner / saigner   infirme / infime
infirmer / infirmière   malade / maladroit   mal / malle   guérir / guère   guerre / guérilla
psychose / psychiatre   vaccin / vache   médical / médiocre   média / médecin
médiation / médicament   épidémie / épiderme   handicap / handball   avorter / avoir
maternel / matériel   sexe / sexagénaire   harceler / harpe   viol / violon   violence / violet
viol / violette   patriarche / patriote   lesbienne / lesté   école / écologie
économie / écologie   pollen / pollution   climat / climatisation   forêt / foret   forage / forêt
agricole / agrafe   maraîcher / marais   pesticide / peste   nucléaire / nuque
énergie / énervement   éolien / éolienne   cycle / recyclage   exil / exiger   refuge / refuser
réfugié / réfuter   immigré / immigrant   migraine / migrant   front / frontière
régulier / règle   clan / clandestin   colon / colonne   colonel / colonie   esclave / esclandre
race / racine   racine / racisme   raciste / raclée   chant / champ   chanter / chantier
chantage / chant   chance / chanson   guitare / guillotine   batteur / bateau   battre / bâtir
rap / râpe   rapper / frapper   poète / poêle   festival / festin   enseigne / enseigner
éducation / édredon   scolaire / scolopendre   lycée / lice   univers / universel
étude / étudiant   former / formule   forme / formol   apprendre / apprêter   mobile / automobile
cycliste / cyclone   pied / piège   piéton / piété   cheminot / cheminée   chemin / cheminot
camion / camomille   couture / couteau   coudre / coude   tissu / tir   métal / métaphore
ménager / manège   mai / maire   maïs / maison   coût / coup   août / outil   clé / clerc
œuvre / ouvrir   cuisse / cuisson   cuir / cuire   compte / conte   comte / compte
compter / conter   tache / tâche   cote / côte   sur / sûr   dû / du   jeune / jeûne
notre / nôtre   roder / rôder   mâter / mater   pâle / pale   foret / forêt   censé / sensé
dessein / dessin   amende / amande   ancre / encre   balade / ballade   chaîne / chêne
voix / voie   sceau / seau   ère / aire   plainte / plinthe   repaire / repère   martyr / martre
satire / satyre   résonner / raisonner   raisonner / résoudre
""")

SECOND_FOUND = pairs("""
trahison / trahir   mensonge / mentir   menteuse / mentir   fusillade / fusiller   noyade / noyer
pendaison / pendre   vengeance / venger   délivrance / délivrer   tendresse / tendre
sagesse / sage   tristesse / triste   solitude / seul   certitude / certain   habitude / habituel
multitude / multiple   héros / héroïque   mythe / mythologie   fleuve / fluvial
dépendance / dépendre   indépendantiste / indépendance   autonomiste / autonomie
souveraineté / souverain   bénévolat / bénévole   adhérent / adhésion   adhérer / adhésion
dissident / dissidence   sédition / séditieux   clandestin / clandestinité   saisie / saisir
amnistie / amnistier   gracier / grâce   récidiviste / récidive   parloirs / parloir
mitard / mitards   peine / pénible   garde-à-vue / garde à vue   comparution / comparaître
plaidoirie / plaider   témoignage / témoin   témoigner / témoin   aveu / avouer
soupçon / soupçonner   suspicion / suspect   preuve / prouver   jurisprudence / jurisprudences
décret / décréter   amendement / amender   abrogation / abroger   ratification / ratifier
référendum / référendaire   scrutin / scrutateur   abstention / s’abstenir
candidat / candidature   maires / mairesse   intercommunalité / intercommunal
subvention / subventionner   bétonnage / béton   rénovation / rénover   démolition / démolir
relogement / reloger   colocataire / colocation   hébergement / héberger   mendiant / mendicité
stéphanoises / stéphanois   roannais / Roanne   grenobloises / Grenoble   forézien / Forez
vellave / Velay   alsacien / Alsace   normande / Normandie   québécois / Québec
ukrainienne / Ukraine   russe / Russie   rwandais / Rwanda   marocaines / Maroc
tunisien / Tunisie   guinéenne / Guinée   afghan / Afghanistan   iranienne / Iran
italien / Italie   grecque / Grèce   trumpiste / Trump   bolsonariste / Bolsonaro
freudien / Freud   anarcho-syndicaliste / anarchosyndicaliste   maoïste / Mao   orwellien / Orwell
épandage / épandre   semence / semer   récolte / récolter   irrigation / irriguer
sécheresses / sec   élevage / éleveuse   abattage / abattre   braconnier / braconnage
chasse / chasseur   compostage / composter   jardinage / jardinière   gaspillage / gaspiller
émission / émettre   réchauffement / réchauffer   inondable / inonder   contaminé / contamination
irradié / irradiation   radioactivité / radioactif   sage-femme / sages-femmes
accouchement / accoucheuse   allaitement / allaiter   dépistage / dépister
diagnostic / diagnostiquer   ordonnance / ordonnances   addiction / addictif
dépression / dépressif   suicidaire / suicide   syndrome / syndromes   prothèse / prothésiste
surdité / sourd   aveuglement / aveugler   boiteuse / boiter   paralysie / paralyser
transphobe / transphobie   consentement / consentir   mariage / marital   divorcée / divorcer
ménopause / ménopausée   lesbophobe / lesbophobie   virilisme / viril   masculiniste / masculin
hétérosexuel / hétérosexualité   violoncelliste / violoncelle   percussionniste / percussion
compositrice / composer   chorale / choriste   improvisation / improviser
enregistrement / enregistreuse   fanfares / fanfaron   disquaire / disque   mélodie / mélodieux
rythmique / rythme   scénique / scène   théâtreux / théâtre   logicielle / logiciel
codeuse / code   cryptographie / crypté   géolocalisation / géolocaliser   modération / modérateur
plateforme / plateformisation   ubérisation / Uber   algorithmes / algorithmique
prédictif / prédiction   autocollant / autocollants   graffeur / graffiti   colleuse / collage
soudeur / soudure   cariste / caristes   manutention / manutentionnaire   caissière / caisse
livreuse / livraison   éboueuse / éboueurs   XIXe / 19e   3e / troisième   10ème / dixième
porte-parole / porteparole   socioculturel / socio-culturel   euro / euros
""")
SECOND_TYPED = pairs("""
subension / subvention   préfécture / préfecture   sociollogie / sociologie
autonaumie / autonomie   éxpulsion / expulsion   gréviste / grévistes   assamblée / assemblée
bénévolla / bénévolat   sindicaliste / syndicaliste   fasisme / fascisme   boicot / boycott
ecolojie / écologie   psikiatrie / psychiatrie   téléfone / téléphone   caméraz / caméra
survellance / surveillance   comunication / communication   intélijance / intelligence
pri son / prison   micro trotoir / micro-trottoir   data centers / data center
week ends / week-end   face à face / face-à-face   autostop / auto-stop   libertée / liberté
désentralisation / décentralisation
""")
SECOND_APART = pairs("""
trahir / traîner   mentir / menton   pendre / penser   sage / sagaie   tendre / tenture
triste / trier   héros / hérisson   mythe / mite   flux / fluvial   certain / certificat
dissident / dissiper   saisir / saison   grâce / gras   plaider / plaire   plaie / plainte
témoin / témérité   preuve / prévoir   amende / amendement   abri / abricot   ration / rater
scruter / scrupule   candidat / candide   maire / mairain   subvenir / souvenir   béton / bête
novice / novembre   démolir / démon   héberger / berger   mendier / amender   semer / semaine
semence / semelle   récolte / recoller   irriguer / irriter   compost / composer
gaspiller / gastrique   inonder / onde   chasse / châssis   chasser / chaussure   élève / élevage
allaiter / aller   piste / piston   addition / addiction   dépression / dépêche
prothèse / protester   sourd / source   consentir / consterner   divorce / diversité
ménopause / ménage   virus / viril   masque / masculin   disque / discuter   scène / scie
mélodie / mélange   rythme / rime   code / codétenu   modérer / moderne   prédire / prédateur
graffiti / greffe   colle / collègue   souder / soudain   carte / carie   main / maintenir
caisse / caissette   livret / lièvre   euro / heureux   front / affront   lycéen / licence
préfet / préférer   préfecture / perfection   rue / ruer   ruse / russe   grec / gréer
mafia / mafflu   squelette / squat   tract / traction   fusil / fusée   balle / ballon
bombe / bombance   grenade / grenadine   casque / casquette   bouclier / boucle
tribunal / tribune   jury / juron   police / polichinelle   milice / millier   garde / gare
prison / prise   parloir / parlement   cellule / cellier   barreau / barrage
""")
