"""What is missing is made in its turn: the most urgent first, no longer than it may take."""

import pytest

from radio.archive import Archive
from radio.derived.recipe import Failed, Made, Making, Means, Message, Reached, Remaining, SaidLine
from radio.system.errors import AudioError, BusyError
from radio.text.transcript import Region
from radio.transcribe.models import weights
from radio.transcribe.recipes import VOICES
from radio.work.maker import Maker, pause_after
from radio.work.queue import Queue
from radio.work.recipes import BOOKS
from radio.work.tries import Tries
from tests.fakes import Sure, heard_street
from tests.heard import alter
from tests.processes import command
from tests.recipes import make
from tests.samples import CITY, STREET, put
from tests.tables import for_each
from tests.work.runs import ScriptedChild, recipe


def test_what_is_urgent_displaces_what_runs(archive: Archive, begun: list[ScriptedChild]) -> None:
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
    begun[1].ends(Made("emission/b"))
    here.keep_up()
    assert begun[2].keys == ("emission/a",)


def test_a_first_pass_gives_way_to_news_alone_and_looks_for_them_now_and_then(
    archive: Archive, begun: list[ScriptedChild], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its own words, of which chapters and pages are made, would end it at every chunk; and
    a look at every word would slow the site: with a thousand episodes by a tenth."""
    news, chapters = list[str](), list[str]()
    passes = recipe("transcribe", news, is_steady=True), recipe("chapters", chapters)
    slow = recipe("transcribe", ["emission/a"], is_steady=True)
    here = Maker(archive, [*passes, slow], Tries())
    here.keep_up()
    chapters.append("emission/b")
    begun[0].said = [Reached("emission/a", 0.5)]
    here.keep_up()
    assert begun[0].is_running
    for number, new in enumerate(("emission/c", "emission/d")):  # news give way to later ones
        news[:] = [new]
        begun[number].said = [Reached("emission/a", 0.6)]
        here.keep_up()
        if not number:
            assert begun[0].is_running, "it has just looked"
            monkeypatch.setattr("radio.work.maker.time.monotonic", lambda: 2000.0)
            begun[0].said = [Reached("emission/a", 0.7)]
            here.keep_up()
        assert begun[number + 1].keys == (new,)


def test_what_failed_waits_and_what_is_missing_all_the_same_is_not_tried_in_a_circle(
    archive: Archive, begun: list[ScriptedChild]
) -> None:
    tries, missing = Tries(), ["emission/a", "emission/b"]
    here = Maker(archive, [recipe("chapters", missing)], tries)
    here.keep_up()
    begun[0].ends(Failed("emission/a", "no text"), Made("emission/b"))
    here.keep_up()
    assert here.is_idle
    (trouble,) = tries.troubles()
    assert (trouble.kind, trouble.key, trouble.message) == ("chapters", "emission/a", "no text")
    missing.append("emission/c")
    here.keep_up("another state")
    assert begun[1].keys == ("emission/c",)


@for_each(
    ("failed", "troubles"), [(Failed("", "no engine"), 1), (Failed("", "busy", is_busy=True), 0)]
)
def test_an_engine_that_can_not_be_had_keeps_all_of_its_kind_waiting_and_nothing_else(
    archive: Archive, begun: list[ScriptedChild], failed: Failed, troubles: int
) -> None:
    """Where another process is at it, nothing has failed."""
    begun.clear()
    tries = Tries()
    recipes = [recipe("transcribe", ["emission/a"]), recipe("chapters", ["emission/a"])]
    here = Maker(archive, recipes, tries)
    here.keep_up()
    begun[0].ends(failed)
    here.keep_up()
    assert [each.recipe.kind for each in begun] == ["transcribe", "chapters"]
    assert len(tries.troubles()) == troubles


@for_each(
    ("means", "more", "runs"),  # of what is made of all, once for each state
    [
        (Means(), {"share": 0.1}, 1),
        (Means(is_hurried=True), {"share": 0.1}, 2),
        (Means(), {}, 2),
    ],
)
def test_who_waits_for_the_end_waits_for_no_pause(
    archive: Archive, begun: list[ScriptedChild], means: Means, more: dict[str, float], runs: int
) -> None:
    """`radio work --once` slept nine times as long as it had worked."""
    begun.clear()
    dear = recipe("pages", [""], of_all=True, **more)
    here = Maker(archive, [dear], Tries(), lambda _: means)
    here.keep_up(stamps=1)
    begun[0].ends(Made(""))
    for stamps in (1, 1, 2):
        here.keep_up(object(), stamps=stamps)
    assert len(begun) == runs


def test_pages_are_made_anew_where_themes_alone_changed(
    archive: Archive, begun: list[ScriptedChild]
) -> None:
    pages = recipe("pages", [""], of_all=True)
    here = Maker(archive, [pages], Tries(), lambda _: Means(is_hurried=True))
    here.keep_up(stamps=1)
    (archive.root / "themes.json").write_text("{}")
    begun[0].ends(Made(""))
    for state in (1, 2):
        here.keep_up(state, stamps=1)
    assert len(begun) == 2


def test_one_that_fails_costs_its_own_line_and_what_is_begun_is_not_called_made() -> None:
    faults = {"b": AudioError("no sound"), "c": BusyError("busy")}
    told = list[Message]()

    def make_one(key: str) -> None:
        if key in faults:
            raise faults[key]

    Making(told.append).each("abcd", make_one)
    ended = [each for each in told if not isinstance(each, Reached)]
    failed = [Failed("b", "no sound"), Failed("c", "busy", is_busy=True)]
    assert ended == [Made("a"), *failed, Made("d")]
    told.clear()
    making = Making(told.append, seconds=-1.0)
    assert not making.each("ab", lambda _: False)
    making.say("done")
    assert told == [Reached("a"), SaidLine("done")]  # one thing is made, in however little time


def test_books_that_are_left_are_told(archive: Archive) -> None:
    assert pause_after(60.0, BOOKS.share) == pytest.approx(300.0)  # ten minutes of each hour
    put(archive, STREET)
    put(archive, CITY)
    (left,) = make(archive, BOOKS, -1.0)
    assert isinstance(left, Remaining) and left.number >= 2  # a book of each episode
    assert "books" in {each.kind for each in Queue(archive).left(None, {}, left.number)}
    assert command(archive, "index", "--booklets").returncode == 0
    assert make(archive, BOOKS, -1.0) == []


def test_voices_that_can_not_be_told_do_not_take_the_machine_every_time(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, begun: list[ScriptedChild]
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(archive.root))
    weights.place(weights.VOICES, "campplus").touch()
    heard = Archive(heard_street(archive.root / "heard", Sure()))
    key = heard.episodes()[0].key
    regions = (Region(0.0, 50.0, "speech"), Region(10.0, 60.0, "speech"))  # can't be
    alter(heard, key, regions=regions)
    (failed,) = make(heard, VOICES)
    assert isinstance(failed, Failed) and failed.key == key
    here = Maker(heard, [VOICES], Tries())
    here.keep_up()
    begun[0].ends(failed)
    here.keep_up()
    assert len(begun) == 1 and here.is_idle
    assert command(heard, "index", check=False).returncode == 1  # by hand
