"""Parts of pages that are rendered once for each state of what they show, in each language."""

import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from flask import current_app, render_template, request
from markupsafe import Markup

from radio.web import language
from radio.web.addresses import is_exact, known_url
from radio.web.context import catalogue

ROOM = 16 << 20  # characters that are kept, the last that were asked for

_parts: dict[Hashable, str] = {}
_lock = threading.Lock()


def rendered(template: str, state: Hashable, tell: Callable[[], Mapping[str, Any]]) -> Markup:
    """Render a part of a page, once for each state, which must name all that the part shows."""
    if current_app.config["FROZEN"]:
        return Markup(render_template(template, **tell()))  # noqa: S704
    languages = language.region(), language.in_address()
    asked = languages, is_exact(), request.script_root, known_url()
    key = catalogue().archive, template, state, asked
    with _lock:
        part = _parts.pop(key, None)
    if part is None:
        part = render_template(template, **tell())
    with _lock:
        _parts[key] = part  # the last of them
        while len(_parts) > 1 and sum(map(len, _parts.values())) > ROOM:
            del _parts[next(iter(_parts))]
    return Markup(part)  # noqa: S704
