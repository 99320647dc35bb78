"""Acts of every kind on a small archive, for those that end or fail in the middle."""

from collections.abc import Callable

from radio.actions import protecting
from radio.actions.editing import edit, write
from radio.actions.pseudonymising import Replacement, replace_name
from radio.actions.renaming import rename_episode, rename_show
from radio.actions.runs import undo_run
from radio.archive import Archive, history
from radio.archive.acts import undo
from radio.ingest.run import IngestRun
from tests.samples import CITY, STREET, delete_episode, files_in, put

NAME = "Zoé Zimmermann"
KEY = f"emission/{STREET}"
BOTH = [KEY, f"emission/{CITY}"]
ANNE = Replacement(NAME, "Anne")
TRUTH = ("media", "transcripts", "trash", "inbox", "desk/pseudonyms", "gone.json")

Act = Callable[[Archive], object]


def take(archive: Archive) -> None:
    IngestRun(archive.root, "inbox").note(KEY)


ACTS: dict[str, tuple[Act, Act]] = {
    "edit": (lambda _: None, lambda each: write(each, [edit(each, KEY, {"title": "X"})])),
    "rename": (lambda _: None, lambda each: rename_episode(each, KEY, "x")),
    "rename of a show": (lambda _: None, lambda each: rename_show(each, "emission", "x")),
    "pseudonym": (lambda _: None, lambda each: replace_name(each, ["emission"], ANNE)),
    "delete": (lambda _: None, lambda each: delete_episode(each, KEY)),
    "publishing of drafts": (
        lambda each: protecting.draft(each, BOTH),
        lambda each: protecting.publish(each, BOTH),
    ),
    "undo of a rename": (lambda each: rename_episode(each, KEY, "x"), undo),
    "undo of a deletion": (lambda each: delete_episode(each, KEY), undo),
    "undo of an ingest": (
        take,
        lambda each: undo_run(each, history.acts(each.root)[0], [KEY]),
    ),
}


def fill(archive: Archive) -> Archive:
    """Put two episodes that name somebody into an archive, with sounds of some letters."""
    for slug in (STREET, CITY):
        episode = put(archive, slug, description=f"Avec {NAME}.")
        archive.audio_path(episode).write_bytes(f"sound of {slug}".encode())
        path = archive.vtt_path(episode.key)
        path.write_text(f"{path.read_text()}\n2\n00:03.000 --> 00:04.000\nEt {NAME}.\n")
    return archive


def held(archive: Archive, folders: tuple[str, ...] = TRUTH) -> dict[str, bytes]:
    files = files_in(archive.root)
    return {path: files[path] for path in files if path.startswith(folders)}
