"""The whole archive as one file: a BagIt bag in a ZIP that is made while it is sent.

A download that was cut goes on where it stopped, as long as nothing changed; a file that changes in
the middle of one ends it, since its checksum was sent or promised already.
"""

from dataclasses import replace
from typing import IO

from flask import Blueprint, Response, current_app, make_response, render_template, request

from radio.archive import Archive
from radio.archive.slugs import slugify
from radio.bags.payload import Selection
from radio.bags.plan_cache import PlanCache
from radio.bags.sums import lacking
from radio.formats.zips import open_zipped
from radio.system.errors import NotFoundError
from radio.web import ranges
from radio.web.addresses import known_url
from radio.web.context import catalogue, plain_name
from radio.web.headers import as_file
from radio.web.limits import Door
from radio.web.views.search import IN_BAG, read_options, read_query

bags = Blueprint("bags", __name__)

AT_ONCE = 64 << 20  # bytes that are read while somebody waits
RETRY = 30  # seconds
NAME_LENGTH = 80

planning = Door(2)  # of the server's threads


@bags.get("/download/archive.zip")
def archive() -> Response:
    """Give the whole archive, a show of it (`?show=`), or what a search finds (`?q=`)."""
    selection = _select()
    archive = catalogue().archive
    file = _plan(archive, selection)
    if file is None:
        return _wait(lacking(archive, selection).share)
    zipped = open_zipped(file, archive.root)
    response = ranges.respond(zipped, "application/zip", zipped.etag)
    as_file(response, "no-cache")
    response.headers["Content-Disposition"] = f'attachment; filename="{selection.name}.zip"'
    return response


def _select() -> Selection:
    """Read what is asked for.

    Raises NotFoundError if it is no show, or if a search finds nothing or too much.
    """
    slug, query = request.args.get("show") or None, read_query()
    if slug:
        catalogue().archive.show(slug)
    if not query:
        return Selection(slug or slugify(plain_name()) or "archives", slug)
    keys = catalogue().index.keys(
        query, replace(read_options(), show=slug, page=1, size=IN_BAG + 1)
    )
    if not 0 < len(keys) <= IN_BAG:
        raise NotFoundError(f"{query!r} finds {len(keys)} episodes; search for 1 to {IN_BAG}")
    name = f"recherche-{slugify(query)}"[:NAME_LENGTH].strip("-")
    return Selection(name, slug, frozenset(keys))


def _plan(archive: Archive, selection: Selection) -> IO[bytes] | None:
    """Open the plan of a bag; None while too much is to be read before it can be made.

    Raises ServiceUnavailable while others are being made.
    """
    plans: PlanCache = current_app.extensions.setdefault("radio-plans", PlanCache(archive))
    file = plans.find(selection, known_url())
    if file or lacking(archive, selection).bytes > AT_ONCE:
        return file
    with planning.entered():
        return plans.make(selection, known_url())


def _wait(share: float) -> Response:
    """Say that the archive is being prepared."""
    response = make_response(render_template("preparing.html", share=share), 503)
    response.headers["Retry-After"] = str(RETRY)
    return response
