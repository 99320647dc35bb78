"""The page of the desk with the report of a year, as `radio export report` writes it."""

import datetime as dt
from typing import Literal

from flask import Response, render_template, request
from werkzeug.exceptions import NotFound

from radio.books import annual
from radio.formats.playlists import render_tunes
from radio.system.words import words_of
from radio.web import language
from radio.web.context import catalogue
from radio.web.gate import keeper
from radio.web.headers import attached, file_of, styled


@keeper.get("/report")
def report() -> str:
    """Show the figures of a year, and lead to its page and its table."""
    archive, year = catalogue().archive, request.args.get("year", dt.date.today().year, type=int)
    figures, words = _figures(year), words_of(language.current())
    return render_template(
        "desk_report.html",
        year=year,
        years=annual.years_of(archive),
        figures=annual.summary(figures, words),
        listeners=annual.about_listeners(figures, words),
        heard=figures.heard is not None,
        music=bool(annual.played_in(archive, year)),
    )


@keeper.get("/report/<int:year>.<any(html, csv):form>")
def written(year: int, form: Literal["html", "csv"]) -> Response:
    """Give the page of a year, or its programmes as a table."""
    figures = _figures(year)
    if form == "csv":
        return _table(annual.render_programmes(figures), f"rapport-{year}")
    words = words_of(language.current())
    page = annual.render_page(annual.name_of(catalogue().archive), figures, words)
    return styled(Response(page), annual.STYLE)


@keeper.get("/report/<int:year>-musiques.csv")
def music_of_year(year: int) -> Response:
    """Give the music of all episodes of a year, as rights societies ask for it."""
    archive = catalogue().archive
    played = annual.played_in(archive, year)
    table = render_tunes((archive.show(each.show), each) for each in played)
    return _table(table, f"musiques-{year}")


@keeper.get("/report/<int:year>-ecoutes.csv")
def heard_in_year(year: int) -> Response:
    """Give how often each episode was opened and heard, by day."""
    return _table(annual.render_heard(catalogue().archive, year), f"ecoutes-{year}")


def _table(table: bytes, name: str) -> Response:
    return file_of(table, "text/csv; charset=utf-8", named=attached(f"{name}.csv"))


def _figures(year: int) -> annual.YearFigures:
    if not 1900 <= year <= 9999:
        raise NotFound
    return annual.figures_of(catalogue().archive, year)
