"""What is kept to be told later is told in the language of whoever reads it then."""

import errno
import html
import json
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path

import pytest

from radio.actions.admission import Entrant, admit
from radio.archive import Archive, journal
from radio.archive.follows import Follow, Follows, write_follows
from radio.ingest import inbox, uploads
from radio.ingest.description import NOTHING
from radio.ingest.looks import look_at_all, read_looks
from radio.ingest.plan import Order
from radio.ingest.uploads import SentFile
from radio.search import Index
from radio.sound.probing import probe
from radio.system.disk import explained
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _, as_data, from_data, ngettext, speaking
from radio.work.chore import Chore, Chores
from radio.work.status import Trouble, WorkStatus, read_status, write_status
from tests.patience import until
from tests.samples import STREET, put
from tests.tables import for_each
from tests.visits import text
from tests.web.desks import signed_in

ADDRESS = "https://radio.example/feed.xml"
WORDS = {"en": "no such show", "fr": "pas d’émission"}
Store = Callable[[Archive], Callable[[], str]]


def refused(archive: Archive) -> RadioError:
    with pytest.raises(RadioError) as refusal:
        archive.show("nulle")
    return refusal.value


def work(archive: Archive) -> Callable[[], str]:
    """A child failed, and what it said went through its pipe into the status of the work."""
    hearing, saying = Pipe(duplex=False)
    saying.send(str(refused(archive)))
    message = hearing.recv()
    write_status(archive, WorkStatus(troubles=(Trouble("pages", "", message, "", 1, 0.0),)))
    return lambda: read_status(archive).troubles[0].message


def followed(archive: Archive) -> Callable[[], str]:
    follow = Follow(ADDRESS, "nulle")
    write_follows(archive.root, Follows((follow,)))
    look_at_all(archive, [follow], lambda _: None)
    return lambda: read_looks(archive)[ADDRESS].trouble


def sent(archive: Archive) -> Callable[[], str]:
    upload = uploads.store(archive, "a.mp3", "emission", "Noé", [b"no sound"])
    assert isinstance(upload, SentFile) and upload.row
    order = Order(upload.row.file, "nulle", NOTHING)
    admit(archive, Index(archive), [Entrant(upload, order)], "Noé", lambda _: None)
    return lambda: uploads.find(archive, upload.id).fault


def dropped(archive: Archive) -> Callable[[], str]:
    inbox.take_drops(archive, 0.0, lambda _: None)
    return lambda: inbox.LOG.recall(archive.root).failed["a.mp3"]


def noted(archive: Archive) -> Callable[[], str]:
    told = str(refused(archive))
    entry = {"when": "2026-01-01", "who": "", "what": "account", "key": "", "note": ""}
    line = json.dumps(entry | {"told": told, "said": as_data(told)})
    journal.write_private(journal.desk(archive.root) / journal.FILE, line.encode() + b"\n")
    return lambda: journal.entries(archive.root)[0].line


def begun(archive: Archive) -> Callable[[], str]:
    chores = Chores()
    assert chores.begin("x", lambda _: archive.show("nulle"))
    until(lambda: not chores.running())
    return lambda: str((chores.latest() or Chore("none")).fault)


@pytest.fixture
def waiting(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    put(archive, STREET)
    (archive.root / "inbox").mkdir()
    (archive.root / "inbox" / "a.mp3").write_bytes(b"no sound")
    monkeypatch.setattr(inbox, "_show", lambda *_: archive.show("nulle"))
    return archive


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("store", [work, followed, sent, dropped, noted, begun])
def test_what_is_kept_speaks_to_its_reader(waiting: Archive, store: Store, language: str) -> None:
    with speaking(language):
        read = store(waiting)
    for spoken, words in WORDS.items():
        with speaking(spoken):
            assert words in read()


def test_a_page_of_the_desk_tells_what_failed_in_its_own_language(archive: Archive) -> None:
    client = signed_in(archive)
    for language in ("en", "fr"):
        with speaking(language):
            work(archive)
            followed(archive)
        for spoken, words in WORDS.items():
            page = text(client.get("/desk/status", headers={"Accept-Language": spoken}))
            assert page.count(words) == 4, "what waits and the machine name what failed, too"


def test_what_the_disk_refused_is_told_in_the_language_of_who_reads_it(archive: Archive) -> None:
    with speaking("en"):
        with pytest.raises(ArchiveError) as refusal, explained(archive.root, "vérifiez le disque"):
            raise OSError(errno.ENOSPC, "No space left on device")
        failed = Trouble("pages", "", str(refusal.value), "", 1, 0.0)
        write_status(archive, WorkStatus(troubles=(failed,)))
    with speaking("fr"):
        told = read_status(archive).troubles[0].message
    assert "Plus de place" in told and "vérifiez le disque" in told
    for language, words in ("fr", "à sa place"), ("en", "in its place"):
        refused = pytest.raises(ArchiveError, match=words)
        with speaking(language), refused, explained(archive.root, ""):
            raise OSError(errno.ELOOP, "")  # its remedy is named by a module


def test_a_reader_of_foreign_bytes_answers_in_the_language_of_who_asks(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"no sound")
    told = []
    for language in ("fr", "en"):
        with speaking(language):
            with pytest.raises(RadioError) as refusal:
                probe(tmp_path / "a.mp3")
            told.append(str(refusal.value))
    assert told[0] != told[1]


@for_each("odd", [{"number": "2"}, {"number": float("inf")}, {"several": ["x"]}, {"values": ["x"]}])
def test_a_message_whose_file_was_spoilt_is_told_as_it_is_written(odd: dict[str, object]) -> None:
    kept = as_data(ngettext("{n} constat", "{n} constats", 2, n=2))
    assert isinstance(kept, dict)
    with speaking("fr"):
        assert from_data({"fault": dict(kept)}) == {"fault": "2 constats"}
        told = from_data({"fault": kept | odd})["fault"]
    assert type(told) is str and told == kept["said"]


def test_foreign_words_stay_as_they_were_written_and_bring_no_markup_along() -> None:
    with speaking("en"):
        counted = ngettext("essai", "essais", 2)
    told = _("{path!r:.200} : pas un fichier d’archive ; laissé de côté").format(path=["<b>"])
    assert "['<b>']" in told
    foreign = {"said": "x", "message": "{a:>99999999999}", "values": {"a": ""}}
    with speaking("fr"):
        assert from_data([as_data(counted)]) == ["essais"]  # which no catalogue has
        assert from_data({"why": foreign}) == {"why": "x"}
        assert from_data({"title": "{key}: incomplete"}) == {"title": "{key}: incomplete"}
        assert "<" not in str(html.escape(told))
        assert str(told.replace("<b>", "x")).startswith("['x']")
