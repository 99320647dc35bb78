"""What a book says around the text that it holds, in French or English as its show speaks. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of a book in one language."""

    language: str
    cover: str
    contents: str
    about: str
    start: str  # of an episode, before its first chapter
    with_people: str
    made_by: str
    broadcast: str
    lasts: str
    license: str
    no_license: str
    listen: str
    music: str
    proposed: str
    machine: str
    changed: str
    reread: str
    unknown: str
    has_sound: str
    lacks_sound: str
    withholds_sound: str
    excerpts: str
    scan: str
    printed: str
    found: str
    archives: str  # below the title of a dossier
    all_said: str
    some_said: str
    selected: str
    is_text: str
    minutes: str = "{minutes} min"
    hours: str = "{hours} h {minutes:02d}"

    def lasting(self, seconds: float) -> str:
        """Write a duration as people say it."""
        hours, minutes = divmod(max(1, round(seconds / 60)), 60)
        return (self.hours if hours else self.minutes).format(hours=hours, minutes=minutes)


FRENCH = Words(
    language="fr",
    cover="Couverture",
    contents="Table des matières",
    about="À propos de ce livre",
    start="Début",
    with_people="Avec {names}",
    made_by="Fait par {names}",
    broadcast="Diffusé le {day}",
    lasts="Durée : {time}",
    license="Licence : {license}",
    no_license="Licence : non précisée ; demandez avant de rediffuser.",
    listen="À écouter et à citer : {address}",
    music="Musique, {time}",
    proposed="Les chapitres sont proposés par une machine, d’après la musique et les silences.",
    machine=(
        "Transcription automatique, non relue{made}. Elle contient des erreurs : "
        "seul l’enregistrement fait foi."
    ),
    changed=(
        "Transcription automatique, modifiée à la main{made}. Personne ne dit l’avoir relue en "
        "entier : seul l’enregistrement fait foi."
    ),
    reread="Transcription relue{made}.",
    unknown="On ne sait pas si cette transcription a été relue.",
    has_sound="Le texte suit la voix : l’enregistrement est dans ce livre, qui se lit sans réseau.",
    lacks_sound=(
        "Ce livre est sans le son : les liseuses ne prennent pas l’enregistrement ({kind}). "
        "Chaque phrase garde sa place, et l’épisode s’écoute à son adresse."
    ),
    withholds_sound="Ce livre est sans le son, qui n’est pas donné à télécharger. {reason}",
    excerpts="Ce livre est fait d’extraits, chacun avec l’adresse de l’épisode entier.",
    scan="Visez un code avec un téléphone : l’épisode s’ouvre à cette seconde.",
    printed="Livret fait par {program} à partir de {site}, texte du {day}.",
    found="Ce qui est dit de « {words} »",
    archives="Ce qu’en disent les archives",
    all_said="Passages : {passages}. Épisodes : {episodes}. Dans l’ordre du temps.",
    some_said=(
        "Passages : {passages}. Épisodes : {episodes}. Dans l’ordre du temps. Il y en a d’autres : "
        "la page du dossier les donne tous."
    ),
    selected="Passages : {passages}. Épisodes : {episodes}, sur {total} trouvés.",
    is_text="Ce livre est sans le son : chaque heure mène à l’épisode, à cette seconde.",
)

ENGLISH = Words(
    language="en",
    cover="Cover",
    contents="Contents",
    about="About this book",
    start="Beginning",
    with_people="With {names}",
    made_by="Made by {names}",
    broadcast="Broadcast on {day}",
    lasts="Length: {time}",
    license="Licence: {license}",
    no_license="Licence: not stated; ask before you rebroadcast.",
    listen="To hear and to quote: {address}",
    music="Music, {time}",
    proposed="The chapters are proposed by a machine, from music and silences.",
    machine="Machine transcript, not reread{made}. It has errors: only the recording is proof.",
    changed=(
        "Machine transcript, changed by hand{made}. Nobody says that all of it was reread: only "
        "the recording is proof."
    ),
    reread="Transcript reread by people{made}.",
    unknown="Nobody knows whether this transcript was reread.",
    has_sound="The text follows the voice: the recording is in this book; no network is needed.",
    lacks_sound=(
        "This book has no sound: reading systems don’t take the recording ({kind}). Each sentence "
        "keeps its place, and the episode can be heard at its address."
    ),
    withholds_sound="This book has no sound: it is not given to be downloaded. {reason}",
    excerpts="This book is made of excerpts, each with the address of the whole episode.",
    scan="Point a phone at a code: the episode opens at that second.",
    printed="Booklet made by {program} from {site}, text of {day}.",
    found="What is said of “{words}”",
    archives="What the archives say of it",
    all_said="Passages: {passages}. Episodes: {episodes}. In order of time.",
    some_said=(
        "Passages: {passages}. Episodes: {episodes}. In order of time. There are more: the page "
        "of the dossier gives them all."
    ),
    selected="Passages: {passages}. Episodes: {episodes}, of {total} found.",
    is_text="This book has no sound: each time leads to the episode, at that second.",
)


def words_of(language: str) -> Words:
    """Give the words for a language: French, or English for all others.

    >>> words_of("fr-CA").about, words_of("de").about
    ('À propos de ce livre', 'About this book')
    """
    return FRENCH if language.lower().startswith("fr") else ENGLISH
