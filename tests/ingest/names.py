"""Names of recordings as they lie on disks, with what a person reads in them."""

from dataclasses import dataclass

from radio.episode import Show
from radio.tags import Tags

LMAD = Show("lmad", "La Machine à découdre", station="Radio Dio")
DISSONANTES = Show("les-dissonantes", "Les Dissonantes", station="Radio Canut")
ACTU = Show("actu-des-luttes", "L’Actu des luttes", station="Fréquence Paris Plurielle")
MINUIT = Show("minuit-decousu", "Minuit Décousu")
ZEC = Show("zec", "Zones à écouter ensemble")


@dataclass(frozen=True)
class Named:
    """A path, its tags, and what is known by them."""

    path: str
    date: str  # 2023-05-12, 2023-05, 2023, or nothing
    told_by: str
    title: str
    people: str
    number: int | None
    season: int | None
    tags: Tags
    show: Show = LMAD


def named(
    path: str,
    date: str = "",
    title: str = "",
    *,
    by: str = "name",
    people: str = "",
    number: int | None = None,
    season: int | None = None,
    tags: Tags | None = None,
    show: Show = LMAD,
) -> Named:
    """Write a row; a name that says nothing of something leaves it out."""
    told_by = by if date else ""
    return Named(path, date, told_by, title, people, number, season, tags or Tags(), show)


def tagged(title: str = "", date: str = "", artists: tuple[str, ...] = (), album: str = "") -> Tags:
    """Write the tags of a row."""
    return Tags(title, date, artists=artists, album=album)


WORDS = (
    named("LMAD 12 mai 2023.mp3", "2023-05-12"),
    named("La Machine à découdre - 12 mai 2023 - Les caméras.mp3", "2023-05-12", "Les caméras"),
    named("1er juin 2023 - Reconnaissance faciale.mp3", "2023-06-01", "Reconnaissance faciale"),
    named("1 juin 2023.mp3", "2023-06-01"),
    named("mardi 3 oct. 2023.mp3", "2023-10-03"),
    named("Mardi 3 octobre 2023 - La rafle.mp3", "2023-10-03", "La rafle"),
    named("MAR 3 OCT 2023 LA RAFLE.mp3", "2023-10-03", "LA RAFLE"),
    named("émission du 14 février 2022.mp3", "2022-02-14"),
    named("Emission du 14 fevrier 2022 version def (1).mp3", "2022-02-14"),
    named("LMAD_12_mai_2023_les_cameras_de_la_ville.mp3", "2023-05-12", "Les cameras de la ville"),
    named("lmad-12-mai-2023-les-puces.mp3", "2023-05-12", "Les puces"),
    named("12mai2023.mp3", "2023-05-12"),
    named("lmad12mai23.mp3", "2023-05-12"),
    named("Machine à découdre du 8 déc 21.mp3", "2021-12-08"),
    named("LMAD 31 AOUT 2020 FINAL.wav", "2020-08-31"),
    named("LMAD du mercredi 20 août 2020 20h.mp3", "2020-08-20"),
    named("le 5 sept. 2019, la police prédictive.mp3", "2019-09-05", "La police prédictive"),
    named("Les drones (12 mai 2023).mp3", "2023-05-12", "Les drones"),
    named("Les drones, 12 mai 2023.mp3", "2023-05-12", "Les drones"),
    named("May 12, 2023 - Drones.mp3", "2023-05-12", "Drones"),
    named("12 May 2023.mp3", "2023-05-12"),
    named("2023 mai 12 les drones.mp3", "2023-05-12", "Les drones"),
    named("Les drones - jeudi 11 mai 2023 - 20h30.mp3", "2023-05-11", "Les drones"),
    named("12 et 13 mai 2023 - week-end.mp3", "2023-05-12", "Week-end"),
    named("janv 2021.mp3", "2021-01"),
    named("LMAD mars 2019.mp3", "2019-03"),
    named("LMAD - Mars 2019 - Fichage.mp3", "2019-03", "Fichage"),
)

NUMBERS = (
    named("2023-05-12.mp3", "2023-05-12"),
    named("2023-05-12 Les caméras.mp3", "2023-05-12", "Les caméras"),
    named("20230512_Les caméras.mp3", "2023-05-12", "Les caméras"),
    named("20230512-les-cameras.mp3", "2023-05-12", "Les cameras"),
    named("2023_05_12_les_cameras.mp3", "2023-05-12", "Les cameras"),
    named("2023.05.12.mp3", "2023-05-12"),
    named("2023 05 12 lmad.mp3", "2023-05-12"),
    named("17.03.2023.mp3", "2023-03-17"),
    named("LMAD 17.03.2023.mp3", "2023-03-17"),
    named("LMAD_17-03-2023_def.mp3", "2023-03-17"),
    named("LMAD_17_03_2023.mp3", "2023-03-17"),
    named("LMAD 17:03:2023 les puces.mp3", "2023-03-17", "Les puces"),
    named("7-4-23.mp3", "2023-04-07"),
    named("LMAD 7-4-23.mp3", "2023-04-07"),
    named("07.04.23 la bac.mp3", "2023-04-07", "La bac"),
    named("LMAD_07_04_23.mp3", "2023-04-07"),
    named("07 04 23 lmad.mp3", "2023-04-07"),
    named("120523.mp3", "2023-05-12"),
    named("LMAD120523.mp3", "2023-05-12"),
    named("lmad_120523_final.mp3", "2023-05-12"),
    named("LMAD 310122 export.mp3", "2022-01-31"),
    named("12052023.mp3", "2023-05-12"),
    named("LMAD-12052023.mp3", "2023-05-12"),
    named("20102010.mp3", "2010-10-20"),
    named("250513.mp3", "2013-05-25"),
    named("2023-25-05.mp3", "2023-05-25"),
    named("05-25-2023.mp3", "2023-05-25"),
    named("991231 réveillon.mp3", "1999-12-31", "Réveillon"),
    named("LMAD 2023-05-12T20-00-00.mp3", "2023-05-12"),
    named("20230512_200000.wav", "2023-05-12"),
    named("20230512200000.wav", "2023-05-12"),
    named("REC_20230512-200001.wav", "2023-05-12"),
    named("AUD-20230512-WA0003.mp3", "2023-05-12"),
    named("WhatsApp Audio 2023-05-12 at 20.00.01.mp3", "2023-05-12"),
    named("2019-03.mp3", "2019-03"),
    named("03-2019 bilan.mp3", "2019-03", "Bilan"),
    named("2019-W12-2.mp3", "2019-03-19"),
    named("LMAD 2019-S12.mp3", "2019-03"),
    named("LMAD semaine 12 2019.mp3", "2019-03"),
)

FOLDERS = (
    named("2019/03 - mars/12 - les compteurs.mp3", "2019-03-12", "Les compteurs", by="folder"),
    named("2019/03 - mars/mardi 12.mp3", "2019-03-12", by="folder"),
    named("2019/03 - mars/LMAD 12.mp3", "2019-03", by="folder", number=12),
    named("2019/03 - mars/le 12 les compteurs.mp3", "2019-03-12", "Les compteurs", by="folder"),
    named("2019/03 - mars/les compteurs.mp3", "2019-03", "Les compteurs", by="folder"),
    named("2019/03/les compteurs.mp3", "2019-03", "Les compteurs", by="folder"),
    named("2019/mars/12 mars.mp3", "2019-03-12", by="folder"),
    named("2019/03/12/les compteurs.mp3", "2019-03-12", "Les compteurs", by="folder"),
    named("2019/12-03 les compteurs.mp3", "2019-03-12", "Les compteurs", by="folder"),
    named("2019/LMAD 12-03.mp3", "2019-03-12", by="folder"),
    named("2019/12 mars - les compteurs.mp3", "2019-03-12", "Les compteurs", by="folder"),
    named("2019/1er avril.mp3", "2019-04-01", by="folder"),
    named("2019/les compteurs.mp3", "2019", "Les compteurs", by="folder"),
    named("LMAD 2019/12_03.mp3", "2019-03-12", by="folder"),
    named("archives 2018/mardi 13 mars/def.mp3", "2018-03-13", by="folder"),
    named("mars 2019/les compteurs.mp3", "2019-03", "Les compteurs", by="folder"),
    named("2019-03/12.mp3", "2019-03-12", by="folder"),
    named("2019-03-12 les compteurs/montage.mp3", "2019-03-12", "Les compteurs", by="folder"),
    named("2019-03-12/Les compteurs.mp3", "2019-03-12", "Les compteurs", by="folder"),
    named("12 mars 2019/Piste 1.mp3", "2019-03-12", by="folder"),
    named("Saison 2018-2019/12 mars.mp3", "2019-03-12", by="folder"),
    named("Saison 2018-2019/4 octobre - rentrée.mp3", "2018-10-04", "Rentrée", by="folder"),
    named("Saison 2018-2019/les puces.mp3", "", "Les puces"),
    named("saison 3/les puces.mp3", "", "Les puces", season=3),
    named("2018/LMAD 2019-03-12.mp3", "2019-03-12"),
    named("2023/230512.mp3", "2023-05-12"),
    named("2012/230512.mp3", "2012-05-23"),
    named("2023/23-05-12 les puces.mp3", "2023-05-12", "Les puces"),
    named("sauvegarde 2024-01-01/les puces.mp3", "", "Les puces"),
    named("backup 2024/12 mars 2019.mp3", "2019-03-12"),
    named("2019/S12/les puces.mp3", "2019", "Les puces", by="folder"),
    named("2019/semaine 12/les puces.mp3", "2019-03", "Les puces", by="folder"),
)

TAGS = (
    named("x.mp3", "2024-03-19", "L’œil", by="tags", tags=tagged("L’œil", "2024-03-19")),
    named("x.mp3", "2024-03-19", "L’œil", by="tags", tags=tagged("L’œil", "2024-03-19T20:00:00Z")),
    named("Piste 1.mp3", "2023-09-12", by="tags", tags=tagged("Piste 1", "12/09/2023")),
    named("x.mp3", "2023-09-12", "X", by="tags", tags=tagged("", "12 septembre 2023")),
    named("2023-06-27 les puces.mp3", "2023-06-27", "Les puces", tags=tagged("", "1970-01-01")),
    named("les puces.mp3", "", "Les puces", tags=tagged("", "1970-01-01")),
    named("les puces.mp3", "", "Les puces", tags=tagged("", "1900")),
    named("les puces.mp3", "", "Les puces", tags=tagged("", "2031-05-12")),
    named("les puces.mp3", "", "Les puces", tags=tagged("", "0000")),
    named("les puces.mp3", "", "Les puces", tags=tagged("untitled", "n/a")),
    named("les puces.mp3", "2019", "Les puces", by="tags", tags=tagged("", "2019")),
    named("les puces.mp3", "2019", "Les puces", by="tags", tags=tagged("", "2019-01-01")),
    named("les puces.mp3", "2019-03", "Les puces", by="tags", tags=tagged("", "2019-03")),
    named("12 mars les puces.mp3", "2019-03-12", "Les puces", by="tags", tags=tagged("", "2019")),
    named("2019-03-12 les puces.mp3", "2019-03-12", "Les puces", tags=tagged("", "2020-01-15")),
    named("2019-03-12.mp3", "2019-03-12", "Les puces", tags=tagged("Les puces", "2019")),
    named("230512.mp3", "2023-05-12", tags=tagged("", "2023")),
    named("2019/x.mp3", "2019-03-12", "Les puces", by="tags", tags=tagged("Les puces", "20190312")),
    named("x.mp3", "2023-05-12", "Drones", by="tags", tags=tagged("LMAD du 12 mai 2023 : Drones")),
    named("les puces.mp3", "", "Les puces", tags=tagged("Track 01")),
    named("les puces.mp3", "", "Les puces", tags=tagged("Audacity")),
    named("les puces.mp3", "", "Les puces", tags=tagged("sans titre")),
    named("les puces.mp3", "", "Les puces", tags=tagged("La Machine à découdre")),
    named("lmad.mp3", "", "Les caméras", tags=tagged("Les camÃ©ras")),
    named("x.mp3", "", "L’été", tags=tagged("Lâ€™Ã©tÃ©")),
    named("les puces.mp3", "", "Les puces", tags=tagged("LMAD_def_mix2.wav")),
    named("les puces.mp3", "", "Les puces", tags=tagged("http://www.example.org")),
    named("les puces.mp3", "", "Les puces", season=4, tags=tagged("", album="LMAD - saison 4")),
)

TITLES = (
    named("LMAD - les puces - version def (1).mp3", "", "Les puces"),
    named("les puces final.mp3", "", "Les puces final"),
    named("les puces_final.mp3", "", "Les puces"),
    named("les puces - FINAL 2.wav", "", "Les puces"),
    named("les puces VF.mp3", "", "Les puces"),
    named("les puces mix.wav", "", "Les puces mix"),
    named("les puces - mix.wav", "", "Les puces"),
    named("les puces (2).mp3", "", "Les puces"),
    named("les puces - Copie.mp3", "", "Les puces"),
    named("Copie de les puces.mp3", "", "Les puces"),
    named("les puces - copie (3).mp3", "", "Les puces"),
    named("les puces_export_128k.mp3", "", "Les puces"),
    named("les puces 128kbps 44100.mp3", "", "Les puces"),
    named("les puces [192 kbps].mp3", "", "Les puces"),
    named("les-puces-44100Hz-stereo.mp3", "", "Les puces"),
    named("LMAD PAD les puces.mp3", "", "Les puces"),
    named("les puces v2.mp3", "", "Les puces"),
    named("les puces-ok.mp3", "", "Les puces"),
    named("le grand final.mp3", "", "Le grand final"),
    named("la copie.mp3", "", "La copie"),
    named("le_grand_mix.mp3", "", "Le grand mix"),
    named("les micros de la rue.mp3", "", "Les micros de la rue"),
    named("les-micros_de-la-rue.mp3", "", "Les micros de la rue"),
    named("Le porte-parole de la CNIL.mp3", "", "Le porte-parole de la CNIL"),
    named("Fichage - deuxième partie.mp3", "", "Fichage - deuxième partie"),
    named("camÃ©ras.mp3", "", "Caméras"),
    named("dÃ©couper la ville.mp3", "", "Découper la ville"),
    named("les%20puces%202023-05-12.mp3", "2023-05-12", "Les puces"),
    named("les+puces+2023-05-12.mp3", "2023-05-12", "Les puces"),
    named("Mai 68.mp3", "", "Mai 68"),
    named("Le 17 octobre 1961.mp3", "", "Le 17 octobre 1961"),
    named("JO 2024.mp3", "", "JO 2024"),
    named("1984.mp3", "", "1984"),
    named("04 77 12 34 56.mp3", "", "04 77 12 34 56"),
    named("0477123456.mp3", "", "0477123456"),
    named("100 jours de surveillance.mp3", "", "100 jours de surveillance"),
    named("24 heures en garde à vue.mp3", "", "24 heures en garde à vue"),
    named("LMAD 2019-05-04 Retour sur le 1er mai.mp3", "2019-05-04", "Retour sur le 1er mai"),
    named("2023-05-04 La manif du 1er mai 2023.mp3", "2023-05-04", "La manif du 1er mai 2023"),
    named("Piste 1.mp3"),
    named("ZOOM0012.wav"),
    named("Nouvel enregistrement 14.m4a"),
    named("13h12 le direct.mp3", "", "13h12 le direct"),
    named("2035-05-12 futur.mp3", "", "2035-05-12 futur"),
    named("31-02-2023.mp3", "", "31-02-2023"),
)

EPISODES = (
    named("LMAD#12.mp3", number=12),
    named("MAD#12 les puces.mp3", "", "Les puces", number=12),
    named("LMAD_034.mp3", number=34),
    named("LMAD_034_les_puces.mp3", "", "Les puces", number=34),
    named("LMAD 12 - les puces.mp3", "", "Les puces", number=12),
    named("émission n°12 - les puces.mp3", "", "Les puces", number=12),
    named("Emission 12 du 12 mai 2023.mp3", "2023-05-12", number=12),
    named("ep 3 les puces.mp3", "", "Les puces", number=3),
    named("Épisode 3 : les puces.mp3", "", "Les puces", number=3),
    named("S02E04 les puces.mp3", "", "Les puces", number=4, season=2),
    named("LMAD s2e4.mp3", number=4, season=2),
    named("LMAD saison 2 épisode 4.mp3", number=4, season=2),
    named("LMAD n° 7 - 2023-05-12 - les puces.mp3", "2023-05-12", "Les puces", number=7),
    named("La Machine A Decoudre #21 (12-05-23).mp3", "2023-05-12", number=21),
    named("la-machine-a-decoudre-ep12-les-puces.mp3", "", "Les puces", number=12),
    named("machineadecoudre 17.03.2023.mp3", "2023-03-17"),
    named("LMAD 12 conseils pour manifester.mp3", "", "12 conseils pour manifester"),
    named("#8mars.mp3", "", "#8mars"),
    named("Radio Dio - LMAD - 12 mai 2023 - les puces.mp3", "2023-05-12", "Les puces"),
    named("03 - les puces.mp3", "", "Les puces"),
    named("lmad_2019_s02e04_les_puces.mp3", "2019", "Les puces", number=4, season=2),
)

PEOPLE = (
    named("x.mp3", "", "X", people="Camille, Zoé", tags=tagged(artists=("Camille ; Zoé",))),
    named("x.mp3", "", "X", people="Camille, Zoé", tags=tagged(artists=("Camille", "Zoé"))),
    named("x.mp3", "", "X", people="Camille, Zoé", tags=tagged(artists=("Camille / Zoé",))),
    named(
        "x.mp3",
        "",
        "X",
        people="Camille, Zoé, Anna",
        tags=tagged(artists=("Camille, Zoé et Anna",)),
    ),
    named(
        "x.mp3", "", "X", people="Camille Roux, Zoé", tags=tagged(artists=("Camille Roux & Zoé",))
    ),
    named(
        "x.mp3", "", "X", people="Camille (invitée)", tags=tagged(artists=("Camille (invitée)",))
    ),
    named("x.mp3", "", "X", people="Zoé", tags=tagged(artists=("avec Zoé",))),
    named("x.mp3", "", "X", tags=tagged(artists=("La Machine à découdre",))),
    named("x.mp3", "", "X", tags=tagged(artists=("LMAD", "Radio Dio"))),
    named("x.mp3", "", "X", tags=tagged(artists=("Artiste inconnu",))),
    named("x.mp3", "", "X", people="Zoé", tags=tagged(artists=("ZoÃ©",))),
    named(
        "2023-05-12 les puces avec Camille, Zoé et Anna.mp3",
        "2023-05-12",
        "Les puces avec Camille, Zoé et Anna",
        people="Camille, Zoé, Anna",
    ),
    named(
        "les puces (avec Camille Roux).mp3",
        "",
        "Les puces (avec Camille Roux)",
        people="Camille Roux",
    ),
    named("vivre avec les puces.mp3", "", "Vivre avec les puces"),
    named(
        "x.mp3", "", "X", people="Collectif Dix Juin", tags=tagged(artists=("Collectif Dix Juin",))
    ),
)

FIRST = (*WORDS, *NUMBERS, *FOLDERS, *TAGS, *TITLES, *EPISODES, *PEOPLE)

STRANGERS = (
    named("Dissonantes_20220308_greve.mp3", "2022-03-08", "Greve", show=DISSONANTES),
    named("les dissonantes - 8 mars 2022.mp3", "2022-03-08", show=DISSONANTES),
    named("Les Dissonantes #43 Ménopause.mp3", "", "Ménopause", number=43, show=DISSONANTES),
    named("dissonantes-43-menopause.mp3", "", "Menopause", number=43, show=DISSONANTES),
    named(
        "2022.03.08-Les_Dissonantes-La_greve_feministe.ogg",
        "2022-03-08",
        "La greve feministe",
        show=DISSONANTES,
    ),
    named("DISSO 08 03 22 (mixé).wav", "2022-03-08", "DISSO", show=DISSONANTES),
    named("Actu des luttes du lundi 16 janvier 2023.mp3", "2023-01-16", show=ACTU),
    named("actu-des-luttes-16-01-23-retraites.mp3", "2023-01-16", "Retraites", show=ACTU),
    named("FPP_ActuDesLuttes_2023-01-16.mp3", "2023-01-16", show=ACTU),
    named(
        "L'Actu des Luttes 160123 - Retraites - 1ère partie.mp3",
        "2023-01-16",
        "Retraites - 1ère partie",
        show=ACTU,
    ),
    named(
        "lundi 16 janv - retraites.mp3",
        "2023-01-16",
        "Retraites",
        by="tags",
        tags=tagged("", "2023"),
        show=ACTU,
    ),
    named("janvier 2023/16 retraites.mp3", "2023-01", "16 retraites", by="folder", show=ACTU),
    named("2023/01-Janvier/Lundi 16/ADL.mp3", "2023-01-16", by="folder", show=ACTU),
    named("2023/Janvier/16.01.mp3", "2023-01-16", by="folder", show=ACTU),
    named("Janvier/2023/les retraites.mp3", "2023-01", "Les retraites", by="folder", show=ACTU),
    named("Minuit Décousu 2018-11-02 Les objets.mp3", "2018-11-02", "Les objets", show=MINUIT),
    named("Minuit décousu - 54 - Le silence.mp3", "", "Le silence", number=54, show=MINUIT),
    named("MINUIT_DECOUSU_54_LE_SILENCE_MASTER.wav", "", "LE SILENCE", number=54, show=MINUIT),
    named("md54.mp3", "", "Md54", show=MINUIT),
    named("54. Le silence.mp3", "", "Le silence", show=MINUIT),
    named("Saison 3/Ep. 05 - Le silence.mp3", "", "Le silence", number=5, season=3, show=MINUIT),
    named("S3/E05 Le silence.mp3", "", "Le silence", number=5, season=3, show=MINUIT),
    named("Le silence (S3 E5).mp3", "", "Le silence", number=5, season=3, show=MINUIT),
    named("Le silence - épisode 5.mp3", "", "Le silence", number=5, show=MINUIT),
    named("Le silence 5-5.mp3", "", "Le silence 5-5", show=MINUIT),
    named("vendredi 02 novembre.mp3", "", "Vendredi 02 novembre", show=MINUIT),
    named("ven 2 nov 18 minuit.mp3", "2018-11-02", "Minuit", show=MINUIT),
    named("Enregistrement 2018-11-02 23h58.mp3", "2018-11-02", show=MINUIT),
    named("Minuit_Decousu_diffusion_du_02_11_2018_PAD.mp3", "2018-11-02", show=MINUIT),
    named("2 novembre 2018 à 23h59.mp3", "2018-11-02", show=MINUIT),
    named(
        "ZEC - 21 juin 2021 - Fête de la musique.mp3", "2021-06-21", "Fête de la musique", show=ZEC
    ),
    named("zec21juin.mp3", "", "21juin", show=ZEC),
    named("ZAEE_04_2021.mp3", "2021-04", show=ZEC),
    named("zones a ecouter ensemble avril 2021.mp3", "2021-04", show=ZEC),
    named(
        "zones-a-ecouter-ensemble_2021-04-17_zad-et-terres.mp3",
        "2021-04-17",
        "Zad et terres",
        show=ZEC,
    ),
    named(
        "Zones à écouter ensemble n°3 (avril 2021) ZAD et terres.mp3",
        "2021-04",
        "ZAD et terres",
        number=3,
        show=ZEC,
    ),
    named("ZAD 2018.mp3", "", "ZAD 2018", show=ZEC),
    named("La ZAD du 9 avril 2018.mp3", "2018-04-09", "La ZAD du 9 avril 2018", show=ZEC),
    named("Procès du 8 décembre - 2023-10-03.mp3", "2023-10-03", "Procès du 8 décembre", show=ZEC),
    named(
        "2023-10-03 Procès du 8 décembre 2020.mp3",
        "2023-10-03",
        "Procès du 8 décembre 2020",
        show=ZEC,
    ),
    named("Interview Léa Roux 3-10-23 brut.wav", "2023-10-03", "Interview Léa Roux", show=ZEC),
    named("ITW lea roux 031023.wav", "2023-10-03", "ITW lea roux", show=ZEC),
    named("emission_complete_20231003.mp3", "2023-10-03", "Emission complete", show=ZEC),
    named("podcast-2023-10-03-v3-final.mp3", "2023-10-03", "Podcast", show=ZEC),
    named("Archive FPP/1998/Disque 3/Face A 12-05-98.mp3", "1998-05-12", "Face A", show=ACTU),
    named("K7 23 mars 1987 face B.wav", "1987-03-23", "K7 face B", show=ACTU),
    named("minidisc 12 (nov 2001).wav", "2001-11", "Minidisc 12", show=ACTU),
    named("20:00 2023-10-03.mp3", "2023-10-03", show=ZEC),
    named("2023-10-03 20h00 - 21h00.mp3", "2023-10-03", show=ZEC),
    named("x.mp3", "2021-03", "X", by="tags", tags=tagged("", "03/2021"), show=ZEC),
    named("x.mp3", "2021-03-05", "X", by="tags", tags=tagged("", "2021-03-05 20:00:00"), show=ZEC),
    named("x.mp3", "2021-03-05", "La rue", by="tags", tags=tagged("05/03/21 - La rue"), show=ZEC),
    named(
        "Émission.mp3",
        "",
        "La rue",
        people="Ana, Lou",
        tags=tagged("La rue", "", ("Ana et Lou",)),
        show=ZEC,
    ),
    named("la rue avec Ana.mp3", "", "La rue avec Ana", people="Ana", show=ZEC),
    named(
        "la rue.mp3",
        "",
        "La rue",
        people="Ana (technique), Lou (animation)",
        tags=tagged("", "", ("Ana (technique), Lou (animation)",)),
        show=ZEC,
    ),
    named("la rue.mp3", "", "La rue", tags=tagged("Track  7", "", ("Unknown Artist",)), show=ZEC),
    named("la rue [dQw4w9WgXcQ].m4a", "", "La rue", show=ZEC),
    named("1 - 2023-10-03 - la rue.mp3", "2023-10-03", "La rue", show=ZEC),
    named("Zone interdite 1312.mp3", "", "Zone interdite 1312", show=ZEC),
    named(
        "NE PAS DIFFUSER la rue 03.10.2023.mp3", "2023-10-03", "NE PAS DIFFUSER la rue", show=ZEC
    ),
    named(
        "rediff 2023-10-03 (orig. 12-05-2021).mp3",
        "2023-10-03",
        "Rediff (orig. 12-05-2021)",
        show=ZEC,
    ),
    named("le grand débat 3_10_2023-web.mp3", "2023-10-03", "Le grand débat", show=ZEC),
    named(
        "retraites_le_16_janvier_on_lache_rien_2023_01_18.mp3",
        "2023-01-18",
        "Retraites le 16 janvier on lache rien",
        show=ACTU,
    ),
)
