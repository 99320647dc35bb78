"""Debates: two people, each of whom names the other; and who says what in three episodes."""

from pathlib import Path

from radio.archive import Archive
from radio.text.transcript import Cue
from tests.heard import write_cues
from tests.search.episodes import begun, put
from tests.search.lists import rows

DEBATE = "2024-01-10-debat"
SAID = (
    ("Noé", "Bonsoir, ici Noé, et nous parlons des caméras de la ville."),
    ("Noé", "La CNIL a rendu son avis."),
    ("Audrey", "Noé, tu oublies la Commission de l’informatique."),
    ("Audrey", "Une caméra coûte cher"),
    ("Noé", "Et personne ne regarde les écrans de la mairie."),
)


def speak(archive: Archive, key: str, status: str = "machine") -> None:
    cues = (Cue(5.0 * n, 5.0 * n + 4.5, text, voice) for n, (voice, text) in enumerate(SAID))
    write_cues(archive, key, *cues, status=status)


def write_voices(root: Path) -> Archive:
    archive = begun(root, "La Machine")
    for slug, seconds, *lines in rows("voices", "episodes"):
        cues = [
            Cue(4.0 * place, 4.0 * place + 3.5, said.strip(), voice)
            for place, (voice, _, said) in enumerate(line.partition(":") for line in lines)
        ]
        put(archive, slug, *cues, title=f"Le titre {slug[11:]}", seconds=float(seconds))
    return archive
