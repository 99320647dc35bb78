"""What the site says of itself, as its pages need it: logo, colours, address of the source."""

import hashlib
import re
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for

from radio.archive.episode import PICTURES
from radio.archive.imprint import Colors, logo_path, source_address, state_of
from radio.system.disk import open_beneath
from radio.system.errors import NotFoundError
from radio.web import ranges
from radio.web.context import catalogue
from radio.web.headers import SITE_AGE, STATIC_AGE, as_file

imprint = Blueprint("imprint", __name__)


@imprint.get("/logo.<any(jpg, png, webp):suffix>")
def logo(suffix: str) -> Response:
    """Give the logo as it was received."""
    root = catalogue().archive.root
    path = logo_path(root, catalogue().imprint)
    if path is None or path.suffix != f".{suffix}":
        raise NotFoundError(f"logo.{suffix}: no such logo")
    version = _version()
    response = ranges.respond(open_beneath(root, path.name), PICTURES[path.suffix], version)
    as_file(response)
    return _set_age(response)


@imprint.get("/site.css")
def colors() -> Response:
    """Give the colours that were chosen, over those of style.css."""
    return _set_age(Response(stylesheet(), mimetype="text/css"))


@imprint.get("/<any(light, dark):scheme>.css")
def scheme(scheme: str) -> Response:
    """Give the colours of one scheme, whatever a device prefers: for players on other sites."""
    with current_app.open_resource("static/style.css", "rt", encoding="utf-8") as file:
        look = file.read() + (stylesheet() if catalogue().imprint.colors != Colors() else "")
    by_day = (
        re.findall(r"^:root \{.*?^\}", look, re.DOTALL | re.MULTILINE)[:1]
        if scheme == "light"
        else []
    )
    preferred = rf"^@media (?:screen and )?\(prefers-color-scheme: {scheme}\) \{{(.*?)^\}}"
    rules = [*by_day, *re.findall(preferred, look, re.DOTALL | re.MULTILINE)]
    fixed = f":root {{ color-scheme: {scheme}; }}"
    return _set_age(Response("\n".join([*rules, fixed]), mimetype="text/css"))


def stylesheet() -> str:
    """Write the colours of the site; a print stays black on white."""
    colors = catalogue().imprint.colors
    schemes = [("light", colors.by_day), ("dark", colors.by_night)]
    return render_template("site.css", schemes=schemes)


def surroundings() -> dict[str, Any]:
    """Give every page what the site says of itself, and the addresses of what it looks like."""
    root, site = catalogue().archive.root, catalogue().imprint
    path, version = logo_path(root, site), _version()
    has_colors = site.colors != Colors()
    return {
        "imprint": site,
        "source": source_address(site),
        "logo": url_for("imprint.logo", suffix=path.suffix[1:], v=version) if path else "",
        "colors": url_for("imprint.colors", v=version) if has_colors else "",
    }


def _version() -> str:
    """Name the state of the file and of the logo, so that browsers may keep what they give."""
    state = state_of(catalogue().archive.root)
    return hashlib.sha256(state.encode()).hexdigest()[:12]


def _set_age(response: Response) -> Response:
    """Let browsers keep what the address names in its present state."""
    is_named = request.args.get("v") == _version()
    response.headers["Cache-Control"] = STATIC_AGE if is_named else SITE_AGE
    return response
