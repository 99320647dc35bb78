"""Voices: told by the machine, named by people, and nothing kept to know one again."""

import dataclasses
import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.archive.authorship import sha256, status_of
from radio.archive.episode import Episode
from radio.archive.locks import is_locked
from radio.sound import Samples, decode
from radio.system.disk import write_whole
from radio.system.errors import ModelError, TranscriptError
from radio.text.transcript import Region, Segment, Turn, render_evidence
from radio.transcribe import transcription, voices
from radio.transcribe.corrections import apply_again
from radio.transcribe.engines.interface import Attempt, DecodeOptions
from radio.transcribe.models import voices as network
from radio.transcribe.pool import Pool, local_pool
from radio.transcribe.renewal import improve, renew
from radio.transcribe.transcription import transcribe
from radio.transcribe.turns import Ear, Vectors, find_turns
from radio.transcribe.versions import Checkpoint, save, texts_aside
from radio.transcribe.voices import renumber
from radio.transcribe.windows import Window
from tests.fakes import Sure, heard_street
from tests.processes import KILLED, Mortal, call, radio
from tests.samples import SHOW, STREET
from tests.tables import for_each

BEFORE_TEXT = re.compile(rb'"vtt_before": "[0-9a-f]*"')
TURNS = (Turn(0.0, 22.4, 1), Turn(22.4, 31.5, 2), Turn(31.5, 41.5, 1), Turn(41.5, 62.0, 2))


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose only episode a fake engine transcribed; nobody listened for voices."""
    return heard_street(tmp_path_factory.mktemp("heard"), Sure(sureness=0.6, word="mot"))


@pytest.fixture
def archive(heard: Path, tmp_path: Path) -> Archive:
    return Archive(shutil.copytree(heard, tmp_path / "archive"))


@pytest.fixture
def told(archive: Archive) -> Archive:
    """The same, with two voices."""
    key = key_of(archive)
    evidence = archive.evidence(key)
    assert evidence is not None
    write_whole(
        archive.evidence_path(key), render_evidence(dataclasses.replace(evidence, turns=TURNS))
    )
    assert apply_again(archive, key)
    return archive


def key_of(archive: Archive) -> str:
    return archive.episodes()[0].key


def labels(archive: Archive) -> list[str]:
    """Who speaks, each turn once."""
    transcript = archive.transcript(key_of(archive))
    assert transcript is not None
    return [name for name, _cues in groupby(cue.voice for cue in transcript.cues)]


def words(archive: Archive) -> str:
    transcript = archive.transcript(key_of(archive))
    assert transcript is not None
    return " ".join(" ".join(cue.text.split()) for cue in transcript.cues)


def reread(archive: Archive, **changes: str) -> Path:
    """Change the text as a person does, in an editor."""
    path = archive.vtt_path(key_of(archive))
    text = path.read_text(encoding="utf-8").replace("status: machine", "status: relu")
    for old, new in changes.items():
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_cue_never_mixes_two_voices(told: Archive) -> None:
    assert labels(told) == ["Voix 1", "Voix 2", "Voix 1", "Voix 2"]
    transcript = told.transcript(key_of(told))
    assert transcript is not None
    for cue in transcript.cues:
        (turn,) = [each for each in TURNS if each.start <= (cue.start + cue.end) / 2 < each.end]
        assert cue.voice == f"Voix {turn.voice}"


def test_a_named_text_is_still_the_machines(told: Archive) -> None:
    key, before = key_of(told), words(told)
    voices.name(told, key, {1: "Camille", 2: "  Zoé &  l’ami <3> "})
    assert labels(told) == ["Camille", "Zoé & l’ami <3>", "Camille", "Zoé & l’ami <3>"]
    assert words(told) == before
    assert status_of(told, key) == "machine"


def test_a_name_is_taken_back(told: Archive) -> None:
    key = key_of(told)
    before = told.vtt_path(key).read_bytes()
    voices.name(told, key, {1: "Camille"})
    voices.name(told, key, {1: ""})
    assert told.vtt_path(key).read_bytes() == before
    assert told.episode(key).voices == {}


@dataclasses.dataclass
class Watched(Sure):
    """Decodes while people do something."""

    meanwhile: Callable[[], None] = lambda: None

    def decode(
        self, windows: Sequence[Window], options: DecodeOptions, attempt: Attempt
    ) -> list[Segment]:
        self.meanwhile()
        return super().decode(windows, options, attempt)


@pytest.mark.parametrize("work", [transcribe, renew, improve])
def test_a_name_given_while_the_machine_hears_is_not_lost(
    told: Archive, work: Callable[[Archive, Episode, Pool], object]
) -> None:
    key = key_of(told)
    if work is transcribe:
        told.vtt_path(key).unlink()
    stale = told.episode(key)

    def rename() -> None:
        with told.lock():
            told.write_episode(dataclasses.replace(stale, voices={"1": "Camille"}))

    weights = dataclasses.replace(Sure().weights, sha256="7" * 64)
    with local_pool(Watched(word="mieux", weights=weights, meanwhile=rename)) as pool:
        work(told, stale, pool)
    assert "mieux" in words(told)
    assert labels(told) == ["Camille", "Voix 2", "Camille", "Voix 2"]
    assert status_of(told, key) == "machine"


@pytest.mark.parametrize("work", [renew, improve])
def test_another_writer_sweeps_no_work_away_that_is_being_saved(
    told: Archive, work: Callable[[Archive, Episode, Pool], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who takes the lock removes leftovers: what is saved without it may be gone half-way."""
    held: list[bool] = []

    def look(path: Path, checkpoint: Checkpoint) -> None:
        held.append(is_locked(told.root, "archive"))
        save(path, checkpoint)

    monkeypatch.setattr(transcription, "save", look)
    weights = dataclasses.replace(Sure().weights, sha256="7" * 64)
    with local_pool(Sure(weights=weights)) as pool:
        work(told, told.episode(key_of(told)), pool)
    assert set(held) == {True}


def test_voices_that_are_found_anew_keep_their_numbers() -> None:
    shifted = (Turn(0.5, 22.0, 2), Turn(22.0, 31.0, 1), Turn(62.0, 70.0, 3))
    found = renumber(shifted, TURNS, ())
    assert [turn.voice for turn in found] == [1, 2, 3]


def test_a_new_voice_never_gets_the_name_of_another() -> None:
    """Voice 3 was named once, and not found since: the name stays its own."""
    later = (*TURNS, Turn(62.0, 70.0, 3))
    assert [turn.voice for turn in renumber(later, TURNS, {3})] == [1, 2, 1, 2, 4]
    assert [turn.voice for turn in renumber(TURNS, (), {1, 2})] == [3, 4, 3, 4]


def test_a_name_whose_voice_is_gone_is_told_and_taken_away(told: Archive) -> None:
    key = key_of(told)
    odd = "1" * 5000
    named = {"1": "Camille", "3": "Zoé", odd: "Paul", "un": "Noé"}
    told.write_episode(dataclasses.replace(told.episode(key), voices=named))
    command = ("text", "voices", "--root", str(told.root), key)
    assert call(*command).stderr.splitlines() == [
        f"radio: {key}: no voice 3 any more, named Zoé; "
        f"`radio text voices {key} 3=` takes the name away"
    ]
    refused = call(*command, "3=Zoé", check=False)
    assert (refused.returncode, "no voice 3; `radio text voices" in refused.stderr) == (1, True)
    assert call(*command, "3=").stderr == ""
    assert told.episode(key).voices == {"1": "Camille", odd: "Paul", "un": "Noé"}


def alter(archive: Archive, **changes: Any) -> str:
    """Write an evidence as no `radio` does; give the key of its episode."""
    key = key_of(archive)
    evidence = archive.evidence(key)
    assert evidence is not None
    changed = dataclasses.replace(evidence, **changes)
    archive.evidence_path(key).write_bytes(render_evidence(changed))
    return key


@for_each(
    "regions",
    [
        [Region(0.0, 1e15, "speech")],
        [Region(-5.0, 4.0, "speech")],
        [Region(3.0, 9.0, "speech"), Region(1.0, 4.0, "speech")],
    ],
)
def test_regions_that_cannot_be_are_one_line(archive: Archive, regions: list[Region]) -> None:
    key = alter(archive, regions=tuple(regions))
    with pytest.raises(TranscriptError) as caught:
        voices.tell(archive, key)
    path, remedy = archive.evidence_path(key), f"`radio transcribe {key} --again` makes it anew"
    assert str(caught.value) == f"{path}: regions that can't be; {remedy}"


@for_each(
    "turn", [Turn(10.0, 30.0, 2), Turn(70.0, 1e15, 2), Turn(70.0, 71.0, 0), Turn(70.0, 71.0, 10**9)]
)
def test_turns_that_cannot_be_have_a_page_no_voice(told: Archive, turn: Turn) -> None:
    """Nor another transcription."""
    alter(told, turns=(*TURNS, turn))
    apply_again(told, key_of(told))
    assert labels(told) == [""]


def test_turns_that_cannot_be_are_one_line_and_found_anew(
    told: Archive, voice_models: Path
) -> None:
    key = alter(told, turns=(*TURNS, Turn(10.0, 30.0, 2)))
    command = ("text", "voices", "--root", str(told.root), key)
    done = radio(*command, RADIO_MODELS=str(voice_models))
    complaints = [line for line in done.stderr.splitlines() if "can't be" in line]
    path, remedy = told.evidence_path(key), f"`radio text voices {key} --again` finds them anew"
    assert complaints == [f"radio: {path}: turns that can't be; {remedy}"]
    assert "Voix 1" in labels(told)


def test_a_number_of_thousands_of_digits_is_no_voice(told: Archive) -> None:
    command = ("text", "voices", "--root", str(told.root), key_of(told))
    done = call(*command, "1" * 5000 + "=Camille", check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "not NUMBER=NAME" in done.stderr
    assert len(done.stderr) < 500


def test_a_name_as_long_as_a_book_fills_no_disk(told: Archive) -> None:
    key = key_of(told)
    told.write_episode(dataclasses.replace(told.episode(key), voices={"1": "é" * 100_000}))
    assert apply_again(told, key)
    assert set(labels(told)) == {"é" * 80, "Voix 2"}


def mortal(root: Path, writes: "Synchronized[int]") -> Archive:
    """Give an archive in which this process writes so many files, and is killed at the next."""
    replace = Path.replace

    def count(part: Path, path: Path) -> Path:
        if not writes.value:
            os.kill(os.getpid(), signal.SIGKILL)
        writes.value -= 1
        return replace(part, path)

    Path.replace = count  # type: ignore[method-assign,assignment]
    return Archive(root)


def tell_two(root: Path, writes: "Synchronized[int]") -> None:
    voices.__dict__["find_turns"] = lambda *_rest: TURNS
    network.__dict__["find"], network.__dict__["is_here"] = network.path, lambda: True
    archive = mortal(root, writes)
    for key in voices.untold(archive):
        voices.tell(archive, key)


def name_two(root: Path, writes: "Synchronized[int]") -> None:
    archive = mortal(root, writes)
    voices.name(archive, key_of(archive), {1: "Camila", 2: "Zoé"})


def forget_two(root: Path, writes: "Synchronized[int]") -> None:
    archive = mortal(root, writes)
    voices.forget(archive, key_of(archive))


ACTS = [(tell_two, False, 3), (name_two, False, 5), (name_two, True, 6), (forget_two, False, 5)]
"""What is done, to whose text, and how many files are written for it."""


@pytest.mark.parametrize(("act", "by_hand", "number"), ACTS)
def test_killed_between_two_writes_the_same_command_ends_the_work(
    archive: Archive,
    tmp_path: Path,
    act: Callable[[Path, "Synchronized[int]"], None],
    by_hand: bool,
    number: int,
) -> None:
    """Killed at each write in turn: nobody's word is claimed or lost, and the end is the same."""
    if act is not tell_two:
        key = alter(archive, turns=TURNS)
        apply_again(archive, key)
        voices.name(archive, key, {1: "Camille"})
    if by_hand:
        reread(archive, mot="corrigé")

    def live(name: str, *writes: int) -> tuple[list[int | None], list[str]]:
        root = Path(shutil.copytree(archive.root, tmp_path / name))
        work, codes, states = Mortal(act, root), [], []
        for count in (*writes, 99):
            work.counter.value = count
            codes.append(work.live())
            states.append(status_of(Archive(root), key_of(archive)))
        assert set(states) == {"reread" if by_hand else "machine"}
        folders = (Archive(root).media, Archive(root).transcripts)
        paths = sorted(path for folder in folders for path in folder.rglob("*.[jv]*"))
        read = {path.name: path.read_bytes() for path in paths}
        own = [f"{name} {sha256(BEFORE_TEXT.sub(b'', content))}" for name, content in read.items()]
        return codes, own

    (whole, *_), unbroken = live("unbroken", 99)
    assert whole == 0
    for count in range(20):
        codes, found = live(f"killed-{count}", count)
        assert codes in ([KILLED, 0], [0, 0])
        assert found == unbroken
        if codes[0] == 0:
            break
    assert count == number


class Counted(tuple[Turn, ...]):
    """Turns that count how often one is looked at."""

    looks = 0

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        Counted.looks += len(found) if isinstance(at, slice) else 1
        return found

    def __iter__(self) -> Iterator[Turn]:
        for turn in super().__iter__():
            Counted.looks += 1
            yield turn


def test_a_long_quarrel_keeps_no_other_writer_waiting() -> None:
    """Numbers are given under the lock: each turn is looked at a few times, not once for each."""
    turns = Counted(Turn(float(at), at + 0.9, 1 + at % 2) for at in range(2000))
    assert renumber(turns, turns, ()) == tuple(turns)
    assert Counted.looks < 50 * len(turns)


def test_naming_a_reread_text_keeps_its_words(told: Archive) -> None:
    """And what else a person wrote: notes, settings, a name that is not ours."""
    key = key_of(told)
    path = reread(told, mot="corrigé")
    text = path.read_text(encoding="utf-8")
    text = text.replace("\n\n1\n", "\n\nNOTE de Paul\n\n1\n", 1)
    text = text.replace("<v Voix 2>", "<v Paul>", 1).replace("<v Voix 1>", "", 1)
    first = re.search(r"--> [\d:.]+", text)
    assert first
    text = text.replace(first[0], f"{first[0]} align:start", 1)
    path.write_text(text, encoding="utf-8")
    before = words(told)
    voices.name(told, key, {1: "Camille", 2: "Zoé"})
    after = path.read_text(encoding="utf-8")
    assert words(told) == before
    assert labels(told)[:2] == ["Camille", "Paul"]
    assert "Zoé" in labels(told)
    assert "NOTE de Paul" in after
    assert f"{first[0]} align:start" in after
    assert status_of(told, key) == "reread"
    assert [each.read_text(encoding="utf-8") for each in texts_aside(told, key)] == [text]


def test_naming_leaves_to_a_voice_what_a_person_gave_it(told: Archive) -> None:
    """Where the machine is wrong about who speaks, a person writes the number of the other."""
    key = key_of(told)
    path = reread(told, mot="corrigé")
    text = path.read_text(encoding="utf-8").replace("<v Voix 1>", "<v Voix 2>", 1)
    path.write_text(text, encoding="utf-8")
    voices.name(told, key, {1: "Camille"})
    assert labels(told)[:3] == ["Voix 2", "Camille", "Voix 2"]
    voices.name(told, key, {2: "Zoé"})
    assert labels(told) == ["Zoé", "Camille", "Zoé", "Camille", "Zoé"]


def test_a_text_whose_lines_end_as_on_windows_is_named(told: Archive) -> None:
    path = reread(told)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    voices.name(told, key_of(told), {1: "Camille"})
    assert labels(told) == ["Camille", "Voix 2", "Camille", "Voix 2"]
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n", "\r\n"), ("WEBVTT", "\ufeffWEBVTT"), ("status:", "relecteur: Camille\nstatus:")],
)
def test_naming_makes_no_text_a_person_s(told: Archive, old: str, new: str) -> None:
    """An editor, or git, saved the machine's text in another form: its words are as they were."""
    key = key_of(told)
    path = told.vtt_path(key)
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    assert status_of(told, key) == "machine"
    voices.name(told, key, {1: "Camille"})
    assert labels(told) == ["Camille", "Voix 2", "Camille", "Voix 2"]
    assert status_of(told, key) == "machine"
    path.write_bytes(path.read_bytes().replace(b"mot", b"autre", 1))
    assert status_of(told, key) == "changed"


def test_a_person_who_writes_in_subrip_is_told_so(told: Archive) -> None:
    key = key_of(told)
    path = told.vtt_path(key)
    content = b"1\n00:00:01,000 --> 00:00:04,000\nBonjour\n"
    path.write_bytes(content)
    with pytest.raises(TranscriptError, match="SubRip; save it as WebVTT in UTF-8"):
        voices.name(told, key, {1: "Camille"})
    assert path.read_bytes() == content
    assert told.episode(key).voices == {}


@for_each(
    ("names", "complaint"),
    [
        ({3: "Camille"}, "no voice 3; `radio text voices"),
        ({1: "C" * 81}, "is no name of 80 letters at most"),
        ({1: "Camille\n\nNOTE"}, "is no name"),
    ],
)
def test_a_name_that_can_be_none_changes_nothing(
    told: Archive, names: dict[int, str], complaint: str
) -> None:
    key = key_of(told)
    before = told.vtt_path(key).read_bytes()
    with pytest.raises(TranscriptError, match=complaint):
        voices.name(told, key, names)
    assert told.vtt_path(key).read_bytes() == before
    assert told.episode(key).voices == {}


def test_two_people_of_one_name_are_named_in_one_line(told: Archive) -> None:
    command = ("text", "voices", "--root", str(told.root), key_of(told))
    done = call(*command, "1=Camille", "2=Camille")
    assert done.stderr.splitlines() == ["radio: voices 1, 2 are all called Camille now"]
    assert [line.split("  ")[:2] for line in done.stdout.splitlines()] == [
        ["1", "Camille"],
        ["2", "Camille"],
    ]
    assert call(*command, "2=").stdout.splitlines()[1].startswith("2  Voix 2  0:")


def test_a_name_that_stays_in_a_version_is_not_said_to_be_forgotten(told: Archive) -> None:
    """It says where names are still written; with them gone, no file holds one."""
    key = key_of(told)
    voices.name(told, key, {1: "Camille"})
    with local_pool(Sure(word="mieux")) as pool:
        renew(told, told.episode(key), pool)
    text, before = reread(told, mieux="corrigé"), words(told)
    done = call("text", "voices", "--root", str(told.root), key, "--forget")
    (aside,) = texts_aside(told, key)
    said = "still tells who speaks, and no machine changes it; take `<v …>` out there in an editor"
    remaining = [f"radio: {path}: {said}" for path in (text, aside)]
    first, *others, last = done.stderr.splitlines()
    assert first == f'{key}: voices forgotten 1="Camille"'
    assert (others, last) == (remaining, f"{key}: no voice is told from others")
    assert words(told) == before
    for path in (text, aside):
        path.write_text(re.sub("<v [^>]*>", "", path.read_text("utf-8")), encoding="utf-8")
    assert (
        "still tells"
        not in call("text", "voices", "--root", str(told.root), key, "--forget").stderr
    )
    for path in (path for path in told.root.rglob("*") if path.is_file()):
        assert b"Camille" not in path.read_bytes(), path
        assert b'"voice": ' not in path.read_bytes(), path


def test_forgetting_leaves_a_persons_text(told: Archive) -> None:
    path = reread(told, mot="corrigé")
    before = path.read_bytes()
    voices.forget(told, key_of(told))
    assert path.read_bytes() == before


def test_what_nobody_listened_to_is_named(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path))
    assert voices.untold(archive) == []
    network.path().touch()
    key = key_of(archive)
    assert voices.untold(archive) == [key]
    evidence = archive.evidence(key)
    assert evidence is not None
    for turns in ((), TURNS, 99 * TURNS):
        told = dataclasses.replace(evidence, turns=turns)
        archive.evidence_path(key).write_bytes(render_evidence(told))
        assert voices.untold(archive) == []
    old = archive.evidence_path(key).read_text(encoding="utf-8")
    old = re.sub(r'  "turns": \[.*?\n  \],\n', "", old, flags=re.DOTALL)
    assert '"turns"' not in old
    archive.evidence_path(key).write_text(old, encoding="utf-8")
    assert voices.untold(archive) == [key]


def test_a_network_that_is_missing_or_broken_costs_no_text(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path))
    voices.tell_if_untold(archive, key_of(archive))
    with pytest.raises(ModelError, match="radio model fetch voices"):
        voices.tell(archive, key_of(archive))
    network.path().write_bytes(b"broken")
    voices.tell_if_untold(archive, key_of(archive))
    assert labels(archive) == [""]
    done = call("index", "--root", str(archive.root), check=False)
    assert done.returncode == 1
    assert "remove it, then `radio model fetch voices`" in done.stderr
    assert "1 indexed" in done.stderr


def test_an_english_show_has_english_voices(told: Archive) -> None:
    key = key_of(told)
    told.write_episode(dataclasses.replace(told.episode(key), language="en"))
    apply_again(told, key)
    assert labels(told) == ["Voice 1", "Voice 2", "Voice 1", "Voice 2"]


def numbers(value: Any) -> Iterator[int]:
    """How many numbers each list of a JSON value holds."""
    if isinstance(value, list):
        yield sum(isinstance(each, int | float) for each in value)
    for each in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from numbers(each)


def heard_in(archive: Archive, key: str, models: Path) -> list[Vectors]:
    """What the network hears of each voice: the beginning of each vector."""
    heard: list[Vectors] = []

    class Spy(Ear):
        def hear(self, windows: Sequence[Samples]) -> Vectors:
            vectors = super().hear(windows)
            heard.extend(vectors[:, :2])
            return vectors

    evidence = archive.evidence(key)
    assert evidence is not None
    blocks = decode(archive.audio_path(archive.episode(key)))
    assert find_turns(evidence, blocks, Spy(models / network.FILE)) == evidence.turns
    return heard


def test_no_voice_print_is_kept(chain: Path, voice_models: Path, tmp_path: Path) -> None:
    """The real command on a real show: it finds both voices, and writes no vector anywhere."""
    root = Path(shutil.copytree(chain, tmp_path / "root"))
    present = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    key = f"{SHOW}/{STREET}"
    models = str(voice_models)
    listed = radio(
        "text", "voices", "--root", str(root), key, RADIO_MODELS=models
    ).stdout.splitlines()
    assert [line.split("  ")[:2] for line in listed] == [["1", "Voix 1"], ["2", "Voix 2"]]
    archive = Archive(root)
    evidence = archive.evidence(key)
    assert evidence is not None
    assert len(evidence.turns or ()) == 5
    transcript = archive.transcript(key)
    assert transcript is not None
    assert status_of(archive, key) == "machine"
    assert {cue.voice for cue in transcript.cues} == {"Voix 1", "Voix 2"}
    prints = heard_in(archive, key, voice_models)
    assert len(prints) > 20
    for path in (path for path in root.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert not any(values.tobytes() in content for values in prints), path
        assert not any(str(values[0]).encode() in content for values in prints), path
        if path.suffix == ".json" and content != present.get(path):
            assert max(numbers(json.loads(content)), default=0) < 10, path
    turn = json.loads(archive.evidence_path(key).read_bytes())["turns"][0]
    assert set(turn) == {"start", "end", "voice"}
    again = radio("text", "voices", "--root", str(root), "--missing", RADIO_MODELS=models)
    assert [line.split("  ")[-1] for line in again.stderr.splitlines()[1::2]] == ["2 voices"] * 2
