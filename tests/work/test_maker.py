"""What is missing is made in its turn: the most urgent first, no longer than it may take."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence

import pytest

from radio.archive import Archive
from radio.derived.chapters import CHAPTERS
from radio.derived.recipe import (
    Failed,
    Kind,
    Made,
    Making,
    Means,
    Message,
    Reached,
    Recipe,
    Remaining,
    SaidLine,
)
from radio.system.errors import AudioError, BusyError
from radio.text.transcript import Region, render_evidence
from radio.transcribe.models import voices as network
from radio.transcribe.recipes import VOICES
from radio.work import maker
from radio.work.maker import Maker, pause_after
from radio.work.queue import Queue
from radio.work.recipes import BOOKS
from radio.work.tries import Tries
from tests.fakes import Sure, heard_street
from tests.processes import call
from tests.recipes import make
from tests.samples import CITY, STREET, put


class ScriptedChild:
    """A run that says what it is told to say."""

    begun: list["ScriptedChild"] = []  # noqa: RUF012 (emptied by the fixture)

    def __init__(
        self, _archive: Archive, recipe: Recipe, keys: Sequence[str], means: Means, patience: float
    ):
        self.recipe, self.keys, self.means, self.patience = recipe, keys, means, patience
        self.is_running, self.began, self.said = True, 0.0, list[Message]()
        ScriptedChild.begun.append(self)

    def messages(self) -> Iterator[Message]:
        while self.said:
            yield self.said.pop(0)

    def end(self) -> None:
        self.is_running = False


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedChild]:
    """The runs that were begun, none of which is a process."""
    monkeypatch.setattr(maker, "Child", ScriptedChild)
    monkeypatch.setattr("radio.work.maker.time.monotonic", lambda: 1000.0)
    ScriptedChild.begun = []
    return ScriptedChild.begun


def recipe(kind: Kind, missing: list[str], **more: object) -> Recipe:
    return dataclasses.replace(Recipe(kind, lambda _: list(missing), lambda *_: None), **more)  # type: ignore[arg-type]


def test_what_is_more_urgent_takes_the_place_of_what_is_under_way(
    archive: Archive, begun: list[ScriptedChild]
) -> None:
    first, second = list[str](), ["emission/a"]
    here = Maker(archive, [recipe("voices", first), recipe("chapters", second)], Tries())
    here.keep_up()
    assert [each.recipe.kind for each in begun] == ["chapters"]
    first.append("emission/b")
    here.keep_up()  # nothing was said since: it is in the midst of something
    assert begun[0].is_running
    begun[0].said = [Reached("emission/a", 0.5)]
    here.keep_up()
    assert [each.recipe.kind for each in begun] == ["chapters", "voices"]
    assert not begun[0].is_running
    first.clear()
    begun[1].said, begun[1].is_running = [Made("emission/b")], False
    here.keep_up()
    assert begun[2].keys == ("emission/a",)


def test_a_first_pass_gives_way_to_news_alone(archive: Archive, begun: list[ScriptedChild]) -> None:
    """Else its own words, of which chapters and pages are made, would end it at every chunk."""
    news, chapters = list[str](), list[str]()
    passes = recipe("transcribe", news, is_steady=True), recipe("chapters", chapters)
    slow = recipe("transcribe", ["emission/a"], is_steady=True)
    here = Maker(archive, [*passes, slow], Tries())
    here.keep_up()
    chapters.append("emission/b")
    begun[0].said = [Reached("emission/a", 0.5)]
    here.keep_up()
    assert begun[0].is_running
    news.append("emission/c")
    begun[0].said = [Reached("emission/a", 0.6)]
    here.keep_up()
    assert begun[1].keys == ("emission/c",)
    news[:] = ["emission/d"]  # and news to later ones
    begun[1].said = [Reached("emission/c", 0.1)]
    here.keep_up()
    assert begun[2].keys == ("emission/d",)


def test_what_failed_waits_and_what_is_missing_all_the_same_is_not_tried_in_a_circle(
    archive: Archive, begun: list[ScriptedChild]
) -> None:
    tries, missing = Tries(), ["emission/a", "emission/b"]
    here = Maker(archive, [recipe("chapters", missing)], tries)
    here.keep_up()
    begun[0].said = [Failed("emission/a", "no text"), Made("emission/b")]
    begun[0].is_running = False
    here.keep_up()
    assert here.is_idle
    (trouble,) = tries.troubles()
    assert (trouble.kind, trouble.key, trouble.message) == ("chapters", "emission/a", "no text")
    missing.append("emission/c")
    here.keep_up("another state")
    assert begun[1].keys == ("emission/c",)


def test_an_engine_that_can_not_be_had_keeps_all_of_its_kind_waiting_and_nothing_else(
    archive: Archive, begun: list[ScriptedChild]
) -> None:
    recipes = [recipe("transcribe", ["emission/a"]), recipe("chapters", ["emission/a"])]
    here = Maker(archive, recipes, Tries())
    here.keep_up()
    begun[0].said, begun[0].is_running = [Failed("", "no engine")], False
    here.keep_up()
    assert [each.recipe.kind for each in begun] == ["transcribe", "chapters"]


def test_where_another_process_is_at_it_nothing_has_failed(
    archive: Archive, begun: list[ScriptedChild]
) -> None:
    tries = Tries()
    here = Maker(archive, [recipe("transcribe", ["emission/a"])], tries)
    here.keep_up()
    begun[0].said, begun[0].is_running = [Failed("", "busy", is_busy=True)], False
    here.keep_up()
    assert (len(begun), tries.troubles()) == (1, ())


@pytest.mark.parametrize(("is_hurried", "runs"), [(False, 1), (True, 2)])
def test_who_waits_for_the_end_waits_for_no_pause(
    archive: Archive, begun: list[ScriptedChild], *, is_hurried: bool, runs: int
) -> None:
    """`radio work --once` slept nine times as long as it had worked."""
    means = Means(is_hurried=is_hurried)
    dear = recipe("pages", [""], of_all=True, share=0.1)
    here = Maker(archive, [dear], Tries(), lambda _: means)
    here.keep_up(stamps=1)
    begun[0].said, begun[0].is_running = [Made("")], False
    here.keep_up("changed", stamps=2)
    assert len(begun) == runs


def test_what_is_made_of_all_is_made_once_for_each_state(
    archive: Archive, begun: list[ScriptedChild]
) -> None:
    here = Maker(archive, [recipe("pages", [""], of_all=True)], Tries())
    here.keep_up(stamps=1)
    begun[0].said, begun[0].is_running = [Made("")], False
    for stamps in (1, 1, 2):
        here.keep_up(object(), stamps=stamps)
    assert len(begun) == 2


def told_by(act: Callable[[Making], object]) -> list[Message]:
    told = list[Message]()
    act(Making(told.append))
    return told


def test_one_that_fails_costs_its_own_line() -> None:
    def make_one(key: str) -> None:
        if key == "b":
            raise AudioError("no sound")
        if key == "c":
            raise BusyError("busy")

    told = told_by(lambda making: making.each("abcd", make_one))
    assert [each for each in told if not isinstance(each, Reached)] == [
        Made("a"),
        Failed("b", "no sound"),
        Failed("c", "busy", is_busy=True),
        Made("d"),
    ]


def test_one_thing_is_made_in_no_time_and_what_is_begun_is_not_called_made() -> None:
    told = list[Message]()
    making = Making(told.append, seconds=-1.0)
    assert not making.each("ab", lambda _: False)
    making.say("done")
    assert told == [Reached("a"), SaidLine("done")]


def test_a_pause_is_as_long_as_the_share_asks() -> None:
    assert pause_after(60.0, BOOKS.share) == pytest.approx(300.0)  # ten minutes of each hour


def test_books_that_are_left_are_told(archive: Archive) -> None:
    put(archive, STREET)
    put(archive, CITY)
    root = ("--root", str(archive.root))
    (left,) = make(archive, BOOKS, -1.0)
    assert isinstance(left, Remaining) and left.number >= 2  # a book of each episode
    assert "books" in {each.kind for each in Queue(archive).left(None, {}, left.number)}
    assert call("index", "--booklets", *root).returncode == 0
    assert make(archive, BOOKS, -1.0) == []


def test_chapters_are_of_public_episodes_and_once(archive: Archive) -> None:
    episode = put(archive, STREET)
    longer = dataclasses.replace(episode.audio, duration=3600.0)
    archive.write_episode(dataclasses.replace(episode, audio=longer))
    archive.evidence_path(episode.key).write_text("{}", encoding="utf-8")
    assert CHAPTERS.missing(archive) == [episode.key]
    assert make(archive, CHAPTERS) == []
    assert CHAPTERS.missing(archive) == []


def test_voices_that_can_not_be_told_do_not_take_the_machine_every_time(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, begun: list[ScriptedChild]
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(archive.root))
    network.path().touch()
    heard = Archive(heard_street(archive.root / "heard", Sure()))
    key = heard.episodes()[0].key
    evidence = heard.evidence(key)
    assert evidence
    regions = (Region(0.0, 50.0, "speech"), Region(10.0, 60.0, "speech"))  # can't be
    spoilt = dataclasses.replace(evidence, regions=regions)
    heard.evidence_path(key).write_bytes(render_evidence(spoilt))
    (failed,) = make(heard, VOICES)
    assert isinstance(failed, Failed) and failed.key == key
    here = Maker(heard, [VOICES], Tries())
    here.keep_up()
    begun[0].said, begun[0].is_running = [failed], False
    here.keep_up()
    assert len(begun) == 1 and here.is_idle
    assert call("index", "--root", str(heard.root), check=False).returncode == 1  # by hand
