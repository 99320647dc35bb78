"""The passages as documents for a search engine elsewhere, with the words already cut as here. A
line is `gone` (an episode that the engine must forget), an `episode`, one of its passages, or a
`word` with its forms: a form of a query is replaced by the spellings that have it before that
engine is asked. docs/en/scale.md tells how."""

from collections.abc import Iterator, Mapping

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.formats.markdown import plain
from radio.search.french import forms
from radio.search.passage import Passage, cut_passages
from radio.search.writer import tokens

Line = dict[str, object]


def documents(archive: Archive, known: Mapping[str, str]) -> Iterator[Line]:
    """Give what differs from what an engine has: the stamps of its episodes by their keys. Each
    word that is written has its forms at the end. Public episodes alone are written."""
    stamps, spellings = stamps_of(archive), set[str]()
    changed = [key for key, stamp in stamps.items() if known.get(key) != stamp]
    for key in known:
        if known[key] != stamps.get(key):
            yield {"kind": "gone", "key": key}
    for key in changed:
        if episode := holdings.find_episode(archive, key):  # it may have gone meanwhile
            for line in _of_episode(archive, episode, stamps[key]):
                spellings.update(str(line["words"]).split())
                yield line
    for spelling in sorted(spellings):
        yield {"kind": "word", "spelling": spelling, "forms": forms(spelling)}


def stamps_of(archive: Archive) -> dict[str, str]:
    """Give the state of the files of each public episode, by its key, the newest first."""
    states = holdings.stamps(archive).items()
    return {key: " ".join(str(part) for each in some for part in each) for key, some in states}


def _of_episode(archive: Archive, episode: Episode, stamp: str) -> Iterator[Line]:
    told = (episode.title, plain(episode.description), *episode.names, *episode.tags)
    yield {
        "kind": "episode",
        "key": episode.key,
        "stamp": stamp,
        "show": episode.show,
        "day": episode.date.isoformat(),
        "seconds": episode.audio.duration,
        "title": episode.title,
        "people": episode.names,
        "tags": episode.tags,
        "words": " ".join(word for text in told for word in tokens(text)),
    }
    said = archive.transcript(episode.key)
    for number, passage in enumerate(cut_passages(said.cues if said else ())):
        yield {"kind": "passage", "key": episode.key, "number": number, **_of_passage(passage)}


def _of_passage(passage: Passage) -> Line:
    return {
        "start": passage.cues[0][0],
        "end": passage.cues[-1][1],
        "voices": list(dict.fromkeys(filter(None, passage.voices))),
        "text": passage.text,
        "words": " ".join(tokens(passage.text)),
    }
