"""What is found: which episodes, in which order, and where in each."""

from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.episode import Person
from radio.search import Index, SearchOptions
from radio.search.vocabulary import MOST_ORDERS
from tests.search.episodes import SHOW, begun, indexed, marked, put, quoted, slugs
from tests.search.lists import rows
from tests.search.talk import WANTED, rank, write_talk
from tests.tables import check, for_each

STREET, LONG, BUDGET = "2024-01-10-la-rue", "2024-02-10-longue", "2024-03-10-budget"
AS_TYPED, WHOLE = SearchOptions(as_typed=True), SearchOptions(whole=True)
FILLER = ["Et pendant ce temps la musique continue doucement dans le studio."] * 12
CORRECTIONS = {"Bobran": "Beaubrun", "beau brin": "Beaubrun", "la kni": "la CNIL"}
CORRECTIONS |= {"quadra tour du net": "Quadrature du Net", "Saint Tienne": "Saint-Étienne"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = begun(Path(tmp_path_factory.mktemp("found")), "La Machine")
    said = ["Bonsoir à toutes et à tous.", "La ville installe la reconnaissance"]
    said += ["faciale, sans débat. L’œil d’une caméra", "voit tout ; les caméras aussi."]
    title, people, tags = "Les micros de la rue", (Person("Noémie Levain"),), ("vidéosurveillance",)
    put(archive, STREET, *said, title=title, people=people, tags=tags, description="Avant midi")
    put(archive, LONG, *FILLER, "Une caméra par lampadaire.", *FILLER, "Encore une caméra.")
    put(archive, BUDGET, title="Le budget de la ville", description="Minuit passé")
    return indexed(archive)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return begun(tmp_path, "La Machine", corrections=CORRECTIONS)


BOTH = "la-rue longue"
ODD = {"caméra AND (": "", "titre:caméra*": "", 'caméra"': BOTH, "+caméra -": BOTH}
ODD |= {"caméra\x00🎙️^2~": "", "caméra " + "x" * 9999: "", "caméra " * 9999: BOTH}
ODD |= {"caméra\udcff": BOTH}


def test_what_a_query_finds(index: Index) -> None:
    wanted = {query: " ".join(found) for query, *found in rows("found", "asked")} | ODD
    found = {query: slugs(index.search(query, AS_TYPED)) for query in wanted}
    check((query, " ".join(slug[11:] for slug in found[query]), wanted[query]) for query in wanted)


def test_one_show_or_one_episode_only(index: Index) -> None:
    for show, total in ((SHOW, 2), ("nuit", 0), ("../\udcff", 0)):
        assert index.search("caméra", SearchOptions(show=show)).total == total
    assert index.search("caméra", SearchOptions(episode=f"{SHOW}/{LONG}")).total == 1


def test_a_name_finds_its_mishearings_below_itself(archive: Archive) -> None:
    for day, (name, text) in enumerate(rows("found", "heard"), 1):
        put(archive, f"2024-01-0{day}-{name}", text)
    index = indexed(archive)
    for query, *expected in rows("found", "misheard"):
        results = index.search(query, AS_TYPED)
        assert {slug[11:] for slug in slugs(results)} == set(expected), query
        assert all(marked(each) for each in results.episodes), query
    assert slugs(index.search("Beaubrun"))[0].endswith("just")


@for_each("typed", ['"a la où du"', '"à là ou dû"'])
def test_a_phrase_is_found_whatever_accents_are_elsewhere(archive: Archive, typed: str) -> None:
    assert MOST_ORDERS < 4**4
    put(archive, "2024-04-01-a", "a à â ä á ; la là lâ lá ; ou où oû oú ; du dû dü dú")
    put(archive, "2024-04-02-b", "Il va a là où dû.")
    assert slugs(indexed(archive).search(typed)) == ["2024-04-02-b"]


def test_words_are_known_by_their_forms_from_first_to_last_episode(archive: Archive) -> None:
    put(archive, "2024-01-01-a", "Une caméra dans la rue.")
    index = indexed(archive)
    first = put(archive, "2024-01-02-b", "Les travaux continuent, les caméras aussi.")
    put(archive, "2024-01-03-c", "Des travaux partout, rue Zarbouille.")
    index.refresh()
    assert slugs(index.search("travail")) == ["2024-01-03-c", "2024-01-02-b"]
    assert slugs(index.search("camera")) == ["2024-01-01-a", "2024-01-02-b"]
    archive.sidecar_path(first).unlink()
    index.refresh(accept=True)
    assert slugs(index.search("travail")) == ["2024-01-03-c"]
    assert index.search("zarboulle").interpretation.instead == "zarbouille"
    archive.sidecar_path(f"{SHOW}/2024-01-03-c").unlink()
    index.refresh(accept=True)
    assert index.search("zarboulle").interpretation.instead == "", "no word of an episode that went"


def test_a_word_as_typed_comes_first_and_so_do_words_side_by_side(archive: Archive) -> None:
    for day, word in enumerate(("vendeur", "vendu", "vente", "ventes"), 1):
        put(archive, f"2024-05-0{day}-{word}", f"Voilà un {word} dit une fois", title="§")
    for day, letter in enumerate("abcdefghijklmnopqrstuvwxyzéà", 1):
        text = f"On le fait, chacun fait, on fait avec {5 * letter}."
        put(archive, f"2024-01-{day:02}-mot", text)
    put(archive, "2024-02-01-rare", "Nous le faisions.")
    put(archive, "2024-05-01-a", "Un saint prie, puis parle à Étienne le soir")
    put(archive, "2024-04-01-b", "Un soir de juin, on arrive à Saint-Étienne en train")
    index = indexed(archive)
    found = slugs(index.search("vente"))
    assert [slug[11:] for slug in found[:2]] == ["vente", "ventes"] and len(found) == 4
    found = slugs(index.search("fait", SearchOptions(size=30)))
    assert (found[-1], len(found)) == ("2024-02-01-rare", 29)
    assert slugs(index.search("saint etienne")) == ["2024-04-01-b", "2024-05-01-a"]


def test_pages_have_each_episode_once_the_newest_of_equals_first(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(25):
        put(archive, f"2023-01-{number + 1:02}-x", *["refrain du jour"] * 60, title="Radio pirate")
    index = indexed(archive)

    def pages(query: str) -> list[list[str]]:
        return [slugs(index.search(query, SearchOptions(page=page))) for page in (1, 2, 3)]

    found = pages("pirate")
    assert list(map(len, found)) == [10, 10, 5]
    every = [slug for page in found for slug in page]
    assert every == sorted({*every}, reverse=True)
    results = index.search("pirate", SearchOptions(page=-1))
    assert (results.page, results.pages, results.total) == (1, 3, 25)
    assert index.search("pirate", SearchOptions(page=10**30)).episodes == ()
    frequent = pages("refrain")
    monkeypatch.setattr("radio.search.ranking.FIRST_LOOK", 1)
    assert pages("refrain") == frequent, "all passages are looked at"


JINGLE = "Vous écoutez Contre-plongée, sur la radio libre du quartier, avec Odile Sarrazin."
MISHEARD = "Vous écoutez Contre-plongée sur la radio libre du quartier avec Odile Sarasin."
OWN = "Odile Sarrazin a fondé la radio libre du quartier dans une chambre de bonne."


def test_what_an_episode_says_comes_before_jingles_in_every_view(archive: Archive) -> None:
    for day in range(1, 7):
        put(archive, f"2024-02-0{day}-x", JINGLE if day % 2 else MISHEARD, *FILLER)
    put(archive, "2020-01-01-histoire", JINGLE, *FILLER, OWN, *FILLER)
    index = indexed(archive)
    page = index.search("radio libre du quartier")
    first, *others = page.episodes
    assert first.key.endswith("histoire") and "fondé" in quoted(first.hits[0])
    assert [each.hits[0].again for each in page.episodes] == [False, False, *[True] * 5]
    assert len(others) == 6, "nothing that is found is left out"
    listened = index.batches("radio libre du quartier", SearchOptions(), 100)
    assert [each for some in listened for each in some] == list(page.episodes)
    newest = index.search("radio libre", SearchOptions(order="newest"))
    assert slugs(newest)[-1] == "2020-01-01-histoire"
    put(archive, "2019-01-01-libre", JINGLE, *FILLER, title="Une radio libre")
    assert slugs(indexed(archive).search("radio libre"))[0] == "2019-01-01-libre", "no jingle"


def test_a_passage_is_quoted_as_written_and_heard_by_the_sentence(index: Index) -> None:
    (episode,) = index.search('"reconnaissance faciale"').episodes
    assert (episode.title, episode.episode.known_date) == ("Les micros de la rue", "2024-01-10")
    (hit,) = episode.hits
    assert marked(episode) == ["reconnaissance", "faciale"]
    assert 5.0 < hit.start < 9.5 and hit.listen_at == 5.0
    assert hit.listen_until == pytest.approx(12.3, abs=0.1), "the sentence goes on in the next cue"
    (hit,) = index.search("oeil cameras").episodes[0].hits
    said = "La ville installe la reconnaissance faciale, sans débat. L’œil d’une caméra voit tout ;"
    assert quoted(hit) == f"{said} les caméras aussi."
    assert [text for text, matches in hit.snippet if matches] == ["œil", "caméra", "caméras"]
    (episode,) = index.search("lampadaire").episodes
    share = "Une caméra par lampadaire.".index("lampadaire") / len("Une caméra par lampadaire.")
    assert episode.hits[0].start == pytest.approx(60.0 + 4.5 * share)
    (episode,) = index.search("budget").episodes
    assert episode.hits == (), "a title alone is found"


def test_every_place_of_a_word_in_order(archive: Archive) -> None:
    texts = [*FILLER, "Une caméra puis deux caméras.", *FILLER, "Encore des caméras ici.", *FILLER]
    put(archive, "2024-01-01-longue", *texts)
    index = indexed(archive)
    (every,) = index.search("caméra", WHOLE).episodes
    assert [hit.in_context[1] for hit in every.hits] == ["caméra", "caméras", "caméras"]
    assert [hit.start for hit in every.hits] == pytest.approx([61, 63, 127], abs=1)
    (best,) = index.search("caméra").episodes
    assert sorted(hit.start for hit in best.hits) == pytest.approx([61, 127], abs=1), "by moment"


def test_passages_that_overlap_give_one_hit_and_others_are_counted(archive: Archive) -> None:
    put(archive, "2024-01-01-x", *(f"{text} repère{n}" for n, text in enumerate(FILLER)))
    put(archive, "2024-01-02-y", *["on parle encore de caméras dans le quartier ce soir"] * 300)
    put(archive, "2024-01-03-a", "un tram dans la ville et un tram dans la ville")
    put(archive, "2024-01-04-b", "la reconnaissance", "faciale, la reconnaissance faciale")
    index = indexed(archive)
    for number in range(len(FILLER)):
        (episode,) = index.search(f"repère{number}").episodes
        assert (len(episode.hits), episode.more) == (1, 0), "no other passage is counted"
    (episode,) = index.search("musique").episodes
    starts = [hit.start for hit in episode.hits]
    assert len({*starts}) == len(starts)
    (episode,) = index.search("caméras").episodes
    assert len(episode.hits) <= 10 and episode.more > 20
    (episode,) = index.search("ville tram", WHOLE).episodes
    assert len(episode.hits) == 1
    (episode,) = index.search('"reconnaissance faciale"', WHOLE).episodes
    assert [hit.in_context[1] for hit in episode.hits] == ["reconnaissance faciale"] * 2


PHRASES = rows("found", "phrases")


def test_phrases_across_cues(archive: Archive) -> None:
    for number, (first, second) in enumerate(PHRASES, 1):
        for ahead in range(7):
            slug = f"2024-{number:02}-0{ahead + 1}-x"
            put(archive, slug, *FILLER[:ahead], first, second, *FILLER)
        put(archive, f"2024-{number:02}-20-non", second, *FILLER[:2], first)
    index = indexed(archive)
    for number, (first, second) in enumerate(PHRASES, 1):
        query = f'"{first.rsplit(maxsplit=1)[-1]} {second.split(maxsplit=1)[0]}"'
        found = {each.key[8:18]: each.hits[0].start for each in index.search(query).episodes}
        places = {f"2024-{number:02}-0{ahead + 1}": 5.0 * ahead for ahead in range(7)}
        assert found.keys() == places.keys(), query
        assert all(0 <= found[day] - start < 5 for day, start in places.items()), query


PRISON, SCHOOL, TRAM = "2024-01-10-prison", "2024-02-10-ecole", "2024-03-10-tram"
VISIT = "Une visite à la maison d’arrêt de La Talaudière, avec des livres."


@pytest.fixture(scope="module")
def sidecars(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = begun(Path(tmp_path_factory.mktemp("sidecars")), "La Machine")
    said = ["Elle écrit des poèmes la nuit.", *FILLER, "Le parloir ferme à midi.", *FILLER]
    title, people, tags = "Ce que dit la prison", (Person("Camille Durand"),), ("justice",)
    put(archive, PRISON, *said, title=title, people=people, tags=tags, description=VISIT)
    said = ["Les poèmes des enfants, et un mot sur la prison.", *FILLER, "La cantine ouvre à midi."]
    put(archive, SCHOOL, *said, title="À l’école", people=(Person("Noé Martin"),))
    put(archive, TRAM, "Le tram passe à midi.", title="Le tram et la prison de Bellevue")
    return indexed(archive)


def test_title_and_talk_are_met_together(sidecars: Index) -> None:
    for query, *wanted in rows("found", "together"):
        results = sidecars.search(query, AS_TYPED)
        said = [" ".join(marked(each)) for each in results.episodes]
        found = [f"{slug[11:]}: {each}" for slug, each in zip(slugs(results), said, strict=True)]
        assert list(map(str.strip, found)) == wanted, query  # what says every word comes first
        assert [len(each.hits) for each in results.episodes] == list(map(bool, said)), query


def test_what_else_of_the_sidecar_matches_is_quoted(sidecars: Index) -> None:
    quoted_for = {"camille parloir": "Camille Durand", "justice parloir": "justice"}
    for query, told in (quoted_for | {"livres parloir": VISIT, "talaudière": VISIT}).items():
        (episode,) = sidecars.search(query).episodes
        (snippet,) = episode.told
        assert "".join(text for text, _ in snippet) == told
        met = [text.lower() for text, is_match in snippet if is_match]
        assert met == query.split(maxsplit=1)[:1]


def test_words_of_the_title_are_marked_in_it_and_every_view_agrees(sidecars: Index) -> None:
    (episode,) = sidecars.search("prison parloir").episodes
    title = ("Ce que dit la ", False), ("prison", True)
    assert (episode.heading, episode.told) == (title, ())
    (whole,) = sidecars.search("prison parloir", WHOLE).episodes
    assert [each.start for each in whole.hits] == [each.start for each in episode.hits]
    assert list(sidecars.batches("prison parloir", WHOLE, 10)) == [(whole,)]
    assert len(sidecars.mentions("prison parloir")) == 1


def test_what_a_title_says_whole_is_quoted_by_what_comes_closest(archive: Archive) -> None:
    texts = ["Le loyer monte.", *FILLER, "À Beaubrun, le loyer du quatrième étage double.", *FILLER]
    put(archive, "2024-01-01-x", *texts, title="Les loyers du quartier Beaubrun")
    index = indexed(archive)
    (episode,) = index.search("Beaubrun quartier").episodes
    assert ["À Beaubrun," in quoted(hit) for hit in episode.hits] == [True]
    (whole,) = index.search("Beaubrun quartier", WHOLE).episodes
    assert [hit.start for hit in whole.hits] == [hit.start for hit in episode.hits]
    (excluded,) = index.search("Beaubrun quartier -étage").episodes
    assert excluded.hits == ()


def test_a_word_in_too_many_titles_tells_none_from_another(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        put(archive, f"2024-01-0{number}-x", "On parle de tout.", title="Émission du soir")
    put(archive, "2024-02-01-y", "Un hérisson traverse.", title="Émission sur la nuit")
    index = indexed(archive)
    assert slugs(index.search("émission hérisson", AS_TYPED)) == ["2024-02-01-y"]
    monkeypatch.setattr("radio.search.compiler.MOST_EPISODES", 4)
    assert slugs(index.search("émission hérisson", AS_TYPED)) == []
    assert slugs(index.search("nuit hérisson", AS_TYPED)) == ["2024-02-01-y"]


def test_what_one_would_want_first_comes_first(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    write_talk(archive)
    index = indexed(archive)
    assert len(WANTED) == 40
    ranks = {each.query: rank(index, each) for each in WANTED}
    reciprocal = [1 / place if place else 0.0 for place in ranks.values()]
    assert sum(reciprocal) / len(WANTED) >= 0.8, ranks
