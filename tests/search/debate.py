"""A debate of two people, each of whom names the other."""

from radio.archive import Archive
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, render_vtt

SAID = (
    ("Noé", "Bonsoir, ici Noé, et nous parlons des caméras de la ville."),
    ("Noé", "La CNIL a rendu son avis."),
    ("Audrey", "Noé, tu oublies la Commission de l’informatique."),
    ("Audrey", "Une caméra coûte cher"),
    ("Noé", "Et personne ne regarde les écrans de la mairie."),
)


def speak(archive: Archive, key: str, status: str = "machine") -> None:
    cues = tuple(Cue(5.0 * n, 5.0 * n + 4.5, text, voice) for n, (voice, text) in enumerate(SAID))
    text = render_vtt(Transcript(cues, {"status": status}))
    write_whole(archive.vtt_path(key), text.encode())
