"""The page of the desk with the report of a year, as `radio export report` writes it."""

import datetime as dt
from typing import Literal

from flask import Response, render_template, request
from werkzeug.exceptions import NotFound

from radio.books.annual import (
    STYLE,
    YearFigures,
    figures_of,
    name_of,
    played_in,
    render_page,
    render_programmes,
    summary,
    years_of,
)
from radio.formats.playlists import render_tunes
from radio.system.words import words_of
from radio.web import language
from radio.web.context import catalogue
from radio.web.gate import keeper
from radio.web.headers import styled

FIRST, LAST = 1900, 9999


@keeper.get("/report")
def report() -> str:
    """Show the figures of a year, and lead to its page and its table."""
    archive = catalogue().archive
    year = request.args.get("year", dt.date.today().year, type=int)
    return render_template(
        "desk_report.html",
        year=year,
        years=years_of(archive),
        figures=summary(_figures(year), words_of(language.current())),
        music=bool(played_in(archive, year)),
    )


@keeper.get("/report/<int:year>.<any(html, csv):form>")
def written(year: int, form: Literal["html", "csv"]) -> Response:
    """Give the page of a year, or its programmes as a table."""
    told = _figures(year)
    if form == "csv":
        return _table(render_programmes(told), f"rapport-{year}")
    page = render_page(name_of(catalogue().archive), told, words_of(language.current()))
    return styled(Response(page), STYLE)


@keeper.get("/report/<int:year>-musiques.csv")
def music_of_year(year: int) -> Response:
    """Give the music of all episodes of a year, as rights societies ask for it."""
    archive = catalogue().archive
    played = played_in(archive, year)
    return _table(
        render_tunes((archive.show(each.show), each) for each in played), f"musiques-{year}"
    )


def _table(table: bytes, name: str) -> Response:
    response = Response(table, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _figures(year: int) -> YearFigures:
    if not FIRST <= year <= LAST:
        raise NotFound
    return figures_of(catalogue().archive, year)
