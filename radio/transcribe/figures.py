"""Numbers as French typography writes them: « deux caméras », « 37 familles », « 19 h 30 ».

Whisper writes the same number now in words, now in figures. Here small ones are in words, others in
figures, and so are those with a unit or after « article » (as in the Lexique of the Imprimerie
nationale). What could mean something else stays as it was heard: « un », « premier », « cent pour
cent », « Louis quatorze », numbers side by side, a name, a number that begins a sentence.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from radio.french.calendar import MONTHS
from radio.french.numbers import ALONE, AND, NUMERALS, SMALL
from radio.text.transcript import Word
from radio.transcribe.pieces import NOTHING, NumberPiece, begins, follows, read_pieces, three

IN_WORDS = {value: name for name, value in SMALL.items() if 2 <= value <= 10}
"""« Un » is left alone: it is an article too."""
YEARS = range(1100, 2101)

_UNITS = """
    % € euro euros centime centimes franc francs dollar dollars million millions milliard milliards
    mètre mètres kilomètre kilomètres centimètre centimètres millimètre millimètres hectare hectares
    litre litres kilo kilos kilogramme kilogrammes gramme grammes tonne tonnes degré degrés
    watt watts kilowatt kilowatts mégawatt mégawatts volt volts octets mégaoctets gigaoctets mégas
    gigas hertz kilohertz mégahertz décibel décibels pixels pourcent pourcents
    m km cm mm kg g l ha kw kwh mw go mo hz khz mhz db
"""
UNITS = frozenset(_UNITS.split())
PER_CENT = {"%", "pourcent", "pourcents"}
COUNTED = UNITS | {"ans", "fois", "habitants", "habitantes", "jours", "personnes"}
"""Words after which a number of four figures is no year."""
_LABELS = "alinéa article articles chapitre n° numéro page pages paragraphe saison tome épisode"
LABELS = frozenset(_LABELS.split())
"""Words that a number follows as a name."""
_KINGS = "benoît charles françois grégoire henri jean léon louis napoléon philippe"
_LINES = """
    bus bâtiment canal chaîne ligne niveau porte quai rocade route salle tram voie zone étage
"""
LINES = frozenset(_LINES.split())
STREETS = {"rue", "avenue", "boulevard", "place", "cours", "bis", "ter"}
KINGS = frozenset(_KINGS.split())
CLOCK = {"à", "dès", "est", "jusqu'à", "vers"}
"""Words before a time of the day."""
HOURS = {"heure", "heures", "h"}
PAIRS = {"à", "et", "ou", "sur"}
"""Words between two numbers that are written alike."""
_CLOSED = """
    a à ai au aujourd'hui aux avait avaient avec c car ce cet cette chez d dans de demain des devant
    du elle en entre est et il ils j je jusqu l la le les lors lundi mardi mercredi jeudi vendredi
    samedi dimanche mais nous on ont ou où par parce pendant pile place pour précises puis qu quand
    que qui salle sans se sont sur un une vous
"""
CLOSED = frozenset(_CLOSED.split())
"""Words of which there can't be so many: a number before them may be minutes."""

AROUND = 4  # words on each side that tell how a number is written
_NUMBER = re.compile(
    rf"\d|[%€]|\b(?:{'|'.join(NUMERALS - ALONE)}|[IVXL]+i?[èe]me)s?\b", re.IGNORECASE
)
_DECIMAL = re.compile(r"\d+,\d+")
_MINUTES = re.compile(r"[0-5]?\d")

Joined = tuple[NumberPiece, int]
"""A piece made of so many."""


def write_numbers(words: Sequence[Word]) -> list[Word]:
    """Write the numbers among French words in one way; one of several words becomes one word."""
    written, done = list[Word](), 0
    for first, last in _stretches(words):
        written += [*words[done:first], *_write_stretch(words[first:last])]
        done = last
    return [*written, *words[done:]]


def _stretches(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Give the stretches with numbers and the words around them; most words are in none."""
    first = last = 0
    for place in (place for place, word in enumerate(words) if _NUMBER.search(word.text)):
        if place - AROUND > last:
            if last:
                yield first, last
            first = place - AROUND
        last = min(place + AROUND + 1, len(words))
    if last:
        yield first, last


def _write_stretch(words: Sequence[Word]) -> Iterator[Word]:
    pieces = read_pieces(words)
    for reading in (_decimals, _percentage, _time):
        pieces = list(_merge(pieces, reading))
    for place in range(len(pieces)):
        yield from _write(pieces, place).result()


def _merge(
    pieces: Sequence[NumberPiece], reading: Callable[[Sequence[NumberPiece], int], Joined | None]
) -> Iterator[NumberPiece]:
    """Put one piece in the place of those that a reading joins, unless people corrected some."""
    place = 0
    while place < len(pieces):
        piece, size = reading(pieces, place) or (pieces[place], 1)
        if piece.is_corrected:
            piece, size = pieces[place], 1
        yield piece
        place += size


def _decimals(pieces: Sequence[NumberPiece], place: int) -> Joined | None:
    """Join « trois virgule cinq »."""
    one, comma, other = three(pieces, place)
    if comma.key == "virgule" and one.value is not None and other.value is not None:
        return one.join(comma, other, text=f"{one.value},{other.value}"), 3
    return None


def _percentage(pieces: Sequence[NumberPiece], place: int) -> Joined | None:
    """Join « trois pour cent », « 3 % »; a sentence does not begin with it."""
    number, by, hundred = three(pieces, place)
    figures = _figures_of(number)
    if not figures or begins(pieces, place):
        return None
    if (by.key, hundred.key) == ("pour", "cent"):
        return number.join(by, hundred, text=f"{figures} %"), 3
    if by.key in PER_CENT:
        return number.join(by, text=f"{figures} %"), 2
    return None


def _figures_of(piece: NumberPiece) -> str:
    """Give a number in figures; nothing where a piece is none."""
    if piece.value is not None:
        return _group(piece.value, counted=True)
    return piece.text if piece.is_new and _DECIMAL.fullmatch(piece.text) else ""


def _time(pieces: Sequence[NumberPiece], place: int) -> Joined | None:
    """Join « dix-neuf heures trente », unless « personnes » or the like may be counted there."""
    hour, word, minutes = three(pieces, place)
    if word.key not in HOURS or not _MINUTES.fullmatch(_figures_of(minutes) or minutes.text):
        return None
    value = 1 if hour.key in ALONE else hour.value
    following = three(pieces, place + 2)[1]
    is_over = following is NOTHING or re.split("['-]", following.key)[0] in CLOSED
    if value is None or value > 24 or not is_over:
        return None
    minute = int(_figures_of(minutes) or minutes.text)
    return hour.join(word, minutes, text=f"{value} h {minute:02d}"), 3


def _write(pieces: Sequence[NumberPiece], place: int) -> NumberPiece:
    """Write one number as it should be; anything else as it is."""
    piece, following = pieces[place], three(pieces, place)[1]
    previous = _previous(pieces, place)
    if piece.value is None or previous.key in KINGS or _is_ordinal(pieces, place):
        return piece
    is_named = previous.key in LABELS or (following.key in MONTHS["fr"] and piece.value <= 31)
    is_measured = following.key in UNITS or previous.key == "années"
    is_clock = following.key in HOURS and previous.key in CLOCK
    if piece.value in IN_WORDS and not (is_named or is_measured or is_clock):
        return _write_small(pieces, place)
    if piece.value < 2 or (begins(pieces, place) and not piece.text[0].isdigit()):
        return piece
    counted = following.key in COUNTED
    if piece.text.isdecimal() and len(piece.words) == 1 and not counted:
        return piece
    return piece.write(str(piece.value) if is_named else _group(piece.value, counted))


def _write_small(pieces: Sequence[NumberPiece], place: int) -> NumberPiece:
    """Write a small number in words, unless its partner is in figures, or it may be a name."""
    piece, others = pieces[place], _partners(pieces, place)
    is_first, in_figures = begins(pieces, place), piece.text.isdecimal()
    if not all(other in IN_WORDS for other in others):
        return piece if 1 in others or is_first else piece.write(str(piece.value))
    if not in_figures or _may_be_name(pieces, place):
        return piece
    name = IN_WORDS[piece.value or 0]
    return piece.write(name.capitalize() if is_first else name)


def _previous(pieces: Sequence[NumberPiece], place: int) -> NumberPiece:
    """Give the piece before, or nothing where a sign or a pause lies between."""
    before = pieces[place - 1] if place else NOTHING
    return before if before is not NOTHING and follows(before, pieces[place]) else NOTHING


def _may_be_name(pieces: Sequence[NumberPiece], place: int) -> bool:
    """Whether a figure may name something rather than count it: « France 2 », « la ligne 3 »."""
    previous, following = _previous(pieces, place), three(pieces, place)[1]
    if previous.key in NUMERALS - ALONE:  # « millions 3 » in words would be another number
        return True
    if previous is NOTHING or re.split("['-]", previous.key)[-1] in CLOSED:
        return following.key in STREETS
    if previous.text[:1].isupper() and not begins(pieces, place - 1):
        return True
    counts_nothing = following is NOTHING or re.split("['-]", following.key)[0] in CLOSED
    return counts_nothing or previous.key in LINES


def _is_ordinal(pieces: Sequence[NumberPiece], place: int) -> bool:
    """Whether a number goes on as one that orders: « vingt et unième »."""
    _, one, two = three(pieces, place)
    return (two if one.key == AND else one).key.endswith(("ième", "ièmes"))


def _partners(pieces: Sequence[NumberPiece], place: int) -> list[int]:
    """Give the numbers that are written like another one: « de 5 à 12 », « 37 sur 41 »."""
    _, link, after = three(pieces, place)
    found = [after] if link.key in PAIRS else []
    if place >= 2 and three(pieces, place - 2)[2] is pieces[place]:
        found += [pieces[place - 2]] if pieces[place - 1].key in PAIRS else []
    values = [1 if piece.text == "1" else piece.value for piece in found]
    return [value for value in values if value is not None]


def _group(value: int, counted: bool) -> str:
    """Write a number in groups of three figures; a year, or what may be one, in one.

    >>> _group(2019, counted=False), _group(2019, counted=True), _group(12000, counted=False)
    ('2019', '2 019', '12 000')
    """
    return str(value) if value in YEARS and not counted else f"{value:,}".replace(",", " ")
