"""Words to try lead somewhere: each is said in an episode that is public now."""

import dataclasses
import datetime as dt

from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Show
from radio.text.transcript import Cue, Transcript, render_vtt
from tests.search.episodes import indexed

TALKS = {
    "La carte des caméras": "Les caméras de Beaubrun ont une carte.",
    "Le compteur Linky": "Le compteur Linky compte, et les caméras aussi.",
    "Un jardin": "Le jardin est vendu, dit la CAF.",
    "Le secret de Polichinelle": "Un secret que personne ne dit : Polichinelle.",
    "Une licorne": "De cet animal nul ne parle.",
}


def fill(archive: Archive) -> None:
    archive.write_show(Show("emission", "Émission du jardin", glossary=("CAF", "Absente")))
    for day, (title, text) in enumerate(TALKS.items(), 1):
        slug = f"2024-01-{day:02d}-x"
        audio = Audio(f"{slug}.mp3", "0" * 64, 1, "audio/mpeg", 60.0)
        archive.write_episode(Episode("emission", slug, title, dt.date(2024, 1, day), audio, slug))
        archive.vtt_path(f"emission/{slug}").parent.mkdir(exist_ok=True)
        said = Transcript((Cue(0.0, 4.0, text),), {})
        archive.vtt_path(f"emission/{slug}").write_text(render_vtt(said), encoding="utf-8")


def withdraw(archive: Archive, slug: str) -> None:
    episode = archive.episode(f"emission/{slug}")
    archive.write_episode(dataclasses.replace(episode, status="withdrawn"))


def test_words_to_try_are_said_and_are_no_secret(archive: Archive) -> None:
    fill(archive)
    index = indexed(archive)
    assert {"CAF", "Linky", "caméras", "Polichinelle"} <= set(index.examples(9))
    assert not {"Absente", "licorne", "jardin"} & set(index.examples(9))
    withdraw(archive, "2024-01-04-x")  # the index does not know it yet
    words = index.examples(9)
    assert not {"Polichinelle", "secret"} & set(words)
    assert all(index.search(word).episodes[0].hits for word in words)
    assert len(index.examples()) == 4


def test_an_archive_without_words_has_none_to_try(archive: Archive) -> None:
    index = indexed(archive)
    assert index.examples() == []
