"""Makes the vectors of episodes whose text is finished, and tells which are missing."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.search.passage import WORDS
from radio.search.sense.model import SentenceModel, is_on, release
from radio.search.sense.vectors import SUFFIX, SensePassage, read_vectors, render_vectors
from radio.system import sandbox
from radio.system.disk import stamp, write_whole
from radio.system.errors import RadioError
from radio.system.progress import Progress
from radio.text.transcript import Cue

ENDS = (".", "!", "?", "…", "»", "\N{RIGHT DOUBLE QUOTATION MARK}")
MEMORY, LARGEST = 4 << 30, 64 << 20  # bytes of the child, and of a file that it writes
SECONDS = 86_400  # of computing, for a million minutes of speech
LATEST = 2  # times WORDS, after which a passage ends even within a sentence


def folder(archive: Archive) -> Path:
    """Tell where the vectors lie."""
    return archive.cache / "sense"


def path_of(archive: Archive, key: str) -> Path:
    """Tell where the vectors of an episode lie."""
    return folder(archive) / f"{key}{SUFFIX}"


def missing(archive: Archive) -> list[Episode]:
    """List the public episodes whose vectors are still to be made, the newest first.

    None is where the extra `sense` is not there, or not wanted.
    """
    if not is_on():
        return []
    public = holdings.episodes(archive)
    finished = {
        f"{show}/{slug}"
        for show in {each.show for each in public}
        for slug in holdings.finished(archive, show)
    }
    return [each for each in public if each.key in finished and not _is_made(archive, each.key)]


def make_all(archive: Archive, keys: Sequence[str], progress: Progress) -> list[str]:
    """Make the vectors of episodes, in a child that takes one core; tell what failed, and why.

    Raises ReaderError if the child fails; what it made is there.
    """
    limits = {"memory": MEMORY, "seconds": SECONDS, "writes": LARGEST}
    target, root = "radio.search.sense.making:make_each", str(archive.root)
    failures: list[str] = sandbox.call(target, root, *keys, **limits, progress=progress)
    return failures


def make_each(root: str, progress: Progress, *keys: str) -> list[str]:
    """Do the work of `make_all`, in the child."""
    archive, model, failures = Archive(Path(root)), SentenceModel(), list[str]()
    for number, key in enumerate(keys, 1):
        try:
            make(archive, key, model)
        except RadioError as error:
            failures.append(str(error))
        progress(number / len(keys))
    return failures


def make(archive: Archive, key: str, model: SentenceModel) -> None:
    """Make the vectors of an episode; one whose text can't be read has none.

    Raises ArchiveError if the disk refuses.
    """
    state = stamp(archive.vtt_path(key))
    try:
        transcript = holdings.transcript(archive, key)
    except RadioError:
        transcript = None
    passages = list(cut(transcript.cues)) if transcript else []
    vectors = model.encode([each.text for each in passages])
    content = render_vectors(state, release(), passages, vectors, model.topics)
    write_whole(path_of(archive, key), content)


def cut(cues: Sequence[Cue]) -> Iterator[SensePassage]:
    """Cut a transcript into passages of whole sentences, of about WORDS words.

    >>> [each.text for each in cut([Cue(0, 9, "un deux. " * 25), Cue(9, 20, "trois. " * 70)])]
    ... # doctest: +ELLIPSIS
    ['un deux. un deux. ... trois.']
    """
    start, texts, words = 0.0, list[str](), 0
    for cue in cues:
        start = start if texts else cue.start
        text = " ".join(cue.text.split())
        texts += [text] if text else []
        words += text.count(" ") + 1
        if texts and (words >= LATEST * WORDS or (words >= WORDS and text.endswith(ENDS))):
            yield SensePassage(start, " ".join(texts))
            texts, words = [], 0
    if texts:
        yield SensePassage(start, " ".join(texts))


def _is_made(archive: Archive, key: str) -> bool:
    """Whether the vectors of an episode are there, of its text as it is now."""
    found = read_vectors(path_of(archive, key))
    return (
        found is not None and found.made == release() and found.of == stamp(archive.vtt_path(key))
    )
