"""A passage that was taken out is nowhere: not as words, not as sound, in nothing made of them."""

import datetime as dt
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from radio.actions import deletion, redacting
from radio.actions.deletion import forget_episode
from radio.actions.editing import add_to_glossary, edit, write
from radio.actions.pseudonymising import Replacement, replace_name
from radio.actions.redacting import Request, passage_of, redact, take_out, unseal
from radio.actions.renaming import rename_episode, rename_show
from radio.actions.timed_texts import Excision, text_without
from radio.archive import Archive, journal, paths, removal
from radio.archive.check import check
from radio.archive.episode import Episode, Show, Soundbite
from radio.archive.gone import hidden, read_gone
from radio.ingest.inbox import take_drops
from radio.ingest.recordings import Recordings
from radio.mirror.manifest import list_withdrawals
from radio.proposals import queue as proposals
from radio.proposals.elsewhere import carry_out, spread
from radio.proposals.queue import Mending, Mendings
from radio.search import Index, SearchOptions
from radio.sound.probing import Probe
from radio.sound.samples import RATE, Samples, decode
from radio.static_site.export import export
from radio.system import disk
from radio.system.checksums import hash_file
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError, DiscardedError, NotFoundError
from radio.text.transcript import Cue, Region, Transcript, read_evidence
from radio.transcribe.versions import set_aside
from radio.web.site import create_app
from tests.heard import evidence_for, segment, write_cues, write_evidence
from tests.killed import DISK
from tests.processes import command
from tests.samples import CITY, DEMO, STREET, delete_episode, files_in, holding, put, unpacked

WORD = "zinzolinesque"
KEY = f"emission/{STREET}"
START, END = 20.0, 23.0  # seconds
MENDING = Mending("1", KEY, 18.0, 24.0, f"Le {WORD}", "0", f"Le {WORD} !", "2026-11-26")
SILENCED = b"another sound"
MADE = ("booklets", "chapters", "hearings", "kits", "music-free", "names", "sense", "words")


SAID = tuple(
    segment(*((word, start + 0.7 * at) for at, word in enumerate(text.split())), seconds=0.7)
    for start, text in (
        (1.0, "La radio parle de la ville et de ses rues"),
        (18.0, f"Alors monsieur le {WORD} habite au coin de la rue"),
        (40.0, "Merci à tous et à la prochaine émission"),
    )
)
"""Sentences of which the second one holds the secret, between 20 and 23 seconds."""


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An episode with a secret, everywhere where an archive may hold one, and another beside it."""
    archive = Archive(tmp_path_factory.mktemp("secret"))
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    put(archive, CITY)
    bites = Soundbite(21.0, 1.5, f"Le {WORD} !"), Soundbite(40.0, 2.0, "Merci à tous")
    episode = put(archive, STREET, soundbites=bites)
    write_said(archive)
    vtt, evidence = (path(KEY).read_bytes() for path in (archive.vtt_path, archive.evidence_path))
    set_aside(archive, KEY, vtt + b"\n", evidence)
    folder = archive.vtt_path(KEY).parent
    (folder / f"{STREET}.source.txt").write_text(f"monsieur le {WORD}", encoding="utf-8")
    archive.translation_path(KEY).write_bytes(vtt)
    write(archive, [edit(archive, KEY, {"description": f"Avec le {WORD}."})])
    write(archive, [edit(archive, KEY, {"description": "Avec des riverains."})])
    with proposals.changing(archive.root) as states:
        states.append(Mendings((MENDING,), (replace(MENDING, id="2", accepted=f"Le {WORD}."),)))
    app = create_app(archive, Index(archive))
    Index(archive).refresh()
    for path in (f"/download/{KEY}.mp3", f"/download/{KEY}.epub", "/download/archive.zip"):
        answer = app.test_client().get(path)
        assert answer.status_code == 200 and answer.data
    sha256, sound = episode.audio.sha256, archive.audio_path(episode).read_bytes()
    for place in (paths.fingerprint(sha256), paths.quality(sha256), "cache/site/x.html"):
        write_whole(archive.root / place, f"{WORD} {sha256}".encode())
    for room in MADE:
        write_whole(archive.cache / room / f"{KEY}.0", f"{WORD} {sha256}".encode() + sound)
    write_whole(archive.cache / "copies" / f"{sha256}.mp3", sound)
    quoting = archive.cache / "dossiers" / "themes" / "rue.json"
    write_whole(quoting, f'{{"states": {{"{KEY}": "1"}}}}'.encode())
    write_whole(quoting.with_suffix(".epub"), WORD.encode())
    archive.write_waveform(episode, bytes([200]) * 240)
    return archive.root


@pytest.fixture
def filled(secret: Path, tmp_path: Path) -> Archive:
    return Archive(shutil.copytree(secret, tmp_path / "filled"))


def write_said(archive: Archive) -> None:
    cues = (Cue(each.start, each.end, each.text) for each in SAID)
    write_cues(archive, KEY, *cues, status="machine")
    write_evidence(archive, KEY, *SAID, regions=(Region(0.0, 62.0, "speech"),))


def samples(path: Path) -> Samples:
    return np.concatenate(list(decode(path)))


def likeness(one: Samples, other: Samples) -> float:
    """How alike the passage sounds in two recordings, at the best of some distances."""
    passage = one[int(START * RATE) : int(END * RATE)]
    around = other[int((START - 1) * RATE) : int((END + 1) * RATE)]
    product = np.fft.irfft(np.fft.rfft(around, 1 << 18) * np.fft.rfft(passage, 1 << 18).conj())
    loud = np.sqrt((passage**2).sum() * max(1e-9, (around**2).sum()))
    return float(np.abs(product).max() / loud)


def taken_out(archive: Archive, start: str, end: str, fate: str) -> Episode:
    command(archive, "redact", KEY, start, end, f"--{fate}", "--yes")
    return archive.episode(KEY)


def test_what_was_taken_out_is_nowhere(filled: Archive, tmp_path: Path) -> None:
    episode, original = filled.episode(KEY), filled.audio_path(filled.episode(KEY)).read_bytes()
    before, piece = samples(filled.audio_path(episode)), original[150_000:150_400]
    assert len(holding(filled.root, WORD)) > 10
    after = taken_out(filled, "0:20", "23", "seal")
    sealed = holding(filled.root, WORD, piece)
    assert {path.split("/")[0] for path in sealed} == {"sealed"}
    assert any(path.endswith(".mp3") for path in sealed)
    assert all((filled.root / path).stat().st_mode & 0o077 == 0 for path in ("sealed", *sealed))
    for path in filled.root.rglob(f"{STREET}*.mp3"):
        assert (likeness(before, samples(path)) > 0.5) == ("sealed" in path.parts)
    assert hash_file(filled.audio_path(after)) == after.audio.sha256 != episode.audio.sha256
    assert [(each.start, each.end) for each in after.redactions] == [(19.9, 23.1)]
    assert (after.guid, after.audio.file) == (episode.guid, episode.audio.file)
    assert [each.title for each in after.soundbites] == ["Merci à tous"]
    drawn, at = filled.waveform(after) or b"", 240 / episode.audio.duration
    assert set(drawn[int(at * START) + 1 : int(at * END) - 1]) == {0} != set(drawn)
    assert proposals.read(filled.root) == Mendings()
    assert not list(check(filled))
    _assert_heard_nowhere(filled, before, tmp_path)
    _assert_given_nowhere(filled, piece, tmp_path)
    taken_out(filled, "41", "42", "destroy")  # what was sealed has that passage too
    assert holding(filled.root, WORD, piece) == set()
    assert not (filled.root / "sealed").exists()


@pytest.mark.parametrize(
    "act", [("redact", KEY, "0:20", "23", "--destroy"), ("delete", KEY, "--forget")]
)
def test_what_a_show_keeps_of_it_goes_along(filled: Archive, act: tuple[str, ...]) -> None:
    """Corrections and names of the glossary, unless another text of the show says them."""
    kept = {"vile": "ville", "kni": "CNIL"}
    show = filled.show("emission")
    bare = replace(show, glossary=("La Rue", "Radio Dio"), corrections=kept)
    filled.write_show(bare)
    write_cues(filled, f"emission/{CITY}", Cue(1.0, 2.0, "La ville et la rue."))
    pairs = {"zinzoline esque": WORD}
    carry_out(filled, spread(filled, "emission", pairs), [f"ZSQ = le {WORD}"], "Noé")
    assert add_to_glossary(filled, "emission", [f"Monsieur le {WORD}"], "Noé")
    other = filled.evidence_path(f"emission/{CITY}")
    prompt = f"Il est question de ZSQ, de Radio Dio et de Monsieur le {WORD}."
    for key in (f"emission/{CITY}", KEY):
        write_evidence(filled, key, parameters={"prompt": prompt})
    filled.keep_shows()
    journal.note(filled.root, "mend", key="emission", facts={"line": f"emission: x -> {WORD}"})
    assert {"desk/journal.jsonl", "media/emission/show.json"} < holding(filled.root, WORD)
    command(filled, *act, "--yes")
    assert holding(filled.root, WORD) == set()
    assert filled.show("emission") == replace(bare, guid=filled.show("emission").guid)
    left = {"prompt": "Il est question de …, de Radio Dio et de …."}
    assert read_evidence(other.read_bytes(), other).parameters == left
    assert journal.entries(filled.root)


@pytest.mark.long
def test_a_sealed_original_is_given_back(filled: Archive) -> None:
    """The last one first; names that were replaced since stay so, and nothing says it lacks."""
    files, episode = files_in(filled.root), filled.episode(KEY)
    before = {path: files[path] for path in files if path.startswith(("media", "transcripts"))}
    del before["media/emission/show.json"]
    first = taken_out(filled, "0:20", "23", "seal")
    taken_out(filled, "0:40", "41", "seal")
    path = filled.vtt_path(KEY)
    struck = path.read_bytes()
    path.write_bytes(struck + b"\n00:50.000 --> 00:51.000\nEncore.\n")
    with pytest.raises(ArchiveError, match="changed since"):
        unseal(filled, KEY)
    path.write_bytes(struck)
    unseal(filled, KEY)
    assert filled.episode(KEY).redactions == first.redactions
    assert holding(filled.root / "transcripts", WORD) == set()
    done = command(filled, "unseal", KEY, "--yes", "--note", "par erreur")
    assert "is back" in done.stdout + done.stderr
    after = filled.episode(KEY)
    assert replace(after, audio=replace(after.audio, formerly=())) == episode
    assert first.audio.sha256 in after.audio.formerly
    now = files_in(filled.root)
    assert [path for path in before if now[path] != before[path]] == [f"media/{KEY}.json"]
    assert Index(filled).search(WORD, SearchOptions()).total == 1
    assert not any((filled.root / "sealed").rglob("*"))
    noted = [each.note for each in journal.entries(filled.root) if each.what == "unseal"]
    assert noted == ["par erreur", ""]
    assert not list(check(filled))
    with pytest.raises(NotFoundError, match="sealed"):
        unseal(filled, KEY)


@pytest.mark.long
def test_what_is_given_back_has_no_name_that_was_replaced(filled: Archive) -> None:
    taken_out(filled, "0:20", "23", "seal")
    path = filled.vtt_path(KEY)
    path.write_text(path.read_text(encoding="utf-8") + "\n00:50.000 --> 00:51.000\nZoé Roux.\n")
    replace_name(filled, [KEY], Replacement("Zoé Roux", "Camille"))
    replace_name(filled, [KEY], Replacement(WORD, "vert"))  # it stands nowhere now
    replace_name(filled, ["emission"], Replacement("riverains", "voisins", (WORD,)))
    unseal(filled, KEY, is_sure=True)
    assert holding(filled.root / "transcripts", WORD) == set()
    assert b"voisins" in path.read_bytes()


def test_a_name_that_was_said_just_before_is_taken_out_all_the_same() -> None:
    """A person wrote it where the machine misheard it: it is no proof that it was heard before."""
    heard = ("Jean", "Dupont", "parle", "gendre", "pont", "ici")
    said = segment(*((word, 8.0 + at / 2) for at, word in enumerate(heard)), seconds=0.5)
    cues = (Cue(8.0, 9.5, "Jean Dupont parle"), Cue(9.5, 11.0, "Jean Dupont ici"))
    left = text_without(Transcript(cues, {}), Excision(9.8, 11.2, "…"), evidence_for("", said))
    assert [cue.text for cue in left.cues] == ["Jean Dupont parle", "…"]


def _assert_heard_nowhere(archive: Archive, before: Samples, tmp_path: Path) -> None:
    client = create_app(archive, Index(archive)).test_client()
    of_words, given = before[int(START * RATE) : int(END * RATE)], tmp_path / "given.mp3"
    for address in (f"/media/{KEY}.mp3", f"/media/{KEY}.mp3?download=1", f"/download/{KEY}.mp3"):
        given.write_bytes(client.get(address).data)
        assert likeness(before, samples(given)) < 0.5, address
    given.write_bytes(client.get(f"/clips/{KEY}.mp3?t=20,23").data)
    assert np.abs(samples(given)).max() < 0.05 < np.abs(of_words).max()
    book = unpacked(client.get(f"/download/{KEY}.epub").data)
    assert not any(WORD.encode() in each for each in book.values())
    (sound,) = (name for name in book if name.endswith(".mp3"))
    assert book[sound] == archive.audio_path(archive.episode(KEY)).read_bytes()


def _assert_given_nowhere(archive: Archive, piece: bytes, tmp_path: Path) -> None:
    index = Index(archive)
    client = create_app(archive, index).test_client()
    assert index.search(WORD, SearchOptions()).total == 0
    assert index.search("riverains", SearchOptions()).total == 1
    for path in (f"/shows/{KEY}", f"/transcripts/{KEY}.json", "/shows/emission/feed.xml"):
        assert WORD not in client.get(path).text
    page = client.get(f"/shows/{KEY}").text
    for said in ("Un passage a été retiré", "[passage retiré]", "Alors monsieur", ">la rue"):
        assert said in page
    files = unpacked(client.get("/download/archive.zip").data)
    assert not any(WORD.encode() in each or piece in each for each in files.values())
    own = {archive.audio_path(each).read_bytes() for each in archive.episodes()}
    assert {files[name] for name in files if name.endswith(".mp3")} == own
    export(archive, tmp_path / "site")
    assert holding(tmp_path / "site", WORD, piece) == set()
    assert {path.read_bytes() for path in (tmp_path / "site").rglob("*.mp3")} == own


def test_what_was_forgotten_left_no_trace(filled: Archive, tmp_path: Path) -> None:
    """Neither words nor sound, nor its name: nothing but hashes says that it was there."""
    episode, other = filled.episode(KEY), filled.episode(f"emission/{CITY}")
    piece = filled.audio_path(episode).read_bytes()[150_000:150_400]
    renamed = rename_episode(filled, KEY, "autre-nom")
    Index(filled).refresh()
    command(filled, "delete", renamed.key, "--forget", "--yes")
    signs = (WORD, STREET, renamed.slug, episode.guid)
    assert holding(filled.root, piece, *signs) == set()
    assert holding(filled.root, episode.audio.sha256) == {"gone.json"}
    client = create_app(filled, Index(filled)).test_client()
    for address in (f"/shows/{KEY}", f"/media/{KEY}.mp3", f"/clips/{KEY}.mp3?t=20,23"):
        assert client.get(address).status_code == 404
    gone = sorted(hidden(each) for each in (KEY, renamed.key))
    assert [each.withdrawn for each in list_withdrawals(filled)] == gone
    assert [each.key for each in filled.episodes()] == [other.key]
    assert not list(check(filled))
    export(filled, tmp_path / "site")
    assert holding(tmp_path / "site", piece, *signs) == set()
    delete_episode(filled, other.key, "Doublon")
    forget_episode(filled, other.key)
    Index(filled).refresh(accept=True)
    assert holding(filled.root, CITY, "Doublon") == set()


def test_a_copy_that_the_inbox_refused_goes_along(archive: Archive) -> None:
    """With its text and its note, which names the episode; what else was refused stays."""
    put(archive, STREET)
    inbox = archive.root / "inbox"
    inbox.mkdir()
    shutil.copy(DEMO / f"{STREET}.mp3", inbox / "copie.mp3")
    (inbox / "copie.txt").write_text("La rue.", encoding="utf-8")
    (inbox / f"{STREET}.mp3").write_bytes(b"no sound" * 99)
    take_drops(archive, 0.0, print)
    refused, other = inbox / "refused", {f"{STREET}.mp3", f"{STREET}.mp3.txt"}
    copy = {"copie.mp3", "copie.mp3.txt", "copie.txt"}
    assert {path.name for path in refused.iterdir()} == copy | other
    forget_episode(archive, KEY)
    assert {path.name for path in refused.iterdir()} == other


def test_days_are_of_the_radios_clock(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """As that of a withdrawal: what is done after midnight is not dated from the day before."""
    episode, now = put(archive, STREET), dt.datetime.now(dt.UTC)
    try:
        monkeypatch.setenv("TZ", "Etc/GMT-14" if now.hour >= 10 else "Etc/GMT+12")
        time.tzset()
        today = dt.datetime.now().date().isoformat()
        assert today != now.date().isoformat()
        assert passage_of(episode, Request(START, END, "seal")).date == today
        delete_episode(archive, KEY)
        assert read_gone(archive.root).episodes[KEY].date == today
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_text_that_can_not_be_read_is_not_lost(archive: Archive) -> None:
    put(archive, STREET)
    path, text = archive.vtt_path(KEY), "WEBVTT\n\n00:05.000 --> 00:02.000\nRelu par Zoé.\n"
    path.write_text(text, encoding="utf-8")
    refused = command(archive, "redact", KEY, "20", "23", "--destroy", "--yes", check=False)
    assert refused.returncode == 1
    assert path.read_text(encoding="utf-8") == text


def test_who_took_a_former_name_stays(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is the recording that was forgotten taken again, whatever else a keeper takes anew."""
    put(archive, STREET)
    rename_show(archive, "emission", "nouvelle")
    put(archive, STREET)
    told, key = dict[str, bool](), f"nouvelle/{STREET}"
    path = archive.sidecar_path(key)

    def forget_waiting(_archive: Archive, keys: frozenset[str]) -> None:
        told.update({each: path.exists() for each in keys})

    monkeypatch.setattr(deletion, "forget_waiting", forget_waiting)
    forget_episode(archive, key)
    assert told == {key: True}  # what waits goes while the keys are known
    assert [each.key for each in archive.episodes()] == [KEY]
    assert archive.vtt_path(KEY).exists()
    (sha256,) = read_gone(archive.root).recordings
    with pytest.raises(DiscardedError):
        Recordings(archive, anew=True).refuse_discarded(archive.vtt_path(KEY), sha256)
    episode, former = archive.episode(KEY), "00" * 32
    archive.write_episode(replace(episode, audio=replace(episode.audio, formerly=(former,))))
    delete_episode(archive, KEY)
    for sha256 in (former, episode.audio.sha256):
        with pytest.raises(DiscardedError):
            Recordings(archive).refuse_discarded(archive.root / "gone.json", sha256)


def test_a_sound_is_safe_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made").write_bytes(b"sound")
    number, flushed = (tmp_path / "made").stat().st_ino, list[tuple[int, bool]]()

    def note(descriptor: int) -> None:
        flushed.append((os.fstat(descriptor).st_ino, removal.is_cut_short(tmp_path)))

    monkeypatch.setattr(os, "fsync", note)
    removal.perform(tmp_path, removal.Removal(made={"made": "kept"}))
    assert (number, False) in flushed
    assert (tmp_path / "kept").read_bytes() == b"sound"


def test_a_redaction_that_was_cut_short_is_finished_by_the_next_writer(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """At each step that the disk is asked for; before its record nothing is begun."""
    sound = archive.audio_path(put(archive, STREET)).read_bytes()
    write_said(archive)
    quoting = archive.cache / "dossiers" / "themes" / "rue.json"
    write_whole(quoting, f'{{"states": {{"{KEY}": "1"}}}}'.encode())
    for name in ("rue.epub", ".rue.pdf.7.part"):  # nobody goes on with the second one
        write_whole(quoting.with_name(name), WORD.encode())
    recorded = list[removal.Removal]()
    with monkeypatch.context() as patched:
        silenced(patched)
        patched.setattr(removal, "perform", lambda _root, what: recorded.append(what))
        patched.setattr(disk, "discard", lambda _: None)
        redact(archive, KEY, Request(START, END, "seal"))
    for step in range(99):
        here = Archive(shutil.copytree(archive.root, tmp_path / str(step)))
        with DISK.killing(here.root, step):
            removal.perform(here.root, recorded[0])
        if removal.is_cut_short(here.root) or DISK.is_through:
            with here.lock():
                pass
        elif here.audio_path(here.episode(KEY)).read_bytes() == sound:
            continue  # nothing is begun
        assert not removal.is_cut_short(here.root)
        assert here.audio_path(here.episode(KEY)).read_bytes() == SILENCED
        assert {path.split("/")[0] for path in holding(here.root, WORD)} == {"sealed"}
        assert sound in [path.read_bytes() for path in (here.root / "sealed").rglob("*.mp3")]
        if DISK.is_through:
            break
    assert step > 8


def silenced(patched: pytest.MonkeyPatch) -> None:
    def recode(_how: object, _path: Path, part: Path, *_: object, **_more: object) -> None:
        part.write_bytes(SILENCED)

    patched.setattr(redacting, "recode", recode)
    patched.setattr(redacting, "probe", lambda _: Probe((), 62.8, bytes(240), (), 0, "aa"))


def test_a_stopped_redaction_is_finished(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails before anything is begun takes no proposal away either."""
    put(archive, STREET)
    write_said(archive)
    with proposals.changing(archive.root) as states:
        states.append(Mendings((MENDING,)))
    episode, asked = archive.episode(KEY), Request(START, END, "seal")

    def refuse(*_: object, **_more: object) -> None:
        raise ArchiveError("full")

    for module, name in ((redacting, "recode"), (removal, "_seal")):
        with monkeypatch.context() as patched, pytest.raises(ArchiveError, match="full"):
            silenced(patched)
            patched.setattr(module, name, refuse)
            take_out(archive, Index(archive), episode, asked, lambda _: None)
        assert bool(proposals.read(archive.root).waiting) == (name == "recode")
    after = Archive(archive.root).finished().episode(KEY)
    assert after.audio.sha256 == hash_file(archive.audio_path(after))
    assert archive.audio_path(after).read_bytes() == SILENCED
