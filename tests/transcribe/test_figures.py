"""Numbers and hours in one convention; what may mean something else stays as it was heard."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from radio.text.transcript import Word
from radio.transcribe.conventions import write_acronyms
from radio.transcribe.figures import write_numbers
from tests.tables import check, for_each

WRITTEN = [
    ("il y a 2 caméras", "il y a deux caméras"),
    ("il y a deux caméras", "il y a deux caméras"),
    ("ma fille a 8 ans", "ma fille a huit ans"),
    ("2 caméras, 9 micros.", "Deux caméras, neuf micros."),
    ("il y en avait 2.", "il y en avait deux."),
    ("j'ai compté 6 caméras", "j'ai compté six caméras"),
    ("Paris 3 fois", "Paris trois fois"),
    ("entre 5 et un", "entre cinq et un"),
    ("depuis onze ans", "depuis 11 ans"),
    ("depuis 11 ans", "depuis 11 ans"),
    ("avec soixante gamins", "avec 60 gamins"),
    ("à vingt mètres à la ronde", "à 20 mètres à la ronde"),
    ("la case, trente-sept sur quarante et une.", "la case, 37 sur 41."),
    ("j'attends depuis cinquante-trois jours", "j'attends depuis 53 jours"),
    ("avec vingt et une caméras", "avec 21 caméras"),
    ("les quatre-vingts capteurs", "les 80 capteurs"),
    ("nous étions quatre vingt dix sept", "nous étions 97"),
    ("nous étions nonante-sept", "nous étions 97"),
    ("ils sont deux cents", "ils sont 200"),
    # hours
    ("à dix-neuf heures trente", "à 19 h 30"),
    ("à 19h30, réunion publique", "à 19 h 30, réunion publique"),
    ("à 19H30", "à 19 h 30"),
    ("à 19:30", "à 19 h 30"),
    ("à 19 heures 30 à la maison", "à 19 h 30 à la maison"),
    ("le train de sept heures douze, entre", "le train de 7 h 12, entre"),
    ("à sept heures cinq pile", "à 7 h 05 pile"),
    ("vers une heure trente", "vers 1 h 30"),
    ("à dix-neuf heures.", "à 19 heures."),
    ("à 19h.", "à 19 heures."),
    ("il est vingt heures, et", "il est 20 heures, et"),
    ("de dix-huit heures à vingt heures trente", "de 18 heures à 20 h 30"),
    ("à 7 heures et demie", "à 7 heures et demie"),
    ("ouvert 24h/24", "ouvert 24h/24"),
    ("jeudi, à dix-huit heures trente, réunion", "jeudi, à 18 h 30, réunion"),
    ("Dix-huit heures trente, réunion", "18 h 30, réunion"),
    # dates and years
    ("en deux mille dix-neuf, il y en avait", "en 2019, il y en avait"),
    ("En mille neuf cent soixante-huit", "En 1968"),
    ("en 2019", "en 2019"),
    ("le onze novembre", "le 11 novembre"),
    ("le deux mars", "le 2 mars"),
    ("les années quatre-vingt", "les années 80"),
    ("en mai soixante-huit", "en mai 68"),
    # amounts
    ("il faut douze mille euros pour l'installation", "il faut 12 000 euros pour l'installation"),
    ("12 000 euros pour l'installation", "12 000 euros pour l'installation"),
    ("12.000 euros", "12 000 euros"),
    ("puis deux mille trois cents euros par an", "puis 2 300 euros par an"),
    ("puis 2300 euros par an", "puis 2 300 euros par an"),
    ("puis 2300 millions", "puis 2 300 millions"),
    ("trois euros", "trois euros"),
    ("il coûte trois euros", "il coûte 3 euros"),
    ("il coûte 12€", "il coûte 12 €"),
    ("pour six millions d'euros", "pour 6 millions d'euros"),
    ("pour 6 millions d'euros", "pour 6 millions d'euros"),
    ("on a perdu deux millions trois cent mille voix", "on a perdu 2 300 000 voix"),
    ("il y a deux mille personnes", "il y a 2 000 personnes"),
    ("il en reste trois pour cent", "il en reste 3 %"),
    ("il en reste 20%.", "il en reste 20 %."),
    ("il en reste vingt pour cent", "il en reste 20 %"),
    ("il fait trois virgule cinq pour cent", "il fait 3,5 %"),
    ("on monte de zéro virgule huit degré", "on monte de 0,8 degré"),
    # names and ranks
    ("Article deux.", "Article 2."),
    ("Article dix-huit", "Article 18"),
    ("la chronique, numéro quarante-deux.", "la chronique, numéro 42."),
    ("la 2ème fois", "la 2e fois"),
    ("la 1ère fois", "la 1re fois"),
    ("le XXIème siècle", "le XXIe siècle"),
    ("de 5 à 12 ans", "de 5 à 12 ans"),
    ("de cinq à douze ans", "de 5 à 12 ans"),
]
AS_HEARD = """
    un micro et une caméra | une enquête sur cent | Article premier. | le premier mai |
    le 1er mai | cent pour cent | mille et une nuits | mille mercis | cent fois |
    un million de gens | Louis quatorze | au vingt et unième siècle | pour la dix-huitième fois |
    deux trois trucs | il a deux, trois trucs | zéro quatre soixante-dix-sept trente-deux |
    au 04 77 32 12 12 | Trente-sept familles ont refusé | les Trente Glorieuses |
    une trentaine de personnes | un vélo tout neuf | un demi-poste | les deux tiers des gens |
    un quatre-quarts | score final 2 à 1 | dix-neuf heures et quart | la 5G et le 4x4 |
    à -5 dehors | un jour sur trois | il compte zéro caméra | les uns et les autres | RN88 et A7 |
    on l'a vu sur France 2 hier | à l'université Lyon 2, dit-elle | la ligne 3 est en panne |
    par le tram 4 | la question 2, plus tard | au 2 rue Michelet | le 007 | la version 2.5 |
    il y a 12 000 3 fois | on a 12 000 15 000 euros | on a perdu 6 millions 3 voix |
    Vingt-quatre, c'est tout
"""


def heard(text: str) -> list[Word]:
    return [Word(i * 0.25, i * 0.25 + 0.25, word, 0.9) for i, word in enumerate(text.split())]


def written(text: str) -> str:
    return " ".join(word.text for word in write_numbers(heard(text)))


def test_numbers_have_one_spelling_unless_they_may_mean_something_else() -> None:
    heard_so = [" ".join(each.split()) for each in AS_HEARD.split("|")]
    check((said, written(said), expected) for said, expected in WRITTEN)
    check((said, written(said), said) for said in (*heard_so, *(each for _, each in WRITTEN)))
    assert written("à dix-neuf heures trente personnes") == "à 19 heures 30 personnes"
    assert written("il dure deux heures trente minutes") == "il dure deux heures 30 minutes"


def test_a_number_lasts_as_long_as_its_words_and_is_as_sure_as_the_least() -> None:
    words = [Word(1.0, 1.2, "à", 0.9), Word(1.2, 1.6, "dix-neuf", 0.8)]
    words += [Word(1.6, 1.9, "heures", 0.9), Word(1.9, 2.4, "trente.", 0.4)]
    assert write_numbers(words) == [words[0], Word(1.2, 2.4, "19 h 30.", 0.4)]
    words = [Word(0, 1, "vingt", 0.9), Word(3, 4, "deux", 0.9)]
    assert [word.text for word in write_numbers(words)] == ["vingt", "deux"]


@for_each(
    "text",
    ["9" * 5_000, "1." + "000." * 3_000, "." * 9_000 + "a", "a" + ".-" * 9_000, "000 " * 3_000],
)
def test_what_is_no_word_costs_nothing(text: str) -> None:
    words = heard(f"12 {text} mille")
    assert [word.start for word in write_numbers(words)][:1] == [0]
    assert len(write_acronyms(words, {"CNIL"}, {"CAF"})) == len(words)


_TEXTS = """
    un une deux trois dix onze vingt vingt-et-une et mille cent cents million millions milliard
    0 2 3 5 10 12 000 500 2019 0,8 007 12.000 heures h H 24h 19:30 19h30 pour virgule trente,
    % € 20% pourcent article Louis mars unième 2ème euros ans km -3 … « » à ou sur de neuf
    quatre-vingt-dix Deux
"""
TEXTS = [*_TEXTS.split(), "12 000", "12\u202f000", "3,5 %", "19 h 30"]


@given(st.lists(st.sampled_from(TEXTS), max_size=14))
@example(["un", "un", "mille", "et", "deux"])
@example(["«", "cent", "millions", "3", "virgule"])
@example(["pour", "cent", "3", "20%"])
@example(["2", "à", "onze", "million"])
@example(["2", "et", "0", "000,"])
@example(["vingt-et-une", "trente,", "10", "pourcent", "500", "ou", "5"])
@example(["et", "11", "pour", "cent", "12\u202f000"])
@example(["2", "et", "onze", "une", "h", "trois"])
def test_whatever_is_said_keeps_its_order_and_time(texts: list[str]) -> None:
    words = [Word(i * 0.25, i * 0.25 + 0.25, text, 0.9) for i, text in enumerate(texts)]
    found = write_numbers(words)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert [word.start for word in found[:1]] == [word.start for word in words[:1]]
    assert [word.end for word in found[-1:]] == [word.end for word in words[-1:]]
    again = write_numbers(found)
    assert [word.text for word in again] == [word.text for word in found]
