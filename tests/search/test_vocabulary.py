"""Words by their forms: what is said once is enough, and a rare form is no better than the word."""

import pytest

from radio.archive import Archive
from radio.search import Index, SearchOptions
from radio.search.vocabulary import MOST_ORDERS
from tests.search.episodes import indexed, put


def found(index: Index, query: str) -> list[str]:
    return [each.title.removeprefix("Titre ") for each in index.search(query).episodes]


def test_a_word_first_said_in_a_new_episode_is_found_by_its_forms(archive: Archive) -> None:
    put(archive, "2024-01-01-a", "Une caméra dans la rue.")
    index = indexed(archive)
    put(archive, "2024-01-02-b", "Les travaux continuent, les caméras aussi.")
    index.refresh()
    assert found(index, "travail") == ["2024-01-02-b"]
    assert found(index, "camera") == ["2024-01-01-a", "2024-01-02-b"]


def test_words_stay_known_when_the_episode_that_said_them_first_goes(archive: Archive) -> None:
    first = put(archive, "2024-01-01-a", "Les travaux continuent.")
    put(archive, "2024-01-02-b", "Des travaux partout.")
    index = indexed(archive)
    archive.sidecar_path(first).unlink()
    archive.vtt_path(first).unlink()
    index.refresh(accept=True)
    assert found(index, "travail") == ["2024-01-02-b"]


def test_a_rare_form_comes_after_the_word_as_typed(archive: Archive) -> None:
    for day in range(1, 29):
        letter = "abcdefghijklmnopqrstuvwxyzéà"[day - 1]
        said = f"On le fait, on fait ce que chacun fait avec {letter * 5}."
        put(archive, f"2024-01-{day:02}-mot", said)
    put(archive, "2024-02-01-rare", "Nous le faisions.")
    index = indexed(archive)
    every = [
        title
        for page in (1, 2, 3)
        for title in (
            each.title for each in index.search("fait", SearchOptions(page=page)).episodes
        )
    ]
    assert every[-1] == "Titre 2024-02-01-rare"
    assert len(every) == 29


@pytest.mark.parametrize("typed", ['"a la où du"', '"à là ou dû"'])
def test_a_phrase_is_found_whatever_the_accents_said_elsewhere(
    archive: Archive, typed: str
) -> None:
    accents = "a à â ä á ; la là lâ lá ; ou où oû oú ; du dû dü dú"
    assert MOST_ORDERS < 4**4
    put(archive, "2024-01-01-a", accents)
    put(archive, "2024-01-02-b", "Il va a là où dû.")
    index = indexed(archive)
    assert found(index, typed) == ["2024-01-02-b"]


def test_no_word_is_corrected_to_one_of_a_withdrawn_episode(archive: Archive) -> None:
    secret = put(archive, "2024-01-01-a", "Rendez-vous rue Zarbouille.")
    put(archive, "2024-01-02-b", "Une caméra dans la rue.")
    index = indexed(archive)
    assert index.search("zarboulle").instead == "zarbouille"
    archive.sidecar_path(secret).unlink()
    archive.vtt_path(secret).unlink()
    index.refresh(accept=True)
    assert index.search("zarboulle").instead == ""
