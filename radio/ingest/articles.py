"""Articles of a site: their recordings, what is left, and who cites whom."""

import contextlib
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from radio.archive.episode import Link, Person
from radio.ingest.dating import UNKNOWN, clues_of
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.folders import Left
from radio.ingest.names import people_in
from radio.ingest.sound import LinkedSound, whole
from radio.system.messages import _

ALIKE = 3  # recordings of one article that are parts of one subject; more are a list
LONGEST_WAIT = 400  # days between a broadcast and its article
BEGINNING = 300  # characters of a text that may tell its day
AIRED = re.compile(r"(?i)(?:[ée]mission|diffus\w*|antenne|podcast|replay)\b[^.!?]{0,40}$")
FORMER = re.compile(r"(?i)\b(?:suite|apr[èe]s|depuis|derni[èe]re|pr[ée]c[ée]dente)\b[^.!?]*$")
NAMELESS = re.compile(  # words of a link that say what it does, not what is heard there
    r"(?i)^(?:https?:.*|.*\.(?:mp3|m4a|og[ga]|opus|flac|wav)|(?:t[ée]l[ée]charger|[ée]couter|download|play|ici"
    r"|audio|podcast|mp3|lien|lecteur|le son|listen)\b.{0,25})?$"
)
ENDING = re.compile(r"(?i)[\s:,;–—(-]*\b(?:t[ée]l[ée]charger|[ée]couter|download|listen)\b.{0,25}$")


@dataclass(frozen=True)
class Article:
    """An article, as its site gives it."""

    page: str  # address
    title: str = ""
    guid: str = ""
    day: dt.date | None = None  # when it was published, where the site is
    text: str = ""  # Markdown
    sounds: tuple[LinkedSound, ...] = ()
    elsewhere: tuple[str, ...] = ()  # addresses of recordings on sites that we know
    links: tuple[str, ...] = ()
    picture: str = ""
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    producers: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()  # names of the shows that it is filed under
    season: int | None = None
    number: int | None = None
    language: str = ""
    kind: str = ""  # its type
    number_there: int = 0  # its number on its site
    is_protected: bool = False
    is_unreadable: bool = False


def arrivals_of(
    articles: Iterable[Article], others: Iterable[Article] = ()
) -> Iterator[Arrival | Left]:
    """Give the recordings of articles, each once, and the articles that have none. One that another
    site keeps is an arrival by its page there. An article that plays a recording of an earlier one,
    or links to it, becomes a link of that."""
    known = list({each.page: each for each in articles}.values())
    citing, taken = _citing(known, others), set[str]()
    for article in known:
        reason = ""
        if article.is_protected:
            reason = _("derrière un mot de passe ; demandez aux responsables du site")
        elif article.is_unreadable:
            reason = _("il ne peut pas être lu ; ajoutez son enregistrement par sa propre adresse")
        elif not article.sounds and not article.elsewhere:
            reason = _("pas d’enregistrement dedans")
        if reason:
            yield Left(article.page, reason)
            continue
        for sound in article.sounds:
            if key_of(sound.place) in taken:
                yield Left(article.page, _("un enregistrement qu’un article plus ancien a déjà"))
                continue
            taken.add(key_of(sound.place))
            said = _describe(article, sound, citing)
            yield Arrival(sound.place, sound.name, said, picture=article.picture)
        for place in article.elsewhere:
            if key_of(place) not in taken:
                taken.add(key_of(place))
                said = _describe(article, LinkedSound(place), citing)
                yield Arrival(place, "", said, is_page=True)


def _describe(article: Article, sound: LinkedSound, citing: dict[str, list[Link]]) -> Description:
    is_alone = len(article.sounds) + len(article.elsewhere) < 2
    cited = [*citing.get(key_of(article.page), ()), *citing.get(key_of(sound.place), ())]
    links = {each.url: each for each in (Link(article.page, article.title), *cited)}
    guid = article.guid or article.page
    return Description(
        title=article.title if is_alone else _title(article, sound),
        day=day_of(article, sound, is_alone=is_alone),
        text=article.text,
        language=article.language,
        people=tuple(dict.fromkeys((*map(Person, article.people), *people_in(article.title)))),
        producers=article.producers,
        tags=article.tags,
        links=tuple(links.values()),
        season=article.season,
        number=article.number if is_alone else None,
        url=sound.place,
        page=article.page,
        guid=guid if is_alone else f"{guid}#{sound.name or sound.place}",
    )


def _title(article: Article, sound: LinkedSound) -> str:
    """Name one recording of several: by its link, the heading above it, its place."""
    names = (sound.label, ENDING.sub("", sound.near), sound.heading)
    others = (each for each in names if len(each) < 200 and each != article.title)
    own = next((each for each in others if not NAMELESS.match(each)), "")
    if own and len(article.sounds) > ALIKE:
        return own
    place = next((n for n, each in enumerate(article.sounds, 1) if each is sound), 1)
    part = own or f"{place}/{len(article.sounds)}"
    return f"{article.title} – {part}" if article.title else part


def day_of(article: Article, sound: LinkedSound, *, is_alone: bool) -> Day | None:
    """Read the day of a recording: from its words, name or text, else from its article. Articles
    come after broadcasts: a later day is none of it, nor one long before, unless said to be the
    broadcast's. Of a text only such a day counts or, where the article has none, the first."""
    posted = article.day
    own = (sound.label, sound.near, sound.heading)
    texts = (article.title, *own) if is_alone else (*own, article.title)
    named = (day for text in (*texts, sound.name) for day in _days(text, posted))
    said = _days(article.text[:BEGINNING], posted)
    aired = (each for each in said if AIRED.search(each[1]) and not FORMER.search(each[1]))
    for day, before in (*named, *aired, *(() if posted else said)):
        wait = (posted - day).days if posted else 0
        if wait >= 0 and (wait <= LONGEST_WAIT or AIRED.search(before)):
            return Day(day)
    return Day(posted) if posted else None


def _days(text: str, posted: dt.date | None) -> list[tuple[dt.date, str]]:
    """Find the days in a text, with the words before; without a year, the last such day."""
    latest, found = posted or dt.datetime.now(dt.UTC).date(), list[tuple[dt.date, str]]()
    for clue in clues_of(text, latest)[0]:
        readings = clue.written.readings
        if clue.is_doubtful:  # the one that goes with the article, if one does
            readings = tuple(
                each
                for each in readings
                if posted and all(each) and 0 <= (posted - dt.date(*each)).days <= LONGEST_WAIT
            )
        year, month, day = readings[0] if readings else UNKNOWN
        years = (year,) if year else (latest.year, latest.year - 1) if posted else ()
        if month and day and years:
            with contextlib.suppress(ValueError):  # the 29 February of another year
                days = [dt.date(each, month, day) for each in years]
                nearest = next((each for each in days if each <= latest), days[0])
                found.append((nearest, text[: clue.written.start]))
    return found


def _citing(articles: Sequence[Article], others: Iterable[Article]) -> dict[str, list[Link]]:
    """Find who cites what: by the address of an article, or of a recording."""
    wanted = {key_of(each.page) for each in articles if each.sounds or each.elsewhere}
    wanted |= {key_of(sound.place) for each in articles for sound in each.sounds}
    by_guid = {key_of(each.guid): key_of(each.page) for each in articles if each.guid}
    found: dict[str, list[Link]] = {}
    for each in (*articles, *others):
        cited = [*each.links, *(sound.place for sound in each.sounds), *each.elsewhere]
        for key in {by_guid.get(key_of(place), key_of(place)) for place in cited} & wanted:
            if key != key_of(each.page) and not each.is_protected:
                found.setdefault(key, []).append(Link(each.page, each.title))
    return found


def key_of(address: str) -> str:
    """Name what lies at an address, however it is written.

    >>> key_of("http://www.A.example/b%C3%A9/#x") == key_of("https://a.example/bé")
    True
    """
    if not whole(address):
        return address
    parts = urlsplit(address)
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{unquote(parts.path).rstrip('/')}?{parts.query}"
