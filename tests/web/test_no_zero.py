"""Where there is none of something, pages say so in words: « aucun épisode », never a zero."""

import re

from radio.archive import Archive
from radio.archive.follows import Follow, Follows, write_follows
from tests.samples import STREET, put
from tests.visits import text
from tests.web.desks import signed_in

ZERO = re.compile(r"(?<![\d.,:/\u00a0\u202f-])0[ \u00a0\u202f][^\W\d]\w+")
PAGES = {
    "/catalogue": "Aucun épisode",
    "/fixity": "aucun enregistrement",
    "/desk/episodes?q=zgrumpf": "Aucun épisode.",
    "/desk/asked?person=": "Personne de ce nom",
    "/desk/journal?episode=zgrumpf": "Aucune entrée.",
    "/desk/proposals?mended=0": "Aucun endroit n’a été corrigé.",
    "/desk/status": "pas encore consultée",
}


def test_none_is_said_in_words(archive: Archive) -> None:
    write_follows(archive.root, Follows((Follow("https://radio.example/feed", "emission"),)))
    client = signed_in(archive)
    for path, told in PAGES.items():
        words = text(client.get(path, headers={"Accept-Language": "fr"}))
        assert told in words, path
        assert ZERO.findall(words) == [], path
    put(archive, STREET)
    words = text(client.get(f"/desk/reread/emission/{STREET}/1"))
    assert ("aucun doute" in words, ZERO.findall(words)) == (True, [])
