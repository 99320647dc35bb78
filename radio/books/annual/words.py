"""The words of the report of a year, in French and English."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportWords:
    """What the report says, in one language."""

    language: str
    title: str
    in_figures: str
    of_year: str
    kept: str
    added: str
    episodes: tuple[str, str]
    hours: str
    transcribed: str
    reread: str
    withdrawn: str
    unwatched: str
    by_month: str
    shows: str
    themes: str
    people: str
    producers: str
    none: str
    list: str
    list_note: str
    columns: tuple[str, ...]
    texts: dict[str, str]  # who answers for a text
    colon: str
    decimal: str


FRENCH = ReportWords(
    language="fr",
    title="Rapport de l’année {year}",
    in_figures="En chiffres",
    of_year="Diffusé en {year}",
    kept="Dans l’archive à la fin de {year}",
    added="Entré dans l’archive en {year}",
    episodes=("{n} épisode", "{n} épisodes"),
    hours="{hours} h {minutes:02d}",
    transcribed="Part transcrite, qui se lit et se cherche",
    reread="Part relue par une personne",
    withdrawn="Retirés, comptés et pas nommés",
    unwatched=(
        "L’écoute n’est pas comptée\N{NO-BREAK SPACE}: le site ne garde ni adresse ni trace de ses "
        "visites, et personne n’y est observé."
    ),
    by_month="Heures diffusées, mois par mois",
    shows="Émissions",
    themes="Thèmes",
    people="Personnes entendues",
    producers="Collectifs",
    none="Rien n’est noté.",
    list="Programmes locaux",
    list_note=(
        "Produits par la radio ou les collectifs nommés, dans l’ordre de diffusion, comme un fonds "
        "de soutien (FSER) les demande\N{NO-BREAK SPACE}: titre, date, durée."
    ),
    columns=("Titre", "Date", "Durée", "Émission", "Par", "Texte"),
    texts={"machine": "de la machine", "changed": "relu en partie", "reread": "relu"},
    colon="\N{NO-BREAK SPACE}: ",
    decimal=",",
)
ENGLISH = ReportWords(
    language="en",
    title="Report of the year {year}",
    in_figures="In figures",
    of_year="Broadcast in {year}",
    kept="In the archive at the end of {year}",
    added="Taken into the archive in {year}",
    episodes=("{n} episode", "{n} episodes"),
    hours="{hours} h {minutes:02d}",
    transcribed="Share transcribed, to be read and searched",
    reread="Share reread by a person",
    withdrawn="Withdrawn, counted and not named",
    unwatched=(
        "Listening is not counted: the site keeps neither addresses nor traces of its visits, and "
        "nobody is watched."
    ),
    by_month="Hours broadcast, month by month",
    shows="Shows",
    themes="Themes",
    people="People heard",
    producers="Collectives",
    none="Nothing is noted.",
    list="Local programmes",
    list_note=(
        "Made by the radio or the collectives that are named, in the order of broadcast, as a "
        "support fund asks for them: title, date, length."
    ),
    columns=("Title", "Date", "Length", "Show", "By", "Text"),
    texts={"machine": "by machine", "changed": "partly reread", "reread": "reread"},
    colon=": ",
    decimal=".",
)
LANGUAGES = {"fr": FRENCH, "en": ENGLISH}
