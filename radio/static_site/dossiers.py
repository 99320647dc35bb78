"""The pages of themes and people as files: each made again once what it is made of changes."""

from collections.abc import Iterator, Sequence
from functools import partial

from radio.archive import Archive
from radio.archive.dossier import Line, Subject
from radio.system.tree import Content, Product
from radio.web.context import catalogue
from radio.web.dossier_books import sizes_of
from radio.web.frozen import Frozen, render
from radio.web.paging import leaves
from radio.web.views.dossiers import ROOMS


def products(app: Frozen, archive: Archive, told: str) -> Iterator[Product]:
    """Give the list and each dossier; `told` is the state of what all pages share."""
    with app.test_request_context("/"):
        index = catalogue().index
        counts = index.dossiers.subjects()
    yield Product("themes", told + str(counts), partial(_pages, app, ["/themes"]))
    for count in counts:
        lines = index.dossiers.outline(count.subject)
        with app.test_request_context("/"):
            books = sizes_of(count.subject)
        said = str([(line, archive.stamps(line.key)) for line in lines])
        made = partial(_pages, app, _addresses(count.subject, lines))
        name = f"dossier {count.subject.kind} {count.subject.slug}"
        yield Product(name, f"{told} {count.subject} {said} {books}", made)


def subjects(app: Frozen) -> list[Subject]:
    """List what there is a dossier of."""
    with app.test_request_context("/"):
        return [each.subject for each in catalogue().index.dossiers.subjects()]


def _addresses(subject: Subject, lines: Sequence[Line]) -> list[str]:
    """Name the pages of a dossier."""
    own = f"/{ROOMS[subject.kind]}/{subject.slug}"
    further = (
        f"{own}/{leaf.year}" if leaf.number == 1 else f"{own}/{leaf.year}-{leaf.number}"
        for leaf in leaves(lines)[1:]
    )
    return [own, *further]


def _pages(app: Frozen, addresses: Sequence[str]) -> Iterator[tuple[str, Content]]:
    return (render(app, address) for address in addresses)
