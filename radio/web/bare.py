"""The shortest page: where the site refuses, or can't make a page of its own.

It asks nothing of the archive but what the site says of itself, which is remembered.
"""

from flask import Response
from flask_babel import gettext
from markupsafe import Markup, escape

from radio.formats.markdown import render_html
from radio.web import language
from radio.web.context import catalogue

PAGE = Markup(
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark"><title>{code}</title></head>'
    "<body><main><h1>{code}</h1><p>{message}</p>{people}</main></body></html>"
)


def bare(code: int, message: str) -> Response:
    """Say in a sentence what is wrong, who is told of it, and who answers for the site."""
    page = PAGE.format(lang=language.current(), code=code, message=message, people=_people())
    return Response(page, code)


def _people() -> Markup:
    imprint = catalogue().imprint
    contact = Markup()
    if imprint.contact:
        link = Markup('<a href="{}" rel="noreferrer">{}</a>').format(
            imprint.contact_link, imprint.contact
        )
        contact = Markup("<p>{} {}</p>").format(gettext("Contact\u00a0:"), link)
    legal = Markup(render_html(imprint.legal))  # noqa: S704 (it escapes all words)
    heading = Markup("<h2>{}</h2>").format(gettext("Mentions légales")) if imprint.legal else ""
    return contact + escape(heading) + legal
