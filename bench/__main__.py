"""Run the measures, all or those named, and keep their tables in BENCHMARKS.md."""

import datetime as dt
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import (
    ablation,
    align,
    beside,
    choice,
    doubt,
    hands,
    harsh,
    intake,
    journeys,
    keepers,
    long,
    music,
    names,
    order,
    pages,
    postgresql,
    rereading,
    search,
    sense,
    sentences,
    transcription,
    twins,
    versions,
    voices,
    whole,
)

PAGE = Path(__file__).parent.parent / "BENCHMARKS.md"
HEAD = """# Benchmarks

Made by `make bench`; `make bench ONLY=long` measures one part of it.
"""


@dataclass(frozen=True)
class Section:
    """A part of the page: what is measured there, and how."""

    title: str
    explanation: str
    table: Callable[[], str]


SECTIONS = {
    "transcription": Section(
        "Transcription",
        "Each set by itself, and none stands for another. `human` is two women who read the "
        "prompts of telephone exchanges (Debian’s `asterisk-core-sounds-fr-wav`, of Canada, and "
        "`asterisk-prompt-fr-armelle`, in GSM), in six shows of 27 minutes: as recorded, in a "
        "room, by telephone, with music beneath, by turns: human voices, but no talk, and no "
        "radio of yours. In all other sets a program speaks: what is better there may be worse "
        "with people. `bench` (526 s) has three voices, music and silence, `demo` is three short "
        "shows, `air` three as heard on air (telephone, room, street, music under speech). No "
        "glossary. Each row of a set is of a process of its own, all in one run, one after the "
        "other; the model `base`, loaded before the clock starts. The peers hear with the same "
        "weights: whisper’s own `transcribe` as its command line asks it, and faster-whisper’s "
        "batched pipeline. « Radio beside it » is our rate with the same engine less that of the "
        "peer: below 0, we make fewer errors. Intervals are 95 % (blocks of 30 seconds drawn "
        "anew, the same for both); where one holds 0, the difference may be chance. Signs, "
        "capitals and ways to write a number (« deux », « 2 ») count for nothing, with all alike. "
        "The peak of memory is of the whole process, all sets.",
        transcription.table,
    ),
    "sentences": Section(
        "Sentences",
        "Signs and capitals of what is read, each set by itself, model `base` (who speaks in them: "
        "« Transcription »; « – » where a sign is never said): precision / recall / F against the "
        "reference, whose words are laid on those heard; a capital counts where the word is right. "
        "A cue should end at a sign of the reference where one lies within its limits (two lines "
        "of 42 characters, 7 s); the segments of the peer are judged likewise.",
        sentences.table,
    ),
    "music": Section(
        "A copy without music",
        "What `radio export music-free` cuts of the sample shows, model `base`, against their "
        "exact regions; the aim is 99 % of the music and at most 0.5 % of the speech, on `bench` "
        "and `air`. `mixes` are made here to be hard: songs of 3 to 25 s right beside words, so "
        "that a tenth of a second at a border is much; `jingles` of 3 to 5 s, `choir` of sung "
        "vowels, `talk-over` with music under words between full music, `crossfade` with music "
        "that swells under the last words. The settings were chosen on all of these; songs that "
        "somebody sings are in none.",
        music.table,
    ),
    "choice": Section(
        "The choice of windows",
        "The same shows and words, transcribed by one engine after the other, each time with "
        "something else: all else is as today. The difference to today’s rate has its 95 % "
        "interval, block by block; where it holds 0, the difference may be chance.",
        choice.table,
    ),
    "harsh": Section(
        "Windows decoded again",
        "Sentences of the sample shows under noise, music, applause, hum, breath or another voice, "
        "clipped on a telephone, cut within words, played backwards; and noise, applause and "
        "coughs alone. Model `base`, no glossary. A window whose text repeats itself is decoded in "
        "another way, one that seems to have lost words in two halves; each is left out in turn.",
        harsh.table,
    ),
    "names": Section(
        "Names that nobody typed",
        "What names bring that the archive knows by itself: told in the prompt, written by sound "
        "where the machine doubts a word that is not French, or both; faster-whisper, `base`. At "
        "first: titles, and what the demo’s sidecars say. After nine: the references of all other "
        "shows as reread texts of the same show. All typed: every name of the reference in the "
        "glossary, the most that names bring. `SHOWS=folder` adds shows.",
        names.table,
    ),
    "align": Section(
        "A text laid on the sound",
        "The exact text of each sample show, without its times, as `radio align` lays it on what "
        "each engine heard (`base`, no glossary): a line for each sentence, by the start that its "
        "reference tells. In `bench` and `demo` the reference counts the pause before a sentence "
        "to it (some 0.3 s), in `air` it does not. Harmed texts: ten for each show, each "
        "elsewhere; a paragraph is four lines, and the one never said is of another show.",
        align.table,
    ),
    "doubt": Section(
        "Doubt",
        "The seven sample shows and six of people as both engines hear them (`base`, no glossary). "
        "« Told » is the certainty that pages show; a word is right if it is as it was said, "
        "signs, capitals and ways to write a number apart; words that are missing are not in these "
        "figures. The plot, the dots and « by numbers of the other shows » judge each show by a "
        "curve that was fitted on all others, both engines together, and by one threshold; a mark "
        "of the plot stands for ten words at least. Passages are 60 words.",
        doubt.table,
    ),
    "versions": Section(
        "Which of two texts stays",
        "The seven sample shows as faster-whisper hears them with `base`, and in worse ways: each "
        "is taken for the text of a better model that came after `base`, which stays where the "
        "confidence of the other collapses, and for that of a lesser model, which `base` replaces. "
        "By the margin alone, which holds between texts of one model, `base` would replace fewer.",
        versions.table,
    ),
    "rereading": Section(
        "Keys that put a text right",
        "The first table: keys **and seconds** for each wrong place, of `air`, `demo` and "
        "`bench` as faster-whisper hears them with `base`, by a machine that types 180 letters "
        "a minute (a chord, as a letter, takes a third of a second) and hears at 1×. The same "
        "holds for all ways: all of the text is heard once; a wrong place is noticed when its "
        "last word has been said, and must be heard once more, from a second before it, before "
        "it is typed; nobody hears and types at once; words are said evenly, by their letters, "
        "within their sentence. The desk plays sentence by sentence, with 0.15 s before and "
        "after, without the pauses between; what is right goes on by itself; one that is wrong "
        "is heard a second time until its last wrong word, for that is what the desk plays, or "
        "F2 goes back three seconds at each place (with F8 twice), whichever is quicker; then "
        "Tab. oTranscribe: one field of 80 letters a line, F1 back by 1.5 s as often as needed, "
        "Esc, type, Esc, which plays 1.5 s again. Hyperaudio: two quick presses on the word "
        "before (2 s for the hand, there and back; one key), which plays from there; pause, a "
        "word on, type, play. Editor: the `.vtt`, and a player whose keys work in every window: "
        "back by 3 s, pause, type, play. In both one goes by lines and words, or searches. « "
        "Other texts »: what the desk offers if all other sample shows are reread texts of its "
        "show, never the show itself. The second table counts what other texts offer: what puts "
        "a place right, what does not, and what is offered for words that are right. The "
        "others: "
        "the three shows of `air` (342 s), and what "
        "was said in them, exactly: words alone are put right, not signs and capitals. Nobody "
        "types: the keys of the shortest known way are counted, a chord as one. Words are "
        "changed by the same keys in both: letters, Ctrl+arrows, Backspace, Ctrl+Delete. At the "
        "desk one goes to a word by words, from an end, by lines, or by F4 to a doubt, through "
        "those that are none, and needs no key for the sound, which stops and comes twice by "
        "itself; Tab leads from each sentence to the next, or, going on, only from one in which "
        "something was typed last: one that F9 put right is heard again and goes on. F9 takes "
        "what is offered, a key for each rank, and ends a word that is begun. In an editor over "
        "the `.vtt` one goes by lines, screens and words, or searches with the fewest letters "
        "that lead there; for each wrong sentence two keys pause the sound and have it go on "
        "(by keys that work in every window), or five have it heard twice, as at the desk (to "
        "the player, back, to the editor, pause, on). Reading along in the file takes no key. "
        "An editor that ends words does so by those of the file. The last table has what "
        "other hearings offer (`radio rehear`), which are drawn: each time others.",
        lambda: f"{hands.table()}\n\n{rereading.table()}",
    ),
    "voices": Section(
        "Voices",
        "Who speaks, as `radio transcribe` finds it: the share of the speech in the references "
        "that is given to the right voice, to another, to none. The voices of the sample shows are "
        "synthetic. Other channels are made of the same sound: a telephone (300 to 3,400 Hz, "
        "µ-law), a room (an echo of half a second), pink noise 15 dB under the speech, and one of "
        "studio, telephone and room drawn for each turn. `humans` are June Wallack and Armelle "
        "Desjardins by turns, three conversations of a minute and a half, drawn from the prompts "
        "of two packages of Debian (8 kHz); in a room, June alone is there. The time has the "
        "decoding of the sound in it where it is as it is. Two at once: the sample shows with "
        "turns that overlap; by seconds, how much of what a rule would mark is of two voices "
        "(precision), and how much of that it would mark (recall).",
        voices.table,
    ),
    "long": Section(
        "Long shows",
        "The same show again and again, through the command: `radio ingest`, `radio transcribe`, "
        "the search. The engine is loaded within the time.",
        long.table,
    ),
    "intake": Section(
        "Many recordings at once",
        "Different files of one hour each (MP3, mono, 8 kbit/s, 50,000 frames), taken by `radio "
        "ingest` from a folder, then all of them again. What is beyond decoding: the processor "
        "time of the whole run, children too, less what PyAV takes to read and decode the same "
        "files, one after the other. `FILES=2000` says how many. What a run loses that is cut "
        "short: `python -m tests.torture intakes` had 2,000 short files with every habit of naming "
        "taken by a command that was killed 200 times; none was lost, partial or there twice.",
        intake.table,
    ),
    "search": Section(
        "Search",
        "Archives of episodes of one hour, 9,000 words drawn as often as French uses them, indexed "
        "by `radio index` and asked through HTTP from `radio serve`, page by page of HTML; beside "
        "them SQLite's FTS5 over the same cues, which answers bare JSON. 40 queries of each kind, "
        "each once, one after the other, in mixed order, once the site has done what it does when "
        "it starts. The processor time of an answer is that of the whole process, with what it "
        "does beside. Then the lists of words and queries in `tests/search`, and the 40 queries "
        "with a wanted passage.",
        search.table,
    ),
    "postgresql": Section(
        "PostgreSQL",
        "What `radio export documents` writes of such an archive of 1,000 hours, loaded by "
        "`deploy/search/postgresql.sql` into a PostgreSQL of its own, and the same 400 queries: a "
        "page of results in this process beside the thousand best passages there, without "
        "quotation and counts. A query is translated as docs/en/scale.md says (`as typed`: "
        "nothing is corrected). It needs Debian's `postgresql` and `psycopg`.",
        postgresql.table,
    ),
    "order": Section(
        "The order of passages",
        "40 queries with the passage that one would want first, written before the order was "
        "worked on (`tests/data/search/talk.txt`), over the seven sample shows as they were spoken "
        "and twenty episodes of four other shows. A page is read from top to bottom, ten passages "
        "of each episode; the wanted one counts where its words are quoted. Then 60 queries over "
        "300 made episodes on 30 subjects and the sample shows (`tests/data/search/subjects.txt`, "
        "written before any was tried): the share of right episodes among the first five, of those "
        "shown and of all that there are; right are made episodes that quote a sentence that "
        "answers, so what a sample show says does not count.",
        order.table,
    ),
    "ablation": Section(
        "The search without one of its rules",
        "Each row is the search as it is, but for one rule, over the same archives, indexed "
        "anew. `listeners` are queries with what was said on air, most of several words; `words` "
        "are the pairs of strangers in the tests, each asked by its first word; `sentences` are a "
        "third stranger’s queries with sentences (`bench/asked.py`, "
        "`tests/data/search/strangers-*.txt`; each list was written before any of it was tried). "
        "Many queries of `listeners` were written for one rule: a row tells what that rule does "
        "for them, not how often people need it. Found is the one episode that a query should "
        "find, among all episodes of the answer; whole, with no word of the query left out; "
        "offered, where it is not whole but one click away: near, in a time that the query says, "
        "or by French words for English ones. MRR is the mean reciprocal rank. Wrongly is what it "
        "should not find. Acts are how often the functions of a rule gave something, a word that "
        "comes again counted once (`homographs`: how often its list was asked). A rule that never "
        "acts, or is no longer there, breaks the run off. What differs from the first row is "
        "bold. The last row is without all rules that change nothing here. Guesses by sense are "
        "beside the answer, and so in no row.",
        ablation.table,
    ),
    "sense": Section(
        "Search by sense",
        "60 queries that say in other words what is said in the seven sample shows, and 20 about "
        "something else (`tests/data/search/senses.txt`, written before any score). « Found » is a "
        "passage that holds the wanted sentence; « calm » shows nothing. Pages come through HTTP "
        "from `radio serve`, whose child has the model. The vectors of large archives are drawn: "
        "mixtures of those of the sample shows, with noise; the sixty queries are asked, "
        "one after the other, of them. Each passage is compared.",
        sense.table,
    ),
    "twins": Section(
        "Twins",
        "1,000 shows of 90 seconds, each made of pieces of the sample shows at another pitch and "
        "pace, over music of its own, all with the same jingle of eight seconds. Twenty of them "
        "are copied in twelve ways: mono, as they are or at 24 kHz, 3 dB louder or weaker, 5.1 "
        "seconds cut at one end. A copy counts as taken for the same if it is, from end to end. "
        "A thousand pairs of different shows of 24 to 90 seconds lie over the same music, most at "
        "the same moment, with the same jingles before and behind.",
        twins.table,
    ),
    "pages": Section(
        "Pages",
        "Through HTTP from `radio serve`, compressed as browsers ask through https (zstd), one "
        "after the other on one connection, each page 100 times, at another second each time; "
        "then in Chromium as a phone (360 px, nothing kept): what is loaded before one reads on, "
        "without the sound; how much the page shifts while it is read to its end; what tasks take "
        "beyond 50 ms. The episode of two hours has 18,000 words, 1,600 of them in doubt, 114 of "
        "these names; `HOURS=885` more lie beside it.",
        pages.table,
    ),
    "keepers": Section(
        "A keeper’s day and year",
        "What two volunteers did for a year, played again: at the command, and at the desk on a "
        "telephone of 360 px, with JavaScript, from its first page. A press is a link, a button, a "
        "choice, something that unfolds; what is typed is none. Who waits sees no page. On 28 "
        "November 2026 the same was counted by hand; a dead end is what could not be done.",
        keepers.table,
    ),
    "journeys": Section(
        "Journeys",
        "What a listener does, in Chromium and in Firefox as they come, with script and with "
        "none, at 360, 768 and 1440 px, in light and in dark: presses once the words are typed; "
        "seconds from the press until the sound moves, the median and the most of what all widths "
        "and colors took; how far below the top of the page it is, in pixels, the most of light "
        "and dark. Without script a page with the browser’s own player comes first, and the "
        "seconds are from the press of its button. The archive is that of « The order of "
        "passages » with titles of 25 words, and an episode of two hours in two voices.",
        journeys.table,
    ),
    "beside": Section(
        "Pages beside work",
        "What a page takes until its first byte, as above, while `radio work` transcribes a show "
        "of three hours with all cores, in a session of its own, as from another terminal; and "
        "with the priority of its processes alone lowered, which counts within a session only "
        "where the kernel divides the processor among sessions. Seven rounds in turn, each page "
        "100 times in each: the median of the rounds, and the least and the most.",
        beside.table,
    ),
    "whole": Section(
        "The whole archive",
        "Recordings of 500 MB each in an archive of `GB=20`, through HTTP from `radio serve`: one "
        "ZIP, made on the fly, that is a BagIt bag. The memory of the site is its peak.",
        whole.table,
    ),
}


def machine() -> str:
    """Name the machine that the figures come from."""
    names = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":")[1].strip() for line in names if "model name" in line), "")
    return (
        f"{model or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )


def kept() -> dict[str, str]:
    """Read what was measured before, by title."""
    if not PAGE.exists():
        return {}
    parts = re.split(r"^## (.+)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def page(texts: dict[str, str]) -> str:
    """Lay the page out."""
    shown = (each.title for each in SECTIONS.values() if each.title in texts)
    return HEAD + "".join(f"\n## {title}\n\n{texts[title]}\n" for title in shown)


def measure(name: str) -> None:
    """Measure a part, print it, keep it."""
    section = SECTIONS[name]
    if name == "postgresql" and not postgresql.is_here():
        print("no PostgreSQL, or no psycopg")  # noqa: T201
        return
    table = section.table()
    print(table, flush=True)  # noqa: T201 (a command's own words)
    measured = f"On {dt.date.today()}: {machine()}.\n\n{section.explanation}\n\n{table}"
    PAGE.write_text(page(kept() | {section.title: measured}), encoding="utf-8")


def main(names: list[str]) -> None:
    """Measure one part here, more of them each in a process of its own: none weighs on another."""
    if len(names) == 1:
        measure(names[0])
        return
    for name in names or SECTIONS:
        subprocess.run([sys.executable, "-m", "bench", name], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
