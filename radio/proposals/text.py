"""A sentence of a transcript written anew: its words laid over its cues, the rest left as it is.

Pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from radio.proposals.queue import hash_of
from radio.system.errors import TranscriptError
from radio.text.captions import TIMES
from radio.text.transcript import Cue, Transcript, escape, read_vtt, render_vtt, timestamp

TICK = 0.001  # seconds
LINE = 42  # characters
Pieces = list[tuple[str, bool]]
"""A sentence in pieces, each with whether it differs."""
SIGNS = "’'«»“”\"()[].,;:!?…-–—"


def sentence_of(cues: Sequence[Cue]) -> str:
    """Write the words of some cues on one line."""
    return " ".join(" ".join(cue.text.split()) for cue in cues)


def find(cues: Sequence[Cue], start: float, end: float, seen: str | None) -> range | None:
    """Find the cues of a sentence that stands as it was seen; None where it changed.

    Where nothing says what was seen there, any words will do.
    """
    for first, cue in enumerate(cues):
        if abs(cue.start - start) <= TICK:
            for last in range(first, len(cues)):
                if abs(cues[last].end - end) <= TICK:
                    words = sentence_of(cues[first : last + 1])
                    if seen in (None, hash_of(cue.start, cues[last].end, words)):
                        return range(first, last + 1)
    return None


def lay(cues: Sequence[Cue], words: str) -> tuple[Cue, ...]:
    """Lay words over cues: each stays where those are that it stands for.

    A cue that keeps no word gives its time to its neighbour.

    >>> lay([Cue(0, 1, "La kni"), Cue(1, 2, "dit non.")], "La CNIL dit non.")
    (Cue(start=0, end=1, text='La CNIL', voice=''), Cue(start=1, end=2, text='dit non.', voice=''))
    >>> lay([Cue(0, 1, "Euh."), Cue(1, 2, "Non.")], "Non.")
    (Cue(start=0, end=2, text='Non.', voice=''),)
    """
    shares = _shares(cues, words.split())
    laid, start = list[Cue](), None
    for place, cue in enumerate(cues):
        own = shares[place]
        if own:
            text = cue.text if own == cue.text.split() else break_lines(own)
            laid.append(replace(cue, start=cue.start if start is None else start, text=text))
            start = None
        elif laid:
            laid[-1] = replace(laid[-1], end=cue.end)
        else:
            start = cue.start if start is None else start
    return tuple(laid)


def _shares(cues: Sequence[Cue], words: Sequence[str]) -> dict[int, list[str]]:
    """Tell which words each cue gets, by its place."""
    old = [(word, place) for place, cue in enumerate(cues) for word in cue.text.split()]
    shares = defaultdict[int, list[str]](list)
    for word, place in zip(words, _places(old, words), strict=True):
        shares[place].append(word)
    return shares


def _places(old: Sequence[tuple[str, int]], words: Sequence[str]) -> Iterator[int]:
    before = [_plain(word) for word, _ in old]
    matcher = SequenceMatcher(None, before, list(map(_plain, words)), autojunk=False)
    for _, first, last, begin, end in matcher.get_opcodes():
        for number in range(end - begin):
            if last > first:
                yield old[first + number * (last - first) // (end - begin)][1]
            else:  # words more: they go with the one before them
                yield old[max(0, first - 1)][1] if old else 0


def _plain(word: str) -> str:
    return word.casefold().strip(SIGNS) or word


def tell_apart(was: str, words: str) -> tuple[Pieces, Pieces]:
    """Cut two sentences into pieces, and tell of each whether the other sentence lacks it.

    >>> tell_apart("la kni dit", "la CNIL dit")[1]
    [('la', False), ('CNIL', True), ('dit', False)]
    """
    old, new = was.split(), words.split()
    before, after = Pieces(), Pieces()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        for pieces, part in ((before, old[first:last]), (after, new[begin:end])):
            if part:
                pieces.append((" ".join(part), tag != "equal"))
    return before, after


def break_lines(words: Sequence[str]) -> str:
    r"""Write words on one line, or on two of about the same length.

    >>> break_lines(["petit"] * 8)
    'petit petit petit petit\npetit petit petit petit'
    """
    text = " ".join(words)
    if len(text) <= LINE:
        return text
    ends = [len(" ".join(words[:number])) for number in range(1, len(words))]
    if not ends:
        return text
    middle = min(ends, key=lambda end: abs(2 * end - len(text)))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def rewrite(text: str, transcript: Transcript, where: range, cues: Sequence[Cue]) -> str:
    """Write a transcript with other cues in some places; all else of its file stays as it is.

    Where that can't be, the whole file is written as the program writes it. Raises StrayError where
    words that are in no cue would be lost by that.
    """
    wanted = (*transcript.cues[: where.start], *cues, *transcript.cues[where.stop :])
    # As the program writes it: nothing else is in there.
    if not transcript.stray and render_vtt(transcript) == text:
        return render_vtt(replace(transcript, cues=wanted))
    is_sure = len(cues) == len(where) or not transcript.stray  # words may stand between two cues
    spliced = _splice(text, len(transcript.cues), where, cues) if is_sure else ""
    try:
        if spliced and read_vtt(spliced.encode(), "").cues == wanted:
            return spliced
    except TranscriptError:
        pass
    return render_vtt(replace(transcript, cues=wanted))


def _splice(text: str, number: int, where: range, cues: Sequence[Cue]) -> str:
    """Put other words below the times of some cues, or other cues in their place.

    Nothing where that can't be.
    """
    times = list(TIMES.finditer(text))
    if len(times) != number or not cues or not where:
        return ""
    ending = "\r\n" if "\r\n" in text else "\n"
    bounds = [_said(text, each.end(), ending) for each in times[where.start : where.stop]]
    if len(cues) != len(where):
        blocks = f"{ending}{ending}".join(
            f"{timestamp(cue.start)} --> {timestamp(cue.end)}{ending}{_written(cue, ending)}"
            for cue in cues
        )
        return f"{text[: times[where.start].start()]}{blocks}{text[bounds[-1][1] :]}"
    for (begin, end), cue in reversed(list(zip(bounds, cues, strict=True))):
        text = f"{text[:begin]}{_written(cue, ending)}{text[end:]}"
    return text


def _said(text: str, after: int, ending: str) -> tuple[int, int]:
    """Tell from where to where the words below some times stand."""
    begin = text.find("\n", after) + 1
    end = text.find(f"{ending}{ending}", begin)
    return begin, len(text.rstrip()) if end < 0 else end


def _written(cue: Cue, ending: str) -> str:
    voice = f"<v {escape(cue.voice, one_line=True)}>" if cue.voice.strip() else ""
    return f"{voice}{escape(cue.text)}".replace("\n", ending)
