"""Several people who write at once: what each was told to be kept is there, and in the journal."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from radio.actions.editing import Draft, save
from radio.actions.fields import texts_of
from radio.archive import Archive, journal
from radio.archive.acts import undo
from tests.torture.readers import SLUGS, fresh

FIELDS = ("title", "description", "tags", "people", "producers", "playlist")  # one for each
TIMES = 5  # that each writes


def write(root: Path, field: str, words: list[str]) -> str:
    """Write a field of the episode again and again, as on open pages; give the last words."""
    archive = Archive(root)
    for word in words:
        key = f"emission/{SLUGS[0]}"
        shown = texts_of(archive.episode(key))
        checked = save(archive, key, Draft(shown, shown | {field: word}), field)
        assert checked.is_clear, (field, word)
    return words[-1]


def writers(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """Two and six who write at once: nobody's words are lost, and all is undone one by one."""
    for number in range(count):
        archive = fresh(folder / str(number), SLUGS[0])
        first = archive.sidecar_path(f"emission/{SLUGS[0]}").read_bytes()
        some = chance.sample(FIELDS, (2, 6)[number % 2])
        with ProcessPoolExecutor(len(some), get_context("fork")) as people:
            said = [[f"mot{chance.getrandbits(40)}" for _ in range(TIMES)] for _ in some]
            kept = list(people.map(write, [archive.root] * len(some), some, said))
        texts = texts_of(archive.episode(f"emission/{SLUGS[0]}"))
        lost = [each for each, word in zip(some, kept, strict=True) if texts[each] != word]
        yield from (f"{number}: {each} lost" for each in lost)
        noted = Counter(each.who for each in journal.entries(archive.root))
        if noted != Counter(some * TIMES):
            yield f"{number}: the journal has {noted}"
        for _ in range(len(some) * TIMES):
            undo(archive)
        if archive.sidecar_path(f"emission/{SLUGS[0]}").read_bytes() != first:
            yield f"{number}: not as before"
