"""Consents are kept for keepers alone, and follow their episode."""

import datetime as dt
import json
from dataclasses import replace

from radio.actions.pseudonymising import Replacement, replace_name
from radio.actions.renaming import rename_episode, rename_show
from radio.actions.undoing import undo
from radio.archive import Archive, journal
from radio.archive.consents import Consent, consents_of, keys_with_consents, note_consent
from radio.archive.keys import names_of
from radio.archive.pseudonyms import pseudonyms_for
from tests.processes import command
from tests.samples import CITY, MEMORY, STREET, holding, put, put_all

KEY = f"emission/{STREET}"


def agreed(archive: Archive, key: str) -> list[Consent]:
    return consents_of(archive.root, names_of(archive, archive.episode(key)))


def test_who_agreed_is_noted_and_listed(archive: Archive) -> None:
    put(archive, STREET)
    for more in (("Zoé",), ("--given", "2026-01-01"), ("…", "--given", "2026-01-01")):
        refused = command(archive, "protect", "consent", KEY, *more, check=False)
        assert refused.returncode in (1, 2)  # it says too little
    assert command(archive, "protect", "consent", KEY).stdout == ""
    for words in (
        ("Zoé Durand", "--given", "3 mars 2026", "--terms", "L’antenne."),
        ("Ali", "--given", "04/03/2026", "--note", "par téléphone"),
        ("zoe durand", "--withdrawn", "1er juin 2026"),
    ):
        command(archive, "protect", "consent", KEY, *words)
    rows = command(archive, "protect", "consent", KEY).stdout.splitlines()
    assert rows[0] == "Ali  agreed on 2026-03-04"
    assert rows[1] == "zoe durand  agreed on 2026-03-03  withdrew it on 2026-06-01  L’antenne."
    path = archive.root / "desk" / "consents" / f"{KEY}.json"
    assert path.stat().st_mode & 0o777 == 0o600
    noted = [each for each in journal.entries(archive.root) if each.what == "consent"]
    assert [each.note for each in noted] == ["", "par téléphone", ""]
    where = {path.relative_to(archive.root).as_posix()}
    assert holding(archive.root, "Durand", "durand") == where  # and nowhere else
    rename_episode(archive, KEY, "autre")
    rename_show(archive, "emission", "nouvelle")
    (moved,) = archive.episodes()
    assert agreed(archive, moved.key)[0] == Consent("Ali", dt.date(2026, 3, 4))
    listed = json.loads(command(archive, "protect", "consent", moved.key, "--json").stdout)
    assert [each["person"] for each in listed] == ["Ali", "zoe durand"]


def test_whoever_gets_a_former_address_gets_nothing_of_what_is_private(archive: Archive) -> None:
    put_all(archive, STREET, CITY)
    (archive.root / "desk").mkdir()
    note_consent(archive.root, [KEY], Consent("Zoé", dt.date(2026, 3, 4)))
    replace_name(archive, [KEY], Replacement("Bonjour", "Salut"))
    rename_episode(archive, KEY, "ancien")
    rename_episode(archive, f"emission/{CITY}", STREET)

    def private(*keys: str) -> list[tuple[int, int]]:
        names = [names_of(archive, archive.episode(key)) for key in keys]
        hidden = [len(pseudonyms_for(archive.root, each)) for each in names]
        return list(zip([len(agreed(archive, key)) for key in keys], hidden, strict=True))

    assert private("emission/ancien", KEY) == [(1, 1), (0, 0)]
    rename_show(archive, "emission", "nouvelle")
    assert private("nouvelle/ancien") == [(1, 1)]
    for _act in range(3):
        undo(archive)
    assert private(KEY, f"emission/{CITY}") == [(1, 1), (0, 0)]


def test_what_is_noted_anew_stands_under_no_former_address(archive: Archive) -> None:
    for key, person in (("emission/un", "Zoé"), ("emission/deux", "Ali")):
        note_consent(archive.root, [key], Consent(person, dt.date(2026, 3, 4)))
    both = ["emission/un", "emission/deux"]
    note_consent(archive.root, both, Consent("Camille", dt.date(2026, 3, 5)))
    assert keys_with_consents(archive.root) == both[1:]
    assert [each.person for each in consents_of(archive.root, both)] == ["Ali", "Camille", "Zoé"]


def test_what_came_by_a_merge_stays_with_the_episode_that_stays(archive: Archive) -> None:
    left, other = f"emission/{MEMORY}", f"emission/{CITY}"
    put_all(archive, STREET, CITY)
    archive.write_episode(replace(archive.episode(KEY), formerly=(left,)))
    note_consent(archive.root, [left], Consent("Zoé"))
    note_consent(archive.root, [other], Consent("Ali"))
    rename_episode(archive, other, MEMORY)
    told = [[each.person for each in agreed(archive, key)] for key in (KEY, left)]
    assert told == [["Zoé"], ["Ali"]]
    undo(archive)
    assert keys_with_consents(archive.root) == [other, left]
