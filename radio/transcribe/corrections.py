"""The words of a text: as the machine heard them, without subtitle lines that Whisper has learnt
(if these are doubtful too), corrected by lists of each show, and written by its `conventions`. The
evidence keeps them as heard, so corrections can be applied again without decoding.

Known names are written where the machine misheard them: words that it is not sure of, and that
sound like a name. What it hears surely, also elsewhere in the episode, and what a person corrected
stays; no name goes across a pause or a sign. The numbers are chosen by `bench/names.py`."""

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby, pairwise

from radio.archive import Archive
from radio.archive.keys import pseudonyms_of
from radio.archive.pseudonyms import hide_in_words
from radio.french.letters import ELIDED, composed, without_accents
from radio.french.lexicon import is_french
from radio.french.sounds import PART, TOKEN, letters, nearest, sound
from radio.system.disk import read_bytes
from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.text.aligned import evenly
from radio.text.doubt import certainties
from radio.text.transcript import PAUSE, SENTENCE_END, Segment, Transcript, Word, render_vtt
from radio.transcribe import cues
from radio.transcribe.attribution import NOBODY, Speakers, speakers_of
from radio.transcribe.conventions import Conventions, conventions, is_in_french
from radio.transcribe.engines.alignment import OPENING
from radio.transcribe.figures import CorrectedWord
from radio.transcribe.names import known_names
from radio.transcribe.versions import is_by_hand, replace

SAME = str.maketrans("’ʼ‘´`‐‑", "'''''--")  # one sign for each kind of apostrophe and hyphen
NONE = Conventions()
SUBTITLE_LINES = re.compile(  # as users of Whisper report them, without accents and signs
    r"(?:sous titr\w+|soustitr\w+) (?:par |de |fr |st |realise\w* |la |communaute |d |societe )*"
    r"(?:amara org|501|radio canada|societe radio canada|tele quebec|\w+ ?\w*)?"
    r"|(?:merci|thanks) (?:d avoir regarde|a vous d avoir regarde|for watching)\b.*"
    r"|abonnez vous(?: a (?:la|ma) chaine)?.*"
    r"|n oubliez pas de vous abonner.*"
    r"|(?:.* )?amara org"
    r"|(?:subtitles|captions) by .*"
)
UNLIKELY = -0.7  # average log-probability of a segment
DOUBTFUL = 0.5  # mean probability of the words of a sentence
SLOW = 0.5  # words a second
INAUDIBLE = "[inaudible]"
GAP = "\n"  # between two words
Change = tuple[int, int, str]  # where it begins and ends, and what to write there
SILENCE = "\0"  # between two words that no phrase crosses


def compose(
    segments: Iterable[Segment],
    note: Mapping[str, str],
    conventions: Conventions = NONE,
    speakers: Speakers = NOBODY,
) -> Transcript:
    """Make a transcript of segments: words are corrected, written in one way, and cut into cues. A
    cue has one voice, and one language."""
    cut = (
        dataclasses.replace(cue, voice=name, language=language)
        for language, written in _in_each(segments, conventions)
        for name, run in speakers.runs(written)
        for cue in cues.cut_cues(run)
    )
    return Transcript(tuple(cut), note)


def write(segments: Iterable[Segment], conventions: Conventions) -> list[Word]:
    """Write the words of an episode as its text has them: corrected first, then with known names
    where these were misheard, then in one way."""
    return [word for _language, some in _in_each(segments, conventions) for word in some]


def _in_each(
    segments: Iterable[Segment], conventions: Conventions
) -> Iterator[tuple[str, list[Word]]]:
    """Write words, parted where the language changes; only corrections are for all of them."""
    for language, some in groupby(segments, key=lambda segment: segment.language):
        own = conventions
        if language:
            own = Conventions(own.corrections, pseudonyms=own.pseudonyms)
        named = write_names(_correct(some, own), own.names)
        yield language, own.write(hide_in_words(named, own.pseudonyms))


def conventions_of(archive: Archive, key: str, segments: Sequence[Segment]) -> Conventions:
    """Give the conventions for what was heard in an episode, with names in the place of misheard
    words. They are looked for only where a text is written; then the evidence has them."""
    episode = archive.episode(key)
    show = archive.show(episode.show)
    known = known_names(archive, episode) if is_in_french(show, episode) else ()
    own, hidden = conventions(show, episode), pseudonyms_of(archive, episode)
    main = [segment for segment in segments if not segment.language]
    found = find_misheard(_correct(main, own), known, main)
    return dataclasses.replace(own, names=found, pseudonyms=hidden)


def _correct(segments: Iterable[Segment], conventions: Conventions) -> list[Word]:
    words = [word for segment in segments for word in audible_words(segment)]
    return correct(words, dict(conventions.corrections))


def audible_words(segment: Segment) -> list[Word]:
    """Give the words of a segment without subtitle lines that are unlikely or slow; an inaudible
    one gives the one word INAUDIBLE."""
    if not segment.audible:
        return [Word(segment.start, segment.end, INAUDIBLE, 0.0)]
    sentences: list[list[Word]] = [[]]
    for word in segment.words:
        sentences[-1].append(word)
        if word.text.endswith(SENTENCE_END):
            sentences.append([])
    is_unlikely = segment.avg_logprob < UNLIKELY
    return [w for each in sentences if not _is_invented(each, is_unlikely) for w in each]


def _is_invented(sentence: Sequence[Word], is_unlikely: bool) -> bool:
    spoken = " ".join(word.text for word in sentence).lower()
    if not SUBTITLE_LINES.fullmatch(" ".join(re.findall("[a-z0-9]+", without_accents(spoken)))):
        return False
    is_slow = len(sentence) < SLOW * (sentence[-1].end - sentence[0].start)
    is_unsure = sum(word.probability for word in sentence) < DOUBTFUL * len(sentence)
    return is_unlikely or is_slow or is_unsure


def apply_again(archive: Archive, key: str) -> bool:
    """Correct a machine's transcript again, without decoding; return whether its text changed.
    Raises TranscriptError if there is none, or if a person reread or changed it."""
    with archive.lock():
        return write_again(archive, key, speakers_of(archive, archive.episode(key)))


def write_again(archive: Archive, key: str, speakers: Speakers) -> bool:
    """Do the same under the archive's lock, with these speakers."""
    if is_by_hand(archive, key):
        message = _("{key} : quelqu’un a relu ou modifié la transcription ; corrigez-la sur place")
        raise TranscriptError(message, key=key)
    transcript, evidence = archive.transcript(key), archive.evidence(key)
    if transcript is None or evidence is None:
        message = _("{key} : pas de transcription à corriger ; `radio transcribe` en fait une")
        raise TranscriptError(message, key=key)
    own = conventions_of(archive, key, evidence.segments)
    made = compose(evidence.segments, transcript.note, own, speakers)
    text = render_vtt(made).encode()
    if text == read_bytes(archive.vtt_path(key)):
        return False
    replace(archive, key, text, dataclasses.replace(evidence, names=own.names))
    return True


def correct(words: Sequence[Word], corrections: Mapping[str, str]) -> list[Word]:
    """Correct misheard words: whole words in any case, the longest correction first, each once. The
    new words share the time of the old ones, with their lowest probability."""
    result: list[Word] = []
    position = 0
    for first, last, text in _changes(words, corrections):
        result += words[position:first]
        position = last
        if any(character.isalnum() for character in text):
            result += _share([each for each in text.split(GAP) if each], words[first:last])
        elif result and text.strip():  # only a sign remains, such as a full stop
            whole = result[-1].text.rstrip(" ,;:") + text.strip()
            result[-1] = dataclasses.replace(result[-1], text=whole)
    return [*result, *words[position:]]


def _share(texts: Sequence[str], words: Sequence[Word]) -> Iterator[CorrectedWord]:
    start, end = words[0].start, words[-1].end
    lengths = list(accumulate(map(len, texts), initial=0))
    times = [min(start + (end - start) * each / lengths[-1], end) for each in lengths[:-1]]
    probability = min(word.probability for word in words)
    for text, (first, last) in zip(texts, pairwise([*times, end]), strict=True):
        yield CorrectedWord(first, last, text, probability)


def _changes(words: Sequence[Word], corrections: Mapping[str, str]) -> Iterator[Change]:
    """Find what to replace: first word, one after the last, and the text instead. Corrections that
    touch the same word (« Bobran-Montrénaud ») make one change."""
    ends = [GAP if two.start - one.end < PAUSE else SILENCE for one, two in pairwise(words)]
    texts = [composed(word.text) + end for word, end in zip(words, [*ends, SILENCE], strict=False)]
    text, starts = "".join(texts), list(accumulate(map(len, texts), initial=0))
    first = last = position = 0
    change = ""
    for begin, end, right in _matches(text, corrections):
        word = bisect_right(starts, begin) - 1
        if word >= last:
            if last:
                yield first, last, change + text[position : starts[last] - 1]
            first, position, change = word, starts[word], ""
        change += text[position:begin] + right
        last, position = bisect_right(starts, end - 1), end
    if last:
        yield first, last, change + text[position : starts[last] - 1]


def _matches(text: str, corrections: Mapping[str, str]) -> Iterator[Change]:
    """Find misheard texts: start, end, and what to write, with a capital after a full stop."""
    rights = {_squeeze(_fold(wrong)): right for wrong, right in corrections.items()}
    wrongs = sorted((wrong for wrong in rights if re.search(r"\w", wrong)), key=len, reverse=True)
    if not wrongs:
        return
    escaped = (re.escape(each).replace(r"\ ", r"\s+") for each in wrongs)
    either = "|".join(each.replace("'", r"\s*'\s*") for each in escaped)
    for match in re.finditer(rf"(?<!\w)(?!\s)(?:{either})(?<!\s)(?!\w)", _fold(text)):
        start, end = match.span()
        spelling = GAP.join(rights[_squeeze(match[0])].split())
        before = text[max(0, start - 9) : start].rstrip().rstrip("".join(OPENING)).rstrip()
        begins = not before or before.endswith((*SENTENCE_END, SILENCE))
        if begins and text[start].isupper() and spelling.partition(GAP)[0].islower():
            spelling = spelling[0].upper() + spelling[1:]
        yield start, end, spelling


def _fold(text: str) -> str:
    """Write equal texts in one way; composed text keeps its length.

    >>> _fold("L’Été"), len(_fold("İ")), _fold("ΟΔΟΣ")
    ("l'été", 1, 'οδοσ')
    """
    whole = composed(text).translate(SAME)
    lower = whole.lower()
    if len(lower) == len(whole) and "Σ" not in whole:  # which has two, by its place
        return lower
    return "".join(c if len(c.lower()) > 1 else c.lower() for c in whole)


def _squeeze(text: str) -> str:
    """Leave one space between words and none around an apostrophe.

    >>> _squeeze(" l' amnesti  internationale ")
    "l'amnesti internationale"
    """
    return re.sub(r"\s*'\s*", "'", " ".join(text.split()))


SURE = 0.85  # certainty of a word that stays
FAR = 0.36  # share of the sounds that may differ
LONGER = 0.1  # of this share, for each word more or less than the name has
MOST_WORDS = 4  # of what was heard for one name
_WORD = re.compile(rf"(\W*(?:(?:{'|'.join(ELIDED)})['’])?)(.*\w)?(\W*)", re.IGNORECASE | re.DOTALL)
_VOWEL = re.compile("[aàâeéèêëiîïoôuùûœæh]", re.IGNORECASE)


def write_names(words: Sequence[Word], found: Iterable[Word]) -> list[Word]:
    """Write the names that were found, but not over a person's correction; signs and elided words
    beside them stay."""
    starts, written, position = [word.start for word in words], list[Word](), 0
    for name in found:
        first, last = bisect_right(starts, name.start) - 1, bisect_left(starts, name.end)
        run = words[max(first, position) : last]
        is_there = run and (run[0].start, run[-1].end) == (name.start, name.end)
        if is_there and not any(isinstance(word, CorrectedWord) for word in run):
            before, after = _cut(run[0])[0], _cut(run[-1])[2]
            shown = f"{_unelided(before, name.text)}{name.text}{after}".split()
            written += words[position:first]
            written += evenly(shown, name.start, name.end, name.probability)
            position = last
    return [*written, *words[position:]]


def _unelided(before: str, name: str) -> str:
    """Write in full what is elided before a vowel.

    >>> _unelided("d'", "Beaubrun"), _unelided("« l’", "CNIL"), _unelided("l'", "Orléans")
    ('de ', '« la ', "l'")
    """
    if before[-1:] not in ("'", "’") or _VOWEL.match(name):
        return before
    return before[:-1] + ("a " if before[-2:-1] in "lL" else "e ")


def find_misheard(
    words: Sequence[Word], names: Iterable[str], heard: Iterable[Segment]
) -> tuple[Word, ...]:
    """Find words that sound like a name, the nearest first where two share a word, and give the
    names, or their parts, with the times of these words. What no segment has is right."""
    known, near = _spoken(names), list[tuple[float, int, int, str]]()
    sure = _sure(words, heard) if known else []
    said = {_letters([word]) for word, is_sure in zip(words, sure, strict=False) if is_sure}
    for first in range(len(sure)):
        for last in range(first + 1, _reach(words, sure, first) + 1):
            spoken = _letters(words[first:last])
            found = None if _are_french(words[first:last]) else nearest(spoken, known, FAR)
            if found and spoken not in said:
                written = known[found[0]]
                distance = found[1] + LONGER * abs(last - first - len(written.split()))
                near.append((distance, first, last, written))
    taken, chosen = set[int](), list[Word]()
    for distance, first, last, written in sorted(near):
        if distance <= FAR and taken.isdisjoint(range(first, last)):
            taken.update(range(first, last))
            run = words[first:last]
            if letters(written) != _letters(run):
                probability = min(word.probability for word in run)
                chosen.append(Word(run[0].start, run[-1].end, written, probability))
    return tuple(sorted(chosen, key=lambda each: each.start))


def _sure(words: Sequence[Word], heard: Iterable[Segment]) -> list[bool]:
    """Tell of each word whether it stays; one without length is found by no time."""
    every = ((each.words, certainties(each.words)) for each in heard)
    known = {word: sure for pair in every for word, sure in zip(*pair, strict=True)}
    return [known.get(each, 1.0) >= SURE or each.end <= each.start for each in words]


def _are_french(words: Sequence[Word]) -> bool:
    tokens = TOKEN.findall(" ".join(word.text for word in words).lower())
    return all(each in ELIDED or is_french(each) for each in tokens if len(each) > 1)


def _spoken(names: Iterable[str]) -> dict[str, str]:
    """Give names, and their parts that are names, by their sound; the first ones come first."""
    found = dict[str, str]()
    for name in names:
        parts = (each for each in name.split() if len(each) >= PART and each[0].isupper())
        for each in (name, *(part for part in parts if not is_french(part.lower()))):
            found.setdefault(sound(letters(each)), each)
    return {key: name for key, name in found.items() if key}


def _reach(words: Sequence[Word], sure: Sequence[bool], first: int) -> int:
    """Give the place after the last word, from a word on, that is in doubt and said in one go."""
    last = first
    while last < min(first + MOST_WORDS, len(words)) and not sure[last]:
        last += 1
        following = words[last : last + 1]
        is_last = any(each.start - words[last - 1].end >= PAUSE for each in following)
        if is_last or _cut(words[last - 1])[2].strip("-'’"):
            break
    return last


def _cut(word: Word) -> tuple[str, str, str]:
    """Give a word in three: what stands before it, its letters, the signs after it."""
    before, within, after = _WORD.findall(word.text)[0]
    return before, within, after


def _letters(words: Sequence[Word]) -> str:
    return letters(" ".join((_cut(words[0])[1], *(word.text for word in words[1:]))))
