"""What is found: which episodes, in which order, and where in each."""

from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.episode import Person
from radio.search import Index, SearchOptions
from radio.search.vocabulary import MOST_ORDERS
from tests.search.episodes import SHOW, begun, indexed, marked, put, quoted, slugs
from tests.tables import for_each

STREET, LONG, BUDGET = "2024-01-10-la-rue", "2024-02-10-longue", "2024-03-10-budget"
AS_TYPED, WHOLE = SearchOptions(as_typed=True), SearchOptions(whole=True)
FILLER = ["Et pendant ce temps la musique continue doucement dans le studio."] * 12
CORRECTIONS = {
    "Bobran": "Beaubrun",
    "beau brin": "Beaubrun",
    "la kni": "la CNIL",
    "quadra tour du net": "Quadrature du Net",
    "Saint Tienne": "Saint-Étienne",
}


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


HEARD = (
    "Beaubrun ce soir",
    "le quartier de Bobran ce soir",
    "un beau brin de quartier",
    "ce que dit la kni là-dessus",
    "on vit à Saint Tienne depuis",
    "avec la quadra tour du net en direct",
    "rien de tout cela, un brin beau, un tour",
)


@for_each(
    ("query", "found"),
    [
        ('"reconnaissance faciale"', [STREET]),
        ('"faciale reconnaissance"', []),
        ("faciale reconnaissance", [STREET]),
        ('"reconnaissances faciales"', []),
        ("“LA VILLE INSTALLE”", [STREET]),
        ("reconnaissance lampadaire", []),  # all words must be said
        ("une caméra de lampadaire", [LONG]),
        ("toutes et tous", [STREET]),  # words that count where there is nothing else
        ("caméra", [STREET, LONG]),  # two mentions in a breath come first
        ("budget", [BUDGET]),
        ("Noemie Levain", [STREET]),
        ("vidéosurveillance", [STREET]),
        ('"minuit passé"', [BUDGET]),
        ('"rue avant"', []),  # no phrase runs from a title into a description
        *(("caméra AND (", []), ("titre:caméra*", []), ('caméra"', [STREET, LONG])),
        *(("+caméra -", [STREET, LONG]), ("caméra\x00🎙️^2~", []), ("caméra " + "x" * 9999, [])),
        *(("caméra " * 9999, [STREET, LONG]), ("caméra\udcff", [STREET, LONG])),
    ],
)
def test_what_a_query_finds(index: Index, query: str, found: list[str]) -> None:
    assert slugs(index.search(query, AS_TYPED)) == found


def test_one_show_or_one_episode_only(index: Index) -> None:
    for show, total in ((SHOW, 2), ("nuit", 0), ("../\udcff", 0)):
        assert index.search("caméra", SearchOptions(show=show)).total == total
    assert index.search("caméra", SearchOptions(episode=f"{SHOW}/{LONG}")).total == 1


def test_a_name_finds_its_mishearings_below_itself(archive: Archive) -> None:
    just, bobran, brin, kni, tienne, tour, other = (
        put(archive, f"2024-01-0{day}-x", text).partition("/")[2]
        for day, text in enumerate(HEARD, 1)
    )
    index = indexed(archive)
    for query, expected in {
        "Beaubrun": {just, bobran, brin},
        '"Beaubrun"': {just, bobran, brin},
        "beaubrun quartier": {bobran, brin},
        "beau brin": {brin, other},  # a mishearing does not find the name
        "CNIL": {kni},
        "Saint-Étienne": {tienne},
        "saint-etienne": {tienne},
        "Quadrature du Net": {tour},
        '"quadrature du net"': {tour},
    }.items():
        results = index.search(query, AS_TYPED)
        assert set(slugs(results)) == expected, query
        assert all(marked(each) for each in results.episodes), query
    assert slugs(index.search("Beaubrun"))[0] == just


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


def test_exact_ranks_above_its_plural_above_its_family(archive: Archive) -> None:
    for day, word in enumerate(("vendeur", "vendu", "vente", "ventes"), 1):
        put(archive, f"2024-05-0{day}-{word}", f"Voilà un {word} dit une fois", title="§")
    found = slugs(indexed(archive).search("vente"))
    assert [slug[11:] for slug in found[:2]] == ["vente", "ventes"] and len(found) == 4


def test_a_rare_form_comes_after_the_word_as_typed(archive: Archive) -> None:
    for day in range(1, 29):
        letters = 5 * "abcdefghijklmnopqrstuvwxyzéà"[day - 1]
        put(archive, f"2024-01-{day:02}-mot", f"On le fait, chacun fait, on fait avec {letters}.")
    put(archive, "2024-02-01-rare", "Nous le faisions.")
    found = slugs(indexed(archive).search("fait", SearchOptions(size=30)))
    assert (found[-1], len(found)) == ("2024-02-01-rare", 29)


def test_words_side_by_side_come_first(archive: Archive) -> None:
    put(archive, "2024-05-01-a", "Un saint prie, puis parle à Étienne le soir")
    put(archive, "2024-04-01-b", "Un soir de juin, on arrive à Saint-Étienne en train")
    assert slugs(indexed(archive).search("saint etienne")) == ["2024-04-01-b", "2024-05-01-a"]


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


def test_a_passage_is_quoted_as_written_and_heard_from_its_first_word(index: Index) -> None:
    (episode,) = index.search('"reconnaissance faciale"').episodes
    assert (episode.title, episode.known_date) == ("Les micros de la rue", "2024-01-10")
    (hit,) = episode.hits
    assert marked(episode) == ["reconnaissance", "faciale"]
    assert 5.0 < hit.start < 9.5 and hit.listen_at == hit.start - 2.0
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


def test_several_words_or_a_phrase_have_one_place_a_passage(archive: Archive) -> None:
    put(archive, "2024-01-01-x", "une caméra dans la ville et une caméra dans la ville")
    put(archive, "2024-01-02-y", "la reconnaissance", "faciale, la reconnaissance faciale")
    index = indexed(archive)
    (found,) = index.search("ville caméra", WHOLE).episodes
    assert len(found.hits) == 1
    (found,) = index.search('"reconnaissance faciale"', WHOLE).episodes
    assert [hit.in_context[1] for hit in found.hits] == ["reconnaissance faciale"] * 2


def test_passages_that_overlap_give_one_hit_and_others_are_counted(archive: Archive) -> None:
    put(archive, "2024-01-01-x", *(f"{text} repère{n}" for n, text in enumerate(FILLER)))
    put(archive, "2024-01-02-y", *["on parle encore de caméras dans le quartier ce soir"] * 300)
    index = indexed(archive)
    for number in range(len(FILLER)):
        (episode,) = index.search(f"repère{number}").episodes
        assert len(episode.hits) == 1
    (episode,) = index.search("musique").episodes
    starts = [hit.start for hit in episode.hits]
    assert len({*starts}) == len(starts)
    (episode,) = index.search("caméras").episodes
    assert len(episode.hits) <= 10 and episode.more > 20


PHRASES = [
    ("La ville installe la reconnaissance", "faciale sans débat."),
    ("Il y a deux mille", "dix-neuf caméras."),
    ("Ils écoutent l’", "école du quartier."),
    ("Le droit à l’image", "et à l’oubli."),
    ("Le conseil", "d’État a tranché."),
    ("Saint-Étienne", "installe des micros."),
    ("Qui surveille les", "surveillants ?"),
    ("Bonsoir à toutes et à", "tous."),
]


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


@for_each(
    ("query", "words"),
    [
        ("prison parloir", {PRISON: [["parloir"]]}),
        ("parloirs prisons", {PRISON: [["parloir"]]}),
        ("camille parloir", {PRISON: [["parloir"]]}),
        ("justice parloir", {PRISON: [["parloir"]]}),
        ("talaudière parloir", {PRISON: [["parloir"]]}),
        ("camille prison parloir midi", {PRISON: [["parloir", "midi"]]}),
        ("école cantine", {SCHOOL: [["cantine"]]}),
        ("prison poèmes", {SCHOOL: [["poèmes", "prison"]], PRISON: [["poèmes"]]}),
        ("prison midi", {TRAM: [["midi"]], PRISON: [["midi"]]}),
        ("prison écrire -cantine", {PRISON: [["écrit"]]}),
        ('"la prison" parloir', {PRISON: [["parloir"]]}),
        ("prison parloir personne:noé", {}),
        ("prison camille", {PRISON: []}),  # all in the sidecar: no passage says any of it
        ("tram bellevue", {TRAM: [["tram"]]}),  # all too, and a passage says some of it
        ("école parloir", {}),
    ],
)
def test_title_and_talk_are_met_together(
    sidecars: Index, query: str, words: dict[str, list[list[str]]]
) -> None:
    results = sidecars.search(query, AS_TYPED)
    found = [
        [[text for text, is_match in hit.snippet if is_match] for hit in each.hits]
        for each in results.episodes
    ]
    assert dict(zip(slugs(results), found, strict=True)) == words
    if query == "prison poèmes":
        assert slugs(results) == [SCHOOL, PRISON], "passages that say every word come first"


@for_each(
    ("query", "told"),
    [
        ("camille parloir", "Camille Durand"),
        ("justice parloir", "justice"),
        ("livres parloir", VISIT),
        ("talaudière", VISIT),
    ],
)
def test_what_else_of_the_sidecar_matches_is_quoted(sidecars: Index, query: str, told: str) -> None:
    (episode,) = sidecars.search(query).episodes
    (snippet,) = episode.told
    assert "".join(text for text, _ in snippet) == told
    assert [text.lower() for text, is_match in snippet if is_match] == [query.split(maxsplit=1)[0]]


def test_words_of_the_title_are_marked_in_it_and_every_view_agrees(sidecars: Index) -> None:
    (episode,) = sidecars.search("prison parloir").episodes
    assert episode.heading == (("Ce que dit la ", False), ("prison", True))
    assert episode.told == ()
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
