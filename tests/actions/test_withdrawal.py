"""What is withdrawn is gone at once: from downloads, suggestions, and all that was made of it."""

import contextlib
import json
import os
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from radio.archive import Archive, holdings
from radio.archive.episode import Episode, Person
from radio.archive.holdings import PAGES_NOTE
from radio.derived.cache import forget
from radio.derived.soundness import quality_path
from radio.search import Index, SearchOptions
from radio.static_site.export import freeze
from radio.text.transcript import Cue
from tests.heard import write_cues
from tests.patience import until
from tests.processes import running
from tests.samples import CITY, MEMORY, STREET, put_all, unpacked
from tests.web.sites import visit

WHOLE = "/download/archive.zip"
TITLE, TAG, PERSON, WORD = "Zibeline rousse", "zététique libre", "Zoé Zimmer", "zinzoline"


@pytest.fixture
def three(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY, MEMORY, is_short=True)
    for episode in archive.episodes():
        archive.write_episode(replace(episode, tags=("ville",)))
    episode = archive.episode(f"emission/{CITY}")
    named = replace(episode, title=TITLE, tags=("ville", TAG), people=(Person(PERSON),))
    archive.write_episode(named)
    write_cues(archive, named.key, Cue(0.0, 2.0, f"Une {WORD} passe."), status="machine")
    return archive


def withdraw(archive: Archive) -> Episode:
    episode = archive.episode(f"emission/{CITY}")
    archive.write_episode(replace(episode, status="withdrawn", reason="À sa demande"))
    return episode


def naming(files: Mapping[str, bytes]) -> list[str]:
    """The files by which the episode can be found again."""
    signs = [sign.encode() for sign in (CITY, TITLE, TAG, PERSON, WORD)]
    return [name for name in files if any(sign in name.encode() + files[name] for sign in signs)]


def derived(archive: Archive) -> dict[str, bytes]:
    """All that was made of what is said and told; of a file that goes meanwhile, its name alone."""
    found = dict[str, bytes]()
    for top in ("bags", "chapters", "downloads", "sense", "site", "words"):
        for folder, folders, files in os.walk(archive.cache / top):
            for path in (Path(folder, name) for name in folders + files):
                name = str(path.relative_to(archive.cache))
                found[name] = b""
                with contextlib.suppress(OSError):
                    found[name] = path.read_bytes()
    return found


def get(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:
        return bytes(answer.read())


def test_the_download_of_all_gives_no_page_of_what_was_withdrawn(three: Archive) -> None:
    client = visit(three)
    freeze(three, three.site)
    assert len(naming(unpacked(client.get(WHOLE).data))) > 5
    episode = withdraw(three)
    files = unpacked(client.get(WHOLE).data)
    assert naming(files) == []
    assert not any(name.endswith(".html") for name in files)
    with pytest.raises(KeyboardInterrupt):
        freeze(three, three.site, interrupt)
    three.write_episode(episode)  # as it was when the pages were made, but for its time
    assert not any(name.endswith(".html") for name in unpacked(client.get(WHOLE).data))
    withdraw(three)
    freeze(three, three.site)
    files = unpacked(client.get(WHOLE).data)
    assert any(name.endswith(f"{MEMORY}.html") for name in files)
    assert naming(files) == []


def interrupt(done: float, after: float = 0.5) -> None:
    if done > after:
        raise KeyboardInterrupt


@pytest.mark.parametrize("whole", [False, True])
def test_no_list_of_half_made_pages_keeps_what_was_withdrawn(three: Archive, whole: bool) -> None:
    with contextlib.nullcontext() if whole else pytest.raises(KeyboardInterrupt):
        freeze(three, three.site, lambda done: interrupt(0 if whole else done, after=0.26))
    assert (three.site / "index.html").exists()
    assert (three.site / f"shows/emission/{CITY}.html").exists() == whole
    withdraw(three)
    assert forget(three, holdings.stamps(three).keys())
    assert naming(derived(three)) == []
    freeze(three, three.site)
    assert MEMORY in (three.site / "index.html").read_text(encoding="utf-8")


def test_nothing_withdrawn_is_suggested(three: Archive) -> None:
    index = Index(three)
    index.refresh()
    names = {TITLE[:4]: TITLE, TAG[:4]: TAG, "zoé": PERSON}
    for typed, name in names.items():
        assert index.suggestions(typed)[0] == name
    assert index.suggestions(WORD[:5]) == [WORD]
    withdraw(three)
    for typed, name in names.items():
        assert name not in index.suggestions(typed)
    assert "ville" in index.suggestions("vil")
    index.refresh()
    for typed in (*names, WORD[:5]):
        assert index.suggestions(typed) == []
    assert index.search("zinzolin", SearchOptions()).interpretation.instead == ""


def test_what_was_measured_goes_with_its_recording_and_not_with_its_disk(three: Archive) -> None:
    heard = {each.key: quality_path(three, each) for each in three.episodes()}
    for path in heard.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}")
    stray = heard[f"emission/{STREET}"]
    three.sidecar_path(f"emission/{STREET}").unlink()
    withdraw(three)
    forget(three, set(heard))  # as where its disk is not there
    assert stray.exists()
    forget(three, {f"emission/{MEMORY}"})
    assert not stray.exists() and all(path.exists() for path in {*heard.values()} - {stray})


@pytest.mark.long
def test_a_site_at_work_deletes_what_was_made_of_it(three: Archive) -> None:
    with running("serve", "--root", str(three.root)) as address:
        until((three.site / PAGES_NOTE).exists)
        get(f"{address}/download/emission/{CITY}.mp3")
        get(f"{address}{WHOLE}")
        before = naming(derived(three))
        assert {name.split("/")[0] for name in before} >= {"bags", "downloads", "site", "words"}
        withdraw(three)
        until(lambda: naming(derived(three)) == [])
        until(lambda: json.loads(get(f"{address}/api/v1/search?q={WORD}"))["total"] == 0)
        assert naming(unpacked(get(f"{address}{WHOLE}"))) == []
