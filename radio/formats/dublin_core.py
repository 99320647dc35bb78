"""Shows and episodes in Dublin Core (ISO 15836-1,
https://www.dublincore.org/specifications/dublin-core/dces/), for the `meta` elements of pages, and
as `oai_dc` records of OAI-PMH
(https://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore). Pure."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator

from radio.archive.episode import Episode, Show, mime_of
from radio.formats import addresses
from radio.formats.markdown import plain
from radio.formats.markup import add, render

DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"

ET.register_namespace("dc", DC)
ET.register_namespace("oai_dc", OAI_DC)
ET.register_namespace("xsi", XSI)

Elements = list[tuple[str, str]]  # names, which may come again, and contents


def describe_show(show: Show, base_url: str = "") -> Elements:
    """Describe a show; without `base_url`, the site's own address, no address is given."""
    return _filled(
        ("title", show.title),
        *(("creator", name) for name in dict.fromkeys((show.author, *show.producers))),
        ("publisher", show.station),
        ("description", plain(show.description)),
        ("type", "Collection"),
        ("language", show.language),
        ("rights", show.license),
        ("identifier", addresses.show_page(base_url, show.slug) if base_url else ""),
        ("identifier", show.guid),
    )


def describe_episode(show: Show, episode: Episode, base_url: str = "") -> Elements:
    """Describe an episode, likewise."""
    page = addresses.episode_page(base_url, episode.key) if base_url else ""
    return _filled(
        ("title", episode.title),
        *(("creator", name) for name in show.producers_of(episode) or (show.author or show.title,)),
        *(("contributor", person.name) for person in episode.people),
        ("publisher", show.station),
        ("date", episode.known_date),
        ("description", plain(episode.description)),
        *(("subject", tag) for tag in episode.tags),
        ("type", "Sound"),
        ("format", mime_of(episode.audio.file) or episode.audio.mime),
        *(("language", each) for each in show.languages_of(episode)),
        ("rights", show.license),
        ("identifier", page),
        ("identifier", episode.guid),
        ("identifier", f"sha256:{episode.audio.sha256}"),
        ("source", episode.source.url),
        ("relation", addresses.show_page(base_url, show.slug) if base_url else show.title),
    )


def render_record(elements: Iterable[tuple[str, str]]) -> bytes:
    """Write a description as a record of `oai_dc`."""
    return render(_record(elements))


def render_records(descriptions: Iterable[Elements]) -> Iterator[bytes]:
    """Write descriptions as records of `oai_dc`, one after the other in one document."""
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<records>\n'
    for each in descriptions:
        yield ET.tostring(_record(each), encoding="unicode").encode() + b"\n"
    yield b"</records>\n"


def _record(elements: Iterable[tuple[str, str]]) -> ET.Element:
    root = ET.Element(f"{{{OAI_DC}}}dc", {f"{{{XSI}}}schemaLocation": f"{OAI_DC} {SCHEMA}"})
    for name, content in elements:
        add(root, f"{{{DC}}}{name}", content)
    return root


def _filled(*elements: tuple[str, str]) -> Elements:
    return [(name, content.strip()) for name, content in elements if content.strip()]
