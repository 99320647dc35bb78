"""What is heard at the desk: every recording, whoever may have it elsewhere.

Whoever looks after an episode hears it before it is published and while it is withdrawn, whatever
its rights allow listeners. This is the one way to what listeners may not have (`holdings`).
"""

import datetime as dt

from flask import Response, url_for
from werkzeug.exceptions import Forbidden

from radio.system.beneath import open_beneath
from radio.system.errors import NotFoundError
from radio.web.context import catalogue
from radio.web.gate import desk, rereader, sender
from radio.web.views.files import recording
from radio.web.views.search import media_address


@desk.get("/sound/<show>/<slug>.<suffix>")
@rereader
def sound(show: str, slug: str, suffix: str) -> Response:
    """Give the recording of an episode, byte for byte, to the pages of the desk alone."""
    if sender() not in ("here", "untold"):
        raise Forbidden
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    if episode.audio.file != f"{slug}.{suffix}":
        raise NotFoundError(f"{show}/{slug}.{suffix}: no such file")
    return recording(episode, open_beneath(archive.media, show, episode.audio.file))


def sound_address(key: str) -> str:
    """Tell where a page of the desk plays an episode from: as listeners do, where they may."""
    episode = catalogue().archive.episode(key)
    if episode.is_public(dt.date.today()) and (listened := media_address(key)):
        return listened
    suffix = episode.audio.suffix
    return url_for("desk.sound", show=episode.show, slug=episode.slug, suffix=suffix)


@desk.context_processor
def hearing() -> dict[str, object]:
    """Give the pages of the desk the way to what they play."""
    return {"sound_of": sound_address}
