"""What must be nowhere any more, taken out of the files that tell of many episodes at once.

What is an episode's own goes by its name (`stores.files`). The lists beside the shows and the
history keep what is of others; what is left of an act may still be undone.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from radio.archive import history
from radio.archive.facts import amended
from radio.archive.gone import Forgotten
from radio.archive.history import Act, Rewriting, text_of
from radio.archive.paths import key_of
from radio.archive.removal import Wording
from radio.archive.slugs import naming
from radio.archive.stores import BESIDE, SHOWS, without
from radio.system.errors import ArchiveError


def lists_without(root: Path, what: Forgotten) -> dict[str, str]:
    """Give the lists beside the shows that name an episode, by path, as they are without it.

    Raises ArchiveError if one can't be read.
    """
    known = {each.path: text_of(root / each.path) for each in BESIDE if each.forget}
    left = {path: without(path, text, what) for path, text in known.items() if text}
    return {path: text for path, text in left.items() if text != known[path]}


def history_without(
    root: Path,
    what: Forgotten,
    *,
    forgotten: bool = False,
    amend: Callable[[Act], Act] = lambda act: act,
) -> Iterator[Wording | str]:
    """Give the acts of the history without what they keep of an episode; paths of those to delete.

    `amend` takes more out of an act. Where the episode is `forgotten`, nothing that is left names
    it.
    """
    for act in history.acts(root):
        own = _act_without(act, what)
        left = amend(_unnamed(own, what) if forgotten else own)
        if left == act:
            continue
        wording = Wording(*history.record(left))
        told = any(each.path.startswith(SHOWS) for each in left.rewritings)
        yield wording if left.renamings or told else wording.path


def _act_without(act: Act, what: Forgotten) -> Act:
    return replace(
        act,
        renamings=tuple(
            each
            for each in act.renamings
            if what.keys.isdisjoint((key_of(each.old), key_of(each.new)))
        ),
        rewritings=tuple(each for each in act.rewritings if key_of(each.path) not in what.keys),
    )


def _unnamed(act: Act, what: Forgotten) -> Act:
    """Let nothing of an act name an episode; others that went before or since go on being gone."""
    named = [naming(key) for key in what.keys]

    def hidden(text: str) -> str:
        for each in named:
            text = each.sub("…", text)
        return text

    known = (_rewriting_without(each, what) for each in act.rewritings)
    left = (each for each in known if not any(key.search(_texts(each)) for key in named))
    keys, facts = tuple(map(hidden, act.keys)), amended(act.facts, hidden)
    return replace(act, keys=keys, facts=facts, rewritings=tuple(left))


def _texts(each: Rewriting) -> str:
    return f"{each.before or ''} {each.after or ''}"


def _rewriting_without(each: Rewriting, what: Forgotten) -> Rewriting:
    """Give what an act wrote of a list, as it is without an episode."""
    with contextlib.suppress(ArchiveError):
        before, after = (
            text and without(each.path, text, what) for text in (each.before, each.after)
        )
        return replace(each, before=before, after=after)
    return each
