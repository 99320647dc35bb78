"""One sentence for the first page: each day another, or the one that a keeper pinned. Only what
people reread is quoted, of episodes that listeners may hear and search engines may list."""

import contextlib
import hashlib
from collections.abc import Hashable
from functools import lru_cache
from itertools import islice

from radio.archive import holdings, rereading
from radio.archive.archive import Archive
from radio.archive.authorship import status_of
from radio.archive.dossier import Quotation
from radio.archive.forwarding import episode_at
from radio.archive.imprint import PINNED, about
from radio.archive.protection import Redaction
from radio.system.disk import Stamp, stamp
from radio.system.errors import RadioError
from radio.text.sentences import TICK, sentence_of, split_cues
from radio.text.transcript import SENTENCE_END, paragraphs

ALWAYS = ""  # the day of pages that are made once for all days
SHORTEST, LONGEST = 40, 160  # characters of a sentence that stands by itself
MOST = 2_000  # episodes that are looked at for one day, until one is reread


def sentence_of_day(archive: Archive, day: str) -> Quotation | None:
    """Give the pinned sentence where it may be shown, else that of a day; None without any."""
    pin = PINNED.fullmatch(about(archive.root).sentence)
    if pin and (found := _pinned(archive, pin["key"], float(pin["second"]))):
        return found
    key = _chosen(archive, day, holdings.state(archive, archive.folders()))
    return min(_whole(archive, key), key=lambda each: _draw(day, each.text), default=None)


def _pinned(archive: Archive, key: str, second: float) -> Quotation | None:
    """Quote the sentence that is said at a second, whatever name its episode has now."""
    with contextlib.suppress(RadioError):  # it was deleted, or withdrawn
        said = _sentences(archive, key) or _sentences(archive, episode_at(archive, key))
        return next((it for it in said if it.start - TICK <= second < it.end), None)
    return None


@lru_cache(maxsize=4)
def _chosen(archive: Archive, day: str, _state: Hashable) -> str:
    """Draw a reread episode by the day: another one that comes meanwhile rarely takes its place."""
    drawn = sorted(holdings.public_keys(archive), key=lambda key: _draw(day, key))
    reread = (key for key in islice(drawn, MOST) if status_of(archive, key) == "reread")
    return next((key for key in reread if _whole(archive, key)), "")


def _draw(day: str, text: str) -> bytes:
    return hashlib.blake2b(f"{day} {text}".encode(errors="replace"), digest_size=8).digest()


def _whole(archive: Archive, key: str) -> list[Quotation]:
    """Give the sentences of an episode that stand by themselves."""
    said = (it for it in _sentences(archive, key) if SHORTEST <= len(it.text) <= LONGEST)
    ended = (it for it in said if it.text[0].isupper() and it.text.endswith(SENTENCE_END))
    return [it for it in ended if "[" not in it.text]


def _sentences(archive: Archive, key: str) -> tuple[Quotation, ...]:
    episode = holdings.find_episode(archive, key) if key else None
    if episode is None or episode.protection.noindex or not episode.rights.allows("listen"):
        return ()
    return _read(archive, key, stamp(archive.vtt_path(key)), episode.redactions)


@lru_cache(maxsize=4)
def _read(
    archive: Archive, key: str, _state: Stamp, redactions: tuple[Redaction, ...]
) -> tuple[Quotation, ...]:
    """Quote what people reread of an episode, once for each state of it; nothing of what was taken
    out, nor of a text that can't be read."""
    transcript = None
    with contextlib.suppress(RadioError):
        transcript = holdings.transcript(archive, key)
    if transcript is None:
        return ()
    known, found = rereading.read(transcript.note, transcript.cues).reread, list[Quotation]()
    for paragraph in paragraphs(transcript.cues):
        for first, last in split_cues(paragraph):
            cues = paragraph[first:last]
            start, end = cues[0].start, cues[-1].end
            is_whole = not any(each.meets(start, end) for each in redactions)
            if is_whole and rereading.section_of(start) in known:
                found.append(Quotation(key, start, end, sentence_of(cues), cues[0].voice, False))
    return tuple(found)
