"""Several sites of one archive, as docs/en/scale.md has them: two of its folder, one of a copy."""

import contextlib
import json
import shlex
import subprocess
from functools import partial
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.desk.accounts import add
from radio.system.disk import write_whole
from tests.patience import until
from tests.processes import command, serving
from tests.samples import CITY, STREET, files_in, put_all
from tests.servers import get

PAGE = Path(__file__).parents[2] / "docs/en/scale.md"
WORD = "extraordinairement"
PAGES = f"/shows/emission/{STREET}", f"/media/emission/{STREET}.mp3"
ASKED = ("/", "/search?q=bonjour", "/shows/emission/", "/feed.xml", *PAGES)
CORRECTED = f"/shows/emission/{CITY}"
HAS = {"media", "transcripts", "index", "cache"}


def follow(first: Path, copy: Path) -> None:
    """Copy the archive again, by the line of the manual."""
    (line,) = (each for each in PAGE.read_text().splitlines() if each.startswith("rsync "))
    subprocess.run([*shlex.split(line)[:-2], f"{first}/", f"{copy}/"], check=True)


def truth(root: Path) -> dict[str, bytes]:
    """What a copy has of an archive."""
    parts = {each: files_in(root / each) for each in ("media", "transcripts")}
    return {f"{each}/{path}": text for each in parts for path, text in parts[each].items()}


@pytest.mark.long
def test_what_is_withdrawn_is_heard_on_no_other_site(archive: Archive, tmp_path: Path) -> None:
    put_all(archive, STREET, CITY, is_short=True)
    roots = archive.root, archive.root, tmp_path / "copy"
    follow(*roots[1:])
    with contextlib.ExitStack() as held:
        site = partial(serving, base_url="https://a.example")
        sites = [held.enter_context(site("serve", "--root", str(each))) for each in roots]

        def answers(path: str) -> list[tuple[int, bytes]]:
            return [get(each.port, path) for each in sites]

        def found(word: str) -> list[int]:
            given = [json.loads(text) for _status, text in answers(f"/api/v1/search?q={word}")]
            return [len(each["episodes"]) for each in given]

        until(lambda: found("bonjour") == [2, 2, 2])
        for path in ASKED:
            until(lambda path=path: len({*answers(path)}) == 1)  # type: ignore[misc]
        add(archive.root, "Zoé", "keeper")
        command(archive, "protect", "withdraw", f"emission/{STREET}", "--reason", "Demandé")
        text = archive.vtt_path(f"emission/{CITY}")
        write_whole(text, text.read_bytes().replace(b".\n", f" {WORD}.\n".encode(), 1))
        assert [status for status, _page in answers(PAGES[0])] == [410, 410, 200]
        assert found("bonjour") == [1, 1, 2]
        until(lambda: found(WORD) == [1, 1, 0])
        follow(*roots[1:])
        assert [[status for status, _page in answers(path)] for path in PAGES] == [[410] * 3] * 2
        assert found("bonjour") == [1, 1, 1]
        assert all(WORD.encode() in page for _status, page in answers(CORRECTED))
        until(lambda: found(WORD) == [1, 1, 1])
        assert [b"/propose/" in page for _status, page in answers(CORRECTED)] == [True, True, False]
    assert truth(roots[2]) == truth(roots[0])
    assert {each.name for each in roots[2].iterdir() if each.name[0] != "."} <= HAS
