"""Titles and numbers of episodes, from names of files and from tags. Pure. Names that machines,
programs and people in a hurry give say nothing. What was read already is masked by NUL."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from radio.archive.episode import Show
from radio.french.dates import find_dates, write_date
from radio.french.letters import plain_letters, word_lists
from radio.ingest.description import Day

SHORT_WORDS = " le la les un une du de des d l au aux et en ce cette mon son grand "
LONGEST_NUMBER = 6  # digits; more tell a date, or a telephone
SHORTEST_STEM = 4  # letters with which people begin the name of a show, and stop
_LISTS = {name: frozenset(words) for name, words in word_lists("ingest").items()}
_IDLE, _NUMBERED = _LISTS["idle"], _LISTS["numbered"]
_TIME_OR_ADDRESS = re.compile(r"\d\d:\d\d|(?:https?:|www\.).*")
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")
LONGEST_HEAD = 200  # characters of a title that are read
SHORTEST_ACRONYM = 3  # letters

# No title ends so, nor begins so behind the show.
_SURE = r"""
    version~def(?:initive)? v~def v~\.?\d{1,2} vf copie~de copy~of
    pad pret~a~diffuser export~\d*
    \d{2,3}~k(?:bps|bit/?s?|b/s|b)? 44[.,]?1(?:00)?~(?:k?hz)? 48(?:000)?~k?hz 48000
    mono stereo mp3 wav flac (?:copie|copy)~\(\d+\) \(\d{1,2}\)
"""
# A title may end so; behind a dash or a bracket it is cut off.
_LIKELY = r"""
    final(?:e|es)?~\d* def(?:initif)? mix(?:e|ed|down)?~\d* master(?:ise|ed|ing)?~\d*
    copie copy ok bon montage monte rendu version web brut normalise norm complet
"""


def _any(words: str) -> str:
    """Make a pattern of patterns; ~ is a space, if anything."""
    return f"(?:{'|'.join(words.split()).replace('~', '[ _-]?')})"


_BRACKET = r"[\s)\]\0]*"
_SURE_END = re.compile(rf"(?:(?:^|[\s_\0.,\[(–-]+){_any(_SURE)}|\s*\(\d{{1,2}}\)){_BRACKET}$")
_LIKELY_END = re.compile(rf"(?:\s[-–_]\s*|\s*[(\[\0]\s*|[_\0]|-){_any(_LIKELY)}{_BRACKET}$")
_SURE_START = re.compile(rf"^[\0\s_-]*{_any(_SURE)}(?![a-z\d])")
_ID = re.compile(r"\s*\[[\w-]{11}\]$")  # of a video, as downloaders write it
_SEASON = re.compile(r"(?:saison|season|^s(?=\d$))[ ._-]?(?P<season>\d{1,2})(?!\d|[-/]\d)")
_PAIR = re.compile(
    r"(?<![a-z\d])(?:s(?:aison)?[ ._-]?(?P<season>\d{1,2})[ ._,-]{0,3}(?:episode|emission|ep|e)"
    r"[ ._-]?|(?P<other>\d{1,2})x(?=\d\d))(?P<number>\d{1,3})(?![\da-z])"
)
_NUMBER = re.compile(
    r"(?<![a-z\d])(?:(?:emission|episode|ep|numero|num|no|n°|nº|#|e(?=\d\d))[ ._-]{0,2}){1,2}"
    r"(?:n[°ºo]|#)? ?(?P<number>\d{1,3})(?![\da-z%])"
)
_BEHIND_SHOW = re.compile(r"\0[ _.#-]{0,3}(?P<number>\d{1,3})(?=\s*(?:$|[-–_:.,;()\[\]\0])|\s+\0)")
_OPENING = re.compile(r"\W*")
_HEAD = re.compile(r"\W*(?:l['’] ?)?(?:emission|podcast|replay)\W+")
_HEAD_LEAD = re.compile(r"[\s,–—:|/(\[-]*")
_HEAD_NUMBER = re.compile(
    r"[\s,–—:|/(\[-]*(?:(?:(?:emission|episode|ep|numero|num|no|n°|nº|#)[ ._-]{0,2}){1,2}"
    r"(?P<number>\d{1,3})(?![\da-z%])|(?P<bare>\d{1,3})(?=$|\s+[–—|(-]|\s*[:|)\]]))"
)
_HEAD_LINK = re.compile(
    r"[\s)\]]*(?P<sign>[–—:|•·/-])?\s*(?=[^\W_]|[«“\"‘’'(])(?!(?:et|and|a|au) #?\d)"
)
_ALONE = re.compile(r"(?i)^\s*(?:[ée]mission|[ée]pisode|diffusion|replay)?\s*(?:d[ue]\s*)?$")
_TRACK = re.compile(r"^\d{1,3}(?:\s*[-.)]\s+|_)")


@dataclass(frozen=True)
class Numbering:
    """The number and the season of an episode, where they are said, and the text without them."""

    text: str
    number: int | None = None
    season: int | None = None


def names_of(show: Show) -> re.Pattern[str]:
    """Make a pattern, on plain letters, of the ways in which a show is named."""
    texts = map(plain_letters, (show.slug, show.title, show.station))
    forms = {tuple(re.findall(r"[a-z\d]+", each)) for each in texts}
    for words in list(forms):
        without = words[1:] if words[:1] and words[0] in ("la", "le", "les", "l") else words
        forms |= {without} | {("".join(word[0] for word in form),) for form in (words, without)}
    long = sorted((each for each in forms if len("".join(each)) >= SHORTEST_ACRONYM), key=len)
    patterns = (r"[\W_]*".join(map(re.escape, words)) for words in reversed(long))
    return re.compile(rf"(?<![a-z\d])(?:{'|'.join(patterns) or '(?!)'})(?![a-z])")


def mask_show(text: str, names: re.Pattern[str]) -> str:
    """Mask a show where it is named first, or separately."""
    for match in names.finditer(plain_letters(text)):
        before = text[: match.start()].rstrip()
        is_introduced = re.fullmatch(r"(?:.*[-–_(\[\0|:])?(?:emission)?", plain_letters(before))
        if is_introduced or not text[match.end() :].strip():
            text = mask(text, match.span())
    return text


def mask(text: str, *spans: tuple[int, int]) -> str:
    """Put NUL in place of what was read."""
    for start, end in spans:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


def read_numbering(text: str) -> Numbering:
    """Read « S02E04 », « n° 12 », « #12 », « LMAD_034 » with the show masked."""
    plain = plain_letters(text)
    for pattern in (_PAIR, _NUMBER, _BEHIND_SHOW):
        if match := pattern.search(plain):
            parts = match.groupdict()
            said = parts.get("season") or parts.get("other")
            season = int(said) if said else None
            return Numbering(mask(text, match.span()), int(match["number"]) or None, season)
    match = _SEASON.search(plain)
    return Numbering(mask(text, match.span()) if match else text, None, read_season(text))


def read_season(text: str) -> int | None:
    """Read « saison 3 »."""
    match = _SEASON.search(plain_letters(text))
    return int(match["season"]) if match else None


def without_head(title: str, show: Show, day: Day | None = None) -> Numbering:
    """Take show, number and day off the head of a title, unless nothing else is said there.

    >>> without_head("La Machine #12 – Les caméras", Show("lmad", "La Machine"))
    Numbering(text='Les caméras', number=12, season=None)
    >>> without_head("La Machine fête ses dix ans", Show("lmad", "La Machine")).text
    'La Machine fête ses dix ans'
    """
    plain = plain_letters(title[:LONGEST_HEAD])
    starts = (match.end() for form in (_OPENING, _HEAD) if (match := form.match(plain)))
    named = next(filter(None, (names_of(show).match(plain, start) for start in starts)), None)
    if named is None:
        return Numbering(title)
    dated = _behind_day(plain, named.end(), day)
    numbered = _HEAD_NUMBER.match(plain, dated)
    end = _behind_day(plain, numbered.end(), day) if numbered else dated
    link = _HEAD_LINK.match(plain, end)
    number = int(numbered["number"] or numbered["bare"]) if numbered else 0
    tail = title[link.end() :] if link else ""
    is_joined = link and (link["sign"] or (end > named.end() and not tail[:1].islower()))
    own = words_of_show((show.slug, show.title, show.station))
    if not is_joined or tail.isdecimal() or says_nothing(tail, own):
        return Numbering(title, number or None if not plain[end:].strip(" )]") else None)
    return Numbering(tail[:1].upper() + tail[1:], number or None)


def _behind_day(plain: str, start: int, day: Day | None) -> int:
    """Give where a text goes on behind its day, if that stands at a place."""
    lead = _HEAD_LEAD.match(plain, start)
    place = lead.end() if lead else start
    if day is None:
        return start
    for each in find_dates(plain[place:], day.date):
        if each.start == 0 and each.readings[0] == day.date.timetuple()[:3]:
            return place + each.end
    return start


def title_of(text: str, own: Collection[str] = ()) -> str:
    """Make a title of what is left of a name; nothing if that is only words of its show, `own`."""
    text = _without_ends(_TRACK.sub("", _ID.sub("", text)))
    is_dashed = " " not in text.strip()
    parts = [_piece(each, is_dashed) for each in re.split(r"\0+", text)]
    title = ""
    for part in filter(None, parts):  # what stood on both sides of something else
        link = " - " if title.endswith("-") or part.startswith(("-", "–")) else " "
        title = f"{title.rstrip(' -–')}{link}{part.lstrip(' -–')}" if title else part
        title = re.sub(r"[(\[]\s*[)\]]", " ", title).strip()
    title = title.strip(" -–_.,:;|/")
    return "" if says_nothing(title, own) else title[:1].upper() + title[1:]


def made_title(day: Day | None, number: int | None, language: str) -> str:
    """Name an episode of which nobody says a title; nothing where nothing is known of it.

    >>> from datetime import date
    >>> made_title(Day(date(2023, 4, 1)), None, "fr"), made_title(None, 12, "en")
    ('Émission du 1er avril 2023', 'Episode 12')
    >>> made_title(Day(date(2023, 4, 1), "month"), None, "fr")
    'Émission d’avril 2023'
    """
    is_french = language.startswith("fr")
    if number:
        return f"Épisode {number}" if is_french else f"Episode {number}"
    if day is None or not day.is_sure:
        return ""
    if not is_french:
        return f"Episode of {day.known}"
    date = write_date(day.known)
    of = "du" if " " in date and date[0].isdecimal() else "de"
    return f"Émission d’{date}" if date[0] in "ao" else f"Émission {of} {date}"


def _without_ends(text: str) -> str:
    before = ""
    while before != text:
        before, plain = text, plain_letters(text)
        if match := _SURE_END.search(plain) or _SURE_START.search(plain):
            text = mask(text, match.span()).rstrip("\0 ")
        elif match := _LIKELY_END.search(plain):  # unless it is a word of it: « le_grand_mix »
            start = plain[: match.start()]
            words, is_spaced = re.findall(r"[a-z]+", start), " " in start
            if is_spaced or not words or f" {words[-1]} " not in SHORT_WORDS:
                text = text[: match.start()]
    return text


def _piece(text: str, is_dashed: bool) -> str:
    """Make words of a part of a name; where it has no spaces, dashes stand for them."""
    text = re.sub(r"_+", " ", text)
    if is_dashed:
        text = re.sub(r"(?<!\d)-+|-+(?!\d)", " ", text)
    text = re.sub(r"[(\[]\s*[)\]]", " ", text)
    return " ".join(_ALONE.sub("", text).split())


def says_nothing(title: str, own: Collection[str] = ()) -> bool:
    """Whether a title says nothing, or no more than words of its show, `own`.

    >>> says_nothing("Machine def", {"machine", "decoudre"}), says_nothing("ZOOM0003")
    (True, True)
    >>> says_nothing("Le grand final"), says_nothing("La machine à coudre", {"machine"})
    (False, False)
    """
    plain = plain_letters(title)
    parts = sorted(_LETTERS_OR_DIGITS.findall(plain), key=str.isdecimal)
    words = [each for each in parts if not each.isdecimal()]
    if not words or max(map(len, parts[len(words) :] or [""])) > LONGEST_NUMBER:
        return not title or _TIME_OR_ADDRESS.fullmatch(plain) is not None
    stems = [each for each in words if len(each) >= SHORTEST_STEM]  # or beginnings of such
    names = {each for each in words if each in own}
    names |= {each for each in stems if any(name.startswith(each) for name in own)}
    idle = _IDLE | names | (_NUMBERED if len(words) < len(parts) else set())
    is_idle = (each in idle or (names and _is_short(each)) for each in words)
    return all(is_idle) or _TIME_OR_ADDRESS.fullmatch(plain) is not None


def words_of_show(texts: Iterable[str]) -> frozenset[str]:
    """List the words by which a show or its station is known."""
    words = re.findall(r"[a-z\d]+", " ".join(map(plain_letters, texts)))
    return frozenset(each for each in words if len(each) > 2 and not _is_short(each))


def _is_short(word: str) -> bool:
    return len(word) < 2 or f" {word} " in SHORT_WORDS
