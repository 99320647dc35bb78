"""What a bag says of itself: `bag-info.txt`, plain words for whoever opens it, a catalogue."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

import radio
from radio.archive.episode import Episode, Show
from radio.bags.bagit import Tags
from radio.formats.dublin_core import describe_episode, describe_show, render_records

README = "LISEZ-MOI.txt"
RECORDS = "dublin-core.xml"
AGENT = "radio"

WELCOME = """\
{title}

Ceci est une archive sonore : les enregistrements tels qu’ils ont été reçus, ce qui s’y dit (.vtt,
du texte que tout éditeur ouvre) et ce que l’on en sait (.json).

- Enregistrements et fiches : data/media/
- Transcriptions : data/transcripts/
- Catalogue pour bibliothèques (Dublin Core) : dublin-core.xml
{pages}
{left_out}
Vérifier que rien ne manque ni n’a changé : `sha256sum -c manifest-sha256.txt` dans ce dossier, ou
`bagit.py --validate DOSSIER` (https://pypi.org/project/bagit/). Ce dossier est un « bag » BagIt
(RFC 8493).

La reprendre dans un autre site : `radio init`, puis `radio ingest DOSSIER`.

In English: this is an audio archive. Recordings as they were received and what is known of
them are in data/media/, what is said in them in data/transcripts/. `sha256sum -c
manifest-sha256.txt` proves that nothing is missing or changed; `radio init`, then `radio ingest
FOLDER`, takes the archive back.

{left_out_in_english}"""
KEEPERS = (
    """\
Ce sac est pour qui garde l’archive : il a aussi les épisodes retirés ou à venir, ne le publiez pas.
Il n’a pas les comptes, le journal, les consentements ni les propositions du bureau, les originaux
scellés, la corbeille, l’historique, ni ce qui attend d’entrer ; des noms remplacés il n’a que des
empreintes.
""",
    """\
This bag is for who keeps the archive: it has withdrawn and coming episodes too, so do not publish
it. Not in it: accounts, journal, consents and proposals of the desk, sealed originals, trash,
history, what waits to be taken in; of names that were replaced it has hashes alone.
""",
)
PUBLIC = (
    """\
Ce sac est pour tout le monde : il n’a ni les épisodes retirés ou à venir, ni les versions mises de
côté, ni ce qui est à l’équipe seule (bureau, consentements, originaux scellés, corbeille,
historique, empreintes des noms remplacés).
""",
    """\
This bag is for everybody: it has neither withdrawn nor coming episodes, nor versions set aside, nor
what is for keepers alone (the desk, consents, sealed originals, trash, history, hashes of names
that were replaced).
""",
)
"""What a bag leaves out, in both languages."""
PAGES = "- Pages à lire et à écouter sans rien installer : ouvrez data/index.html\n"


def describe(shows: Sequence[Show], day: date, payload: tuple[int, int], address: str = "") -> Tags:
    """Give the tags of a bag whose payload has so many bytes in so many files.

    Each show is an identifier: by them a bag knows which archive it is of.
    """
    return [
        ("Source-Organization", _title(shows)),
        ("External-Description", f"Archives sonores : {', '.join(show.title for show in shows)}"),
        *(("External-Identifier", identify(show)) for show in shows),
        ("Internal-Sender-Identifier", address),
        ("Bagging-Date", day.isoformat()),
        ("Payload-Oxum", f"{payload[0]}.{payload[1]}"),
        ("Bag-Software-Agent", f"{AGENT} {radio.__version__}"),
    ]


def _title(shows: Sequence[Show]) -> str:
    return ", ".join(dict.fromkeys(show.station or show.title for show in shows))


def identify(show: Show) -> str:
    """Name a show for ever, by its guid where it has one."""
    return f"urn:uuid:{show.guid}" if show.guid else show.slug


def catalogue(
    shows: Sequence[Show], episodes: Iterable[Episode], address: str = ""
) -> Iterator[bytes]:
    """Describe shows, and episodes of theirs, for libraries."""
    known = {show.slug: show for show in shows}
    yield from render_records(
        chain(
            (describe_show(show, address) for show in shows),
            (describe_episode(known[each.show], each, address) for each in episodes),
        )
    )


def welcome(shows: Sequence[Show], *, with_pages: bool, is_public: bool) -> bytes:
    """Say what the bag is and leaves out, how to open it, check it and take it back."""
    french, english = PUBLIC if is_public else KEEPERS
    pages = PAGES if with_pages else ""
    return WELCOME.format(
        title=_title(shows), pages=pages, left_out=french, left_out_in_english=english
    ).encode()
