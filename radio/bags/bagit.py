"""BagIt 1.0 (RFC 8493), with SHA-256 alone, written and read. Pure. A bag is a folder: `data/`
holds the files, a manifest their hashes; tag files, with a manifest of their own, describe it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

import radio
from radio.archive.episode import Episode, Show
from radio.formats.dublin_core import describe_episode, describe_show, render_records
from radio.system.errors import ArchiveError, retold
from radio.system.messages import _

DECLARATION = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
PAYLOAD = "data/"
DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

LINE = re.compile(r"([0-9a-fA-F]{64})[ \t]+\*?(.+)")
ESCAPES = {"%25": "%", "%0A": "\n", "%0D": "\r", "%0a": "\n", "%0d": "\r"}
READABLE = re.compile(r"(0\.9[67]|1\.0)")

Tags = Sequence[tuple[str, str]]  # in order, some several times


def is_plain(name: str) -> bool:
    """Whether every program that reads bags finds a file of this name: they disagree on `%`.

    >>> is_plain("L’œil.jpg"), is_plain("50 %.jpg"), is_plain("a\\nb"), is_plain("\\udce9.jpg")
    (True, False, False, False)
    """
    return name.isprintable() and "%" not in name


def beside_sound(place: str) -> str:
    """Tell where a text lies a second time in a ZIP, by its recording: players look there; "" for
    all else.

    >>> beside_sound("data/transcripts/a/b.vtt"), beside_sound("data/media/a/b.mp3")
    ('data/media/a/b.vtt', '')
    """
    texts = f"{PAYLOAD}transcripts/"
    is_text = place.startswith(texts) and place.endswith(".vtt")
    return f"{PAYLOAD}media/{place.removeprefix(texts)}" if is_text else ""


def render_line(sha256: str, path: str) -> bytes:
    """Write the line of a manifest for a file with a plain path."""
    return f"{sha256}  {path}\n".encode()


def render_manifest(hashes: Mapping[str, str]) -> bytes:
    """Write the sha256 of each path, by path."""
    return b"".join(render_line(hashes[path], path) for path in sorted(hashes))


def read_lines(content: bytes, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Read a manifest: the sha256 of each path, and faults by path or by `name` and line number."""
    hashes, faults = dict[str, str](), dict[str, str]()
    for number, line in enumerate(content.splitlines(), 1):
        try:
            match = LINE.fullmatch(line.decode())
        except UnicodeDecodeError:
            match = None
        if match is None:
            faults[f"{name}:{number}"] = _("pas une ligne de manifeste")
            continue
        path = re.sub("|".join(ESCAPES), lambda found: ESCAPES[found[0]], match[2])
        path = path.removeprefix("./")
        if path in hashes:
            faults[path] = _("deux fois dans le manifeste")
        hashes[path] = match[1].lower()
    return hashes, faults


def read_manifest(content: bytes, where: object) -> dict[str, str]:
    """Read the sha256 of each path. Raises ArchiveError naming `where` if anything is wrong."""
    hashes, faults = read_lines(content, "")
    if faults:
        raise ArchiveError(_("{name} : pas de manifeste ; recopiez le sac", name=where))
    return hashes


def render_tags(tags: Tags) -> bytes:
    """Write `bag-info.txt`, one line for each tag with a value.

    >>> render_tags([("Source-Organization", "Radio\\nDio"), ("Contact-Name", "")])
    b'Source-Organization: Radio Dio\\n'
    """
    lines = ((name, " ".join(value.split())) for name, value in tags)
    return "".join(f"{name}: {value}\n" for name, value in lines if value).encode()


def read_tags(content: bytes, where: object) -> Tags:
    """Read `bagit.txt` or `bag-info.txt`, with folded lines. Raises ArchiveError naming `where`."""
    tags, message = list[tuple[str, str]](), _("{where} : pas de l’UTF-8 ; recopiez le sac")
    with retold(message, UnicodeDecodeError, by=ArchiveError, where=where):
        text = content.decode()
    for line in filter(str.strip, text.splitlines()):
        name, colon, value = line.partition(":")
        if line[0] in " \t" and tags:
            tags[-1] = tags[-1][0], f"{tags[-1][1]} {line.strip()}"
        elif colon:
            tags.append((name.strip(), value.strip()))
        else:
            message = _("{where} : {line!r} n’est pas une étiquette ; recopiez le sac")
            raise ArchiveError(message, where=where, line=line[:80])
    return tags


def values(tags: Tags, name: str) -> list[str]:
    """Give the values of the tags of a name."""
    return [value for each, value in tags if each.lower() == name.lower()]


def check_declaration(content: bytes, where: object) -> None:
    """Raise ArchiveError unless `bagit.txt` declares a bag that can be read here."""
    tags = read_tags(content, where)
    version = (values(tags, "BagIt-Version") or [""])[0]
    encoding = (values(tags, "Tag-File-Character-Encoding") or [""])[0]
    if not READABLE.fullmatch(version) or encoding.upper() != "UTF-8":
        raise ArchiveError(_("{where} : pas du BagIt 1.0 en UTF-8 ; est-ce un sac ?", where=where))


README = "LISEZ-MOI.txt"
RECORDS = "dublin-core.xml"
AGENT = "radio"

WELCOME = """\
{title}

Ceci est une archive sonore : les enregistrements tels qu’ils ont été reçus, ce qui s’y dit (.vtt,
du texte que tout éditeur ouvre) et ce que l’on en sait (.json).

- Enregistrements et fiches : data/media/
- Transcriptions : data/transcripts/ (d’un site, aussi à côté des sons, où un lecteur les montre)
- Catalogue pour bibliothèques (Dublin Core) : dublin-core.xml
{pages}
{left_out}
Vérifier que rien ne manque ni n’a changé : `sha256sum -c manifest-sha256.txt` dans ce dossier, ou
`bagit.py --validate DOSSIER` (https://pypi.org/project/bagit/). Ce dossier est un « bag » BagIt
(RFC 8493).

La reprendre dans un autre site : `radio init`, puis `radio ingest DOSSIER`.

In English: this is an audio archive. Recordings as they were received and what is known of
them are in data/media/, what is said in them in data/transcripts/ (from a site, beside the sound
too, where players show it). `sha256sum -c manifest-sha256.txt` proves that nothing is missing or
changed; `radio init`, then `radio ingest FOLDER`, takes the archive back.

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
)  # what a bag leaves out
PAGES = "- Pages à lire et à écouter sans rien installer : ouvrez data/index.html\n"


def describe(
    shows: Sequence[Show],
    day: date,
    payload: tuple[int, int],
    address: str = "",
    *,
    with_pages: bool,
    is_public: bool,
) -> dict[str, bytes]:
    """Give the files that describe a bag, in their order, by name. `payload` is in bytes and files.
    Each show is an identifier, by which a bag knows its archive."""
    title = ", ".join(dict.fromkeys(show.station or show.title for show in shows))
    tags = [
        ("Source-Organization", title),
        ("External-Description", f"Archives sonores : {', '.join(show.title for show in shows)}"),
        *(("External-Identifier", identify(show)) for show in shows),
        ("Internal-Sender-Identifier", address),
        ("Bagging-Date", day.isoformat()),
        ("Payload-Oxum", f"{payload[0]}.{payload[1]}"),
        ("Bag-Software-Agent", f"{AGENT} {radio.__version__}"),
    ]
    french, english = PUBLIC if is_public else KEEPERS
    pages = PAGES if with_pages else ""
    welcome = WELCOME.format(title=title, pages=pages, left_out=french, left_out_in_english=english)
    return {DECLARATION: DECLARED, INFO: render_tags(tags), README: welcome.encode()}


def identify(show: Show) -> str:
    """Give the identifier of a show: its guid, if it has one."""
    return f"urn:uuid:{show.guid}" if show.guid else show.slug


def catalogue(
    shows: Sequence[Show], episodes: Iterable[Episode], address: str = ""
) -> Iterator[bytes]:
    """Describe shows and their episodes for libraries."""
    known = {show.slug: show for show in shows}
    own = (describe_show(show, address) for show in shows)
    others = (describe_episode(known[each.show], each, address) for each in episodes)
    yield from render_records(chain(own, others))
