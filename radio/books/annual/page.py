"""The report of a year as one page that needs nothing else, and its programmes as CSV."""

from collections.abc import Iterable, Iterator
from html import escape

from radio.books.annual.figures import Count, YearFigures
from radio.books.annual.words import ReportWords
from radio.formats.tables import in_hours, render_table
from radio.french.calendar import MONTHS
from radio.text.transcript import clock

MOST = 40  # names of a list
COLUMNS = ("title", "date", "length", "seconds", "show", "producers", "people", "themes", "text")
FIGURES = ("date", "length", "seconds")
STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  overflow-wrap: break-word; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; break-after: avoid; }
table { border-collapse: collapse; width: 100%; } caption { text-align: start; }
th, td { text-align: start; vertical-align: top; padding: .25rem .75rem .25rem 0;
  border-bottom: 1px solid #8888; }
td.n, .wide td:nth-child(2) { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.n { text-align: end; }
svg { display: block; width: 100%; height: .9rem; } rect { fill: #1f5a2e; }
.wide { overflow-x: auto; }
.wide td:is(:first-child, :nth-child(4)) { min-width: 7em; overflow-wrap: anywhere; }
li { break-inside: avoid; } ul { columns: 16rem; padding-inline-start: 1.2rem; }
@media (prefers-color-scheme: dark) { rect { fill: #8fe0a0; } }
@media print {
  @page { margin: 15mm;
    @bottom-center { content: counter(page) " / " counter(pages); font: 9pt sans-serif; } }
  body { max-width: none; margin: 0; font-size: 10pt; }
  rect { print-color-adjust: exact; } thead { display: table-header-group; }
  tr { break-inside: avoid; } .wide { overflow: visible; } }
"""


def render_page(name: str, told: YearFigures, words: ReportWords) -> str:
    """Write the page; `name` is that of the radio."""
    title = words.title.format(year=told.year)
    parts = [*_head(name, title, words), *_figures(told, words), *_months(told, words)]
    for heading, counts in (
        (words.shows, told.shows),
        (words.producers, told.producers),
        (words.themes, told.themes),
        (words.people, told.people),
    ):
        parts += _names(heading, counts, words)
    return "\n".join([*parts, *_programmes(told, words), "</main>", "</body>", "</html>", ""])


def render_programmes(told: YearFigures) -> bytes:
    """Write the programmes as a table, to open with a double click."""
    return render_table(COLUMNS, _rows(told), FIGURES)


def _rows(told: YearFigures) -> Iterator[tuple[str, ...]]:
    for each in told.programmes:
        episode, length = each.episode, each.episode.audio.duration
        made, people = each.show.producers_of(episode), [p.name for p in episode.people]
        lists = ("; ".join(names) for names in (made, people, episode.tags))
        times = in_hours(length), str(round(length))
        yield episode.title, episode.known_date, *times, each.show.title, *lists, each.status


def _head(name: str, title: str, words: ReportWords) -> Iterator[str]:
    yield f'<!doctype html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(name)} – {title}</title>\n<style>{STYLE}</style>\n</head>"
    yield f"<body>\n<main>\n<p>{escape(name)}</p>\n<h1>{title}</h1>"


def summary(told: YearFigures, words: ReportWords) -> list[tuple[str, str]]:
    """Name the figures of a year, and write each."""
    rows = [
        (words.of_year, _lasting(len(told.programmes), told.length, words)),
        (words.added, _lasting(told.added, told.added_length, words)),
        (words.kept, _lasting(told.episodes_kept, told.kept, words)),
        (words.transcribed, _share(told.transcribed, words)),
        (words.reread, _share(told.reread, words)),
    ]
    if told.withdrawn:
        rows.append((words.withdrawn, _episodes(told.withdrawn, words)))
    return [(name.format(year=told.year), text) for name, text in rows]


def _figures(told: YearFigures, words: ReportWords) -> Iterator[str]:
    yield f"<h2>{words.in_figures}</h2>\n<table>"
    for name, text in summary(told, words):
        yield f'<tr><th scope="row">{name}</th><td>{text}</td></tr>'
    yield f"</table>\n<p><strong>{words.unwatched}</strong></p>"


def _months(told: YearFigures, words: ReportWords) -> Iterator[str]:
    most = max([1.0, *(length for _number, length in told.months)])
    yield f"<h2>{words.by_month}</h2>\n<table>"
    for name, (number, length) in zip(MONTHS[words.language], told.months, strict=True):
        bar = '<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        bar += f'<rect width="{100 * length / most:.1f}" height="4"/></svg>'
        text = _lasting(number, length, words)
        yield f'<tr><th scope="row">{name}</th><td class="n">{text}</td><td>{bar}</td></tr>'
    yield "</table>"


def _names(heading: str, counts: list[Count], words: ReportWords) -> Iterator[str]:
    number = f" ({len(counts)})" if counts else ""
    yield f"<h2>{heading}{number}</h2>"
    if not counts:
        yield f"<p>{words.none}</p>"
        return
    listed = (
        f"<li>{escape(name)}{words.colon}{_lasting(number, length, words)}</li>"
        for name, number, length in counts[:MOST]
    )
    more = "<li>…</li>" if len(counts) > MOST else ""
    yield f"<ul>{''.join(listed)}{more}</ul>"


def _programmes(told: YearFigures, words: ReportWords) -> Iterator[str]:
    yield f"<h2>{words.list}</h2>\n<p>{words.list_note}</p>"
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{words.list}">'
    yield "<table><thead><tr>"
    yield "".join(f'<th scope="col">{name}</th>' for name in words.columns)
    yield "</tr></thead><tbody>"
    for each in told.programmes:
        episode = each.episode
        made = ", ".join(each.show.producers_of(episode))
        cells = (episode.title, episode.known_date, clock(episode.audio.duration))
        yield _row((*cells, each.show.title, made, words.texts.get(each.status, "")))
    yield "</tbody></table></div>"


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _episodes(number: int, words: ReportWords) -> str:
    return words.episodes[number > 1 or (number == 0 and words.language == "en")].format(n=number)


def _lasting(number: int, length: float, words: ReportWords) -> str:
    hours, minutes = divmod(round(length / 60), 60)
    return f"{words.hours.format(hours=hours, minutes=minutes)}, {_episodes(number, words)}"


def _share(share: float, words: ReportWords) -> str:
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%".replace(".", words.decimal)
