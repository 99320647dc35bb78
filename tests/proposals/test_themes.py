"""Names are proposed to keepers with a sentence, and shown to nobody before a yes."""

import json
from collections.abc import Iterable, Iterator

import pytest

from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.proposals.names import Name, hear, heard, missing, propose
from radio.search import Index
from tests.processes import command
from tests.search.episodes import SHOW, put

SAID = "Bonsoir. On parle de Louise Michel et de Manufrance. Merci à Noé."


def find(sentences: Iterable[str]) -> Iterator[list[Name]]:
    """Stand for the model, which its own test tries."""
    names = [Name("Louise Michel", "person"), Name("Manufrance", "theme"), Name("Noé", "person")]
    return ([name for name in names if name.text in each] for each in sentences)


@pytest.fixture
def talked(archive: Archive) -> Archive:
    archive.write_show(Show(SHOW, "La Machine"))
    for day in ("2024-01-10", "2024-02-10"):
        put(archive, f"{day}-parle", SAID, people=(Person("Noé"),))
    put(archive, "2024-03-10-secret", "De Louise Michel en secret.", status="withdrawn")
    put(archive, "2024-04-10-seul", "La rue dort avec Louise Michel.")
    for episode in missing(archive, "1"):
        hear(archive, episode.key, find, "1")
    return archive


def test_names_of_several_episodes_wait_with_a_sentence(talked: Archive) -> None:
    first, second = propose(talked)
    assert (first.name, first.kind, first.episodes) == ("Louise Michel", "person", 3)
    assert first.key == f"{SHOW}/2024-04-10-seul"
    assert first.sentence == "La rue dort avec Louise Michel."
    found = (second.name, second.kind, second.episodes, second.second)
    assert found == ("Manufrance", "theme", 2, 0)
    assert heard(talked, f"{SHOW}/2024-03-10-secret") is None, "withdrawn: nobody listens to it"


def test_nobody_sees_a_name_before_a_yes_and_none_is_asked_again(talked: Archive) -> None:
    index = Index(talked)
    index.refresh()
    assert [each.subject.slug for each in index.dossiers.subjects()] == ["noe"]
    command(talked, "text", "themes", "accept", "Louise Michel")
    path = talked.root / "themes.json"
    themes = json.loads(path.read_bytes())  # earlier programs wrote what was refused
    path.write_text(json.dumps(themes | {"refused": ["Manufrance"]}), encoding="utf-8")
    subjects = index.dossiers.subjects()
    told = [(each.subject.kind, each.subject.slug, each.episodes) for each in subjects]
    assert ("person", "louise-michel", 3) in told
    assert "manufrance" not in [slug for _, slug, _ in told]
    assert propose(talked) == []
    listed = json.loads(command(talked, "text", "themes", "list", "--json").stdout)
    assert {each["slug"] for each in listed} == {"noe", "louise-michel"}


def test_a_text_is_listened_to_once_for_each_state(talked: Archive) -> None:
    assert missing(talked, "1") == []
    assert len(missing(talked, "2")) == 3
    put(talked, "2024-04-10-seul", "Un autre texte, plus long.")
    assert [each.slug for each in missing(talked, "1")] == ["2024-04-10-seul"]


@pytest.mark.model
def test_the_model_hears_people_and_places(talked: Archive) -> None:
    for day in ("2023-01-10", "2023-02-10"):
        put(talked, f"{day}-vrai", "Bonsoir. On reçoit Camille Durand à Saint-Étienne, oui.")
    out = command(talked, "text", "themes", "propose").stdout
    assert "Camille Durand  person  2 episodes" in out
    assert "Saint-Étienne  theme  2 episodes" in out
    assert "« On reçoit Camille Durand à Saint-Étienne, oui. »" in out
    assert "Bonsoir  " not in out
