"""A radio's report of a year, for its members or funds: what was broadcast, by whom, on what, how
much has a text. One page that needs nothing else, and its programmes as CSV."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from radio.archive import Archive, audience, imprint
from radio.archive.authorship import status_of
from radio.archive.episode import Episode, Show
from radio.archive.slugs import slugify
from radio.formats.tables import in_hours, render_table
from radio.french.dates import MONTHS
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.system.words import Words
from radio.text.transcript import clock

MOST = 40  # names of a list
COLUMNS = ("title", "date", "length", "seconds", "show", "producers", "people", "themes", "text")
FIGURES = ("date", "length", "seconds")
HEARD = ("day", "episode", "title", *audience.EVENTS)
TEXTS = {"machine": _("de la machine"), "changed": _("relu en partie"), "reread": _("relu")}
STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")

Count = tuple[str, int, float]  # a name, its episodes, their seconds


@dataclass(frozen=True)
class Programme:
    """An episode that was broadcast in the year."""

    show: Show
    episode: Episode
    status: str  # of its text; nothing while there is none

    @property
    def producers(self) -> tuple[str, ...]:
        """The collectives that made it."""
        return self.show.producers_of(self.episode)


# what is counted by name, under its heading
NAMES: dict[str, tuple[str, Callable[[Programme], Iterable[str]]]] = {
    "shows": (_("Émissions"), lambda each: [each.show.title]),
    "producers": (_("Collectifs"), lambda each: each.producers),
    "themes": (_("Thèmes"), lambda each: each.episode.tags),
    "people": (_("Personnes entendues"), lambda each: [p.name for p in each.episode.people]),
}


@dataclass(frozen=True)
class YearFigures:
    """The figures of a year; lengths are seconds."""

    year: int
    programmes: tuple[Programme, ...]  # the oldest first; of the withdrawn ones none
    withdrawn: int  # of the year: counted, not named
    episodes_kept: int  # up to the end of the year
    kept: float
    added: int  # episodes of any date that came into the archive in the year
    added_length: float
    heard: audience.Numbers | None = None  # where that was counted

    @property
    def length(self) -> float:
        """How long all programmes of the year are."""
        return _length(each.episode for each in self.programmes)

    def share(self, *statuses: str) -> float:
        """Give the share whose text has one of some statuses, 0 to 1."""
        done = _length(each.episode for each in self.programmes if each.status in statuses)
        return done / self.length if self.length else 0.0

    def months(self) -> list[tuple[int, float]]:
        """Count the episodes of each month, and their length; those of no known month in none."""
        found = [list[Episode]() for _month in MONTHS["fr"]]
        for each in self.programmes:
            if month := each.episode.known_date[5:7]:
                found[int(month) - 1].append(each.episode)
        return [(len(each), _length(each)) for each in found]

    def named(self, kind: str) -> list[Count]:
        """Count some of NAMES, the most frequent first, however their letters are written."""
        written, numbers, lengths = dict[str, str](), Counter[str](), Counter[str]()
        for each in self.programmes:
            for key, name in {slugify(name): name for name in NAMES[kind][1](each)}.items():
                written.setdefault(key, name)
                numbers[key] += 1
                lengths[key] += round(each.episode.audio.duration)
        order = sorted(numbers, key=lambda key: (-numbers[key], key))
        return [(written[key], numbers[key], float(lengths[key])) for key in order]


def name_of(archive: Archive) -> str:
    """Name the radio as its site does, else by its stations."""
    stations = sorted({each.station for each in archive.shows() if each.station})
    return imprint.about(archive.root).name or ", ".join(stations)


def years_of(archive: Archive) -> list[int]:
    """List the years in which something was broadcast, the newest first; this one always."""
    known = {each.date.year for each in archive.episodes() if each.date_sure}
    return sorted(known | {dt.date.today().year}, reverse=True)


def played_in(archive: Archive, year: int) -> list[Episode]:
    """List the episodes of a year with music, the oldest first; withdrawn too."""
    found = [each for each in archive.episodes() if each.playlist and each.date.year == year]
    return sorted(found, key=lambda each: (each.date, each.slug))


def figures_of(archive: Archive, year: int) -> YearFigures:
    """Count the figures of a year."""
    shows = {each.slug: each for each in archive.shows()}
    known = [each for each in archive.episodes() if each.show in shows]
    now = dt.datetime.now()
    figures = [each for each in known if each.is_public(now)]
    until = [each for each in figures if each.date.year <= year]
    added = [each for each in figures if each.source.retrieved.startswith(f"{year:04d}-")]
    own = [each for each in until if each.date.year == year and each.date_sure]
    own.sort(key=lambda each: (each.date, each.slug))
    return YearFigures(
        year=year,
        programmes=tuple(Programme(shows[e.show], e, _status(archive, e)) for e in own),
        withdrawn=sum(each.is_withdrawn(now) and each.date.year == year for each in known),
        episodes_kept=len(until),
        kept=_length(until),
        added=len(added),
        added_length=_length(added),
        heard=_heard(archive, year),
    )


def _heard(archive: Archive, year: int) -> audience.Numbers | None:
    counts = [numbers for _day, _episode, numbers in audience.heard_in(archive, year)]
    pages, plays, files = (sum(each[place] for each in counts) for place in range(3))
    return (pages, plays, files) if counts else None


def _status(archive: Archive, episode: Episode) -> str:
    try:
        return status_of(archive, episode.key) or ""
    except RadioError:
        return ""


def _length(episodes: Iterable[Episode]) -> float:
    return sum(each.audio.duration for each in episodes)


def render_page(name: str, figures: YearFigures, words: Words) -> str:
    """Write the page; `name` is that of the radio."""
    title = words.say("Rapport de l’année {year}", year=figures.year)
    lines = [
        f'<!doctype html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(name)} – {title}</title>\n<style>{STYLE}</style>\n</head>",
        f"<body>\n<main>\n<p>{escape(name)}</p>\n<h1>{title}</h1>",
        *_figures(figures, words),
        *_months(figures, words),
        *(
            _names(words.say(each), figures.named(kind), words)
            for kind, (each, _f) in NAMES.items()
        ),
        *_programmes(figures, words),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(lines)


def render_programmes(figures: YearFigures) -> bytes:
    """Write the programmes as a table, to open with a double click."""
    rows = list[tuple[str, ...]]()
    for each in figures.programmes:
        episode, length = each.episode, each.episode.audio.duration
        people = [person.name for person in episode.people]
        lists = ("; ".join(names) for names in (each.producers, people, episode.tags))
        times = episode.known_date, in_hours(length), str(round(length))
        rows.append((episode.title, *times, each.show.title, *lists, each.status))
    return render_table(COLUMNS, rows, FIGURES)


def render_heard(archive: Archive, year: int) -> bytes:
    """Write how often episodes were opened and heard, by day, as a table."""
    rows = audience.heard_in(archive, year)
    table = ((day, each.key, each.title, *map(str, numbers)) for day, each, numbers in rows)
    return render_table(HEARD, table, ("day", *audience.EVENTS))


def summary(figures: YearFigures, words: Words) -> list[tuple[str, str]]:
    """Name the figures of a year, and write each."""
    say, year = words.say, figures.year
    broadcast = len(figures.programmes), figures.length
    kept = figures.episodes_kept, figures.kept
    added = figures.added, figures.added_length
    transcribed, reread = figures.share("machine", "changed", "reread"), figures.share("reread")
    rows = [
        (say("Diffusé en {year}", year=year), _lasting(*broadcast, words)),
        (say("dont transcrit, que l’on peut lire et chercher"), _percent(transcribed, words)),
        (say("dont relu par une personne"), _percent(reread, words)),
        (say("Entré dans l’archive en {year}", year=year), _lasting(*added, words)),
        (say("Dans l’archive à la fin de {year}", year=year), _lasting(*kept, words)),
    ]
    if figures.heard:
        names = _("Pages d’épisodes ouvertes"), _("Écoutes lancées"), _("Sons téléchargés")
        rows += [(say(name), str(n)) for name, n in zip(names, figures.heard, strict=True)]
    if figures.withdrawn:
        name = say("Retirés, comptés mais pas nommés")
        rows.append((name, words.count("{n} épisode", "{n} épisodes", figures.withdrawn)))
    return rows


def about_listeners(figures: YearFigures, words: Words) -> str:
    """Say what is known of who listens: nothing, or how often somebody did."""
    if figures.heard:
        return words.say(
            "Compté par jour et par épisode, sans rien garder de qui écoute\u00a0: ni adresse, ni "
            "heure, ni navigateur."
        )
    return words.say(
        "L’écoute n’est pas comptée\u00a0: le site ne garde ni adresse ni trace de ses visites, et "
        "personne n’y est observé."
    )


def _figures(figures: YearFigures, words: Words) -> Iterator[str]:
    yield "<h2>" + words.say("En chiffres") + "</h2>\n<table>"
    for name, text in summary(figures, words):
        yield f'<tr><th scope="row">{name}</th><td>{text}</td></tr>'
    yield f"</table>\n<p><strong>{about_listeners(figures, words)}</strong></p>"


def _months(figures: YearFigures, words: Words) -> Iterator[str]:
    months = figures.months()
    most = max([1.0, *(length for _number, length in months)])
    yield "<h2>" + words.say("Heures diffusées, mois par mois") + "</h2>\n<table>"
    for name, (number, length) in zip(MONTHS[words.language], months, strict=True):
        bar = '<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        bar += f'<rect width="{100 * length / most:.1f}" height="4"/></svg>'
        text = _lasting(number, length, words)
        yield f'<tr><th scope="row">{name}</th><td class="n">{text}</td><td>{bar}</td></tr>'
    yield "</table>"


def _names(heading: str, counts: Sequence[Count], words: Words) -> str:
    if not counts:
        return f"<h2>{heading}</h2>\n<p>" + words.say("Rien n’est noté.") + "</p>"
    colon = words.say("\u00a0: ")
    listed = "".join(
        f"<li>{escape(name)}{colon}{_lasting(number, length, words)}</li>"
        for name, number, length in counts[:MOST]
    )
    more = "<li>…</li>" if len(counts) > MOST else ""
    return f"<h2>{heading} ({len(counts)})</h2>\n<ul>{listed}{more}</ul>"


def _programmes(figures: YearFigures, words: Words) -> Iterator[str]:
    title = words.say("Programmes locaux")
    note = words.say(
        "Produits par la radio ou les collectifs nommés, dans l’ordre de diffusion, comme un fonds "
        "de soutien (FSER) les demande\u00a0: titre, date, durée."
    )
    columns = (_("Titre"), _("Date"), _("Durée"), _("Émission"), _("Par"), _("Texte"))
    head = "".join(f'<th scope="col">{words.say(each)}</th>' for each in columns)
    yield f"<h2>{title}</h2>\n<p>{note}</p>"
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{title}">'
    yield f"<table><thead><tr>\n{head}\n</tr></thead><tbody>"
    for each in figures.programmes:
        episode = each.episode
        times, status = (episode.known_date, clock(episode.audio.duration)), TEXTS.get(each.status)
        made = each.show.title, ", ".join(each.producers), words.say(status or "")
        cells = (episode.title, *times, *made)
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    yield "</tbody></table></div>"


def _lasting(number: int, length: float, words: Words) -> str:
    hours, minutes = divmod(round(length / 60), 60)
    episodes = words.count("{n} épisode", "{n} épisodes", number)
    return f"{hours} h {minutes:02d}, {episodes}"


def _percent(share: float, words: Words) -> str:
    written = f"{100 * share:.1f}\u00a0%"
    return written.replace(".", ",") if words.language == "fr" else written
