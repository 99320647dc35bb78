"""An episode gets another show at the desk, by a name that is completed."""

from radio.archive import Archive, journal
from radio.archive.episode import Show
from tests.processes import call
from tests.samples import STREET, put
from tests.visits import text
from tests.web.desks import OWN, signed_in

KEY = f"emission/{STREET}"
HERE = f"/desk/fields/{KEY}"


def test_an_episode_is_moved_to_a_show_by_its_name(archive: Archive) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    assert "Mettre dans cette émission" not in text(client.get(HERE))  # there is no other
    archive.write_show(Show("nuit", "La nuit"))
    assert '<option value="La nuit">' in client.get(HERE).text
    for name, code in (("Le jour", 422), ("Émission", 409)):
        refused = client.post(f"/desk/move/{KEY}", data={"show": name}, headers=OWN)
        assert refused.status_code == code
        assert "Rien n’a été changé" in text(refused)
    moved = client.post(f"/desk/move/{KEY}", data={"show": "la nuit"}, headers=OWN)
    assert moved.location == f"/desk/fields/nuit/{STREET}?moved=1"
    words = text(client.get(moved.location))
    assert "Il est dans cette émission" in words
    assert "Seule la commande radio undo le défait" in words
    entry = journal.entries(archive.root)[0]
    assert (entry.who, entry.what, entry.key, entry.line) == (
        "Noé",
        "move",
        f"nuit/{STREET}",
        KEY,
    )
    call("undo", "--root", str(archive.root))
    assert [each.key for each in archive.episodes()] == [KEY]
