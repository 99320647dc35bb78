"""All that goes on by itself besides what is heard, and how recordings are listened to."""

from collections.abc import Sequence

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.bags.sums import CHECKSUMS
from radio.derived import copies, soundness
from radio.derived.chapters import CHAPTERS
from radio.derived.recipe import Making, Recipe, Stale, keys_of
from radio.ingest.waveforms import WAVEFORMS
from radio.kit import music_free
from radio.proposals.twins.prints import Prints
from radio.proposals.twins.proposals import propose
from radio.search.sense.vectors import VECTORS
from radio.system import sandbox
from radio.transcribe.recipes import VOICES
from radio.work.books import BOOKS

READERS = ("quality", "fingerprint", "conversion", "decoder")


def unlistened(archive: Archive) -> list[Episode]:
    """List the episodes not measured yet, or without the copy that they need, the newest first."""
    lacking = (
        *(*soundness.unmeasured(archive), *Prints(archive).missing()),
        *(*copies.uncopied(archive), *music_free.missing_copies(archive)),
    )
    missing = {each.key for each in lacking}
    return [each for each in archive.episodes() if each.key in missing]


def _listen(archive: Archive, keys: Sequence[str], making: Making) -> None:
    """Measure recordings, copy those that need it, and compare all of them at last."""
    prints = Prints(archive)
    wanting = {each.key for each in music_free.missing_copies(archive)}

    def listen(key: str) -> None:
        episode = archive.episode(key)
        soundness.quality_of(archive, episode, making.progress)
        prints.of(episode, making.progress)
        copies.make_copy(archive, episode, making.progress)
        if key in wanting:
            music_free.make_copy(archive, episode, making.progress)

    with sandbox.nursery(*(f"radio.sound.{each}" for each in READERS)):
        is_whole = making.each(keys, listen)
    if is_whole:
        propose(archive)
        making.tell(Stale("pages"))  # which tell how recordings sound


SOUND = Recipe("sound", keys_of(unlistened), _listen, slice=60.0, share=1 / 2, is_quiet=True)


def derived(pages: Recipe) -> tuple[Recipe, ...]:
    """List what a site needs, the most urgent first; `pages` come from a room above."""
    return (VOICES, CHAPTERS, WAVEFORMS, pages, CHECKSUMS, VECTORS, BOOKS)
