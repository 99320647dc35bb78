"""Accounts as the command makes them, and what a link, a password and a code open."""

import base64
import contextlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from radio.archive import Archive, journal
from radio.desk import accounts, passwords, sessions
from radio.desk.accounts import digest
from radio.desk.entrance import AT_ONCE, CALM, FREE, LONGEST, SLOTS, Brakes, Entrance, Visit
from radio.desk.passwords import MEMORY, PASSES
from radio.system.errors import ArchiveError, BrakedError, DeniedError
from tests.processes import command
from tests.web.desks import OTHER_WORD as OTHER
from tests.web.desks import WORD, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def entrance(archive: Archive, clock: Clock) -> Entrance:
    accounts.add(archive.root, "Zoé", "keeper")
    made = Entrance(archive.root, clock)
    made.accept(entrance_link(made), WORD)
    return made


def visit_of(entrance: Entrance, password: str = WORD) -> Visit:
    visit = entrance.visit(entrance.sign_in("Zoé", password, ""))
    assert visit
    return visit


def entrance_link(entrance: Entrance, name: str = "Zoé") -> str:
    return accounts.invite(entrance.root, name, entrance.clock())


def secrets_of(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((root / "desk").glob("*.json*")))


def test_the_command_makes_lists_and_removes_accounts(archive: Archive) -> None:
    def user(*words: str, **variables: str) -> str:
        return command(archive, "user", *words, **variables).stdout

    made = command(archive, "user", "add", "Zoé", RADIO_BASE_URL="https://radio.example/a")
    address = made.stdout.strip()
    assert re.fullmatch(r"https://radio\.example/a/desk/link/[\w-]{32}", address)
    assert "for Zoé: give it to nobody else" in made.stderr
    assert user("add", "Noé", "--role", "rereader").startswith("http://127.0.0.1:8000/desk/link/")
    again = user("link", "ZOE\u0301", RADIO_DESK_URL="http://x.onion/").strip()
    assert again.startswith("http://x.onion/desk/link/")
    link = address.rpartition("/")[2]
    assert link.encode() not in secrets_of(archive.root)
    with pytest.raises(DeniedError):  # another one took its place
        Entrance(archive.root).accept(link, WORD)
    Entrance(archive.root).accept(again.rpartition("/")[2], WORD)
    assert user("list") == "Zoé  keeper\nNoé  rereader (no password yet)\n"
    user("remove", "noé")
    (zoe,) = json.loads(user("list", "--json"))
    assert zoe == {"name": "Zoé", "role": "keeper", "has_password": True, "asks_codes": False}
    assert journal.entries(archive.root)[0].line == "Noé: account removed (rereader)"
    for wrong in (("add", "zoé"), ("add", "../x"), ("add", ""), ("link", "Noé"), ("remove", "x")):
        assert command(archive, "user", *wrong, check=False).returncode == 1


def test_the_files_are_for_their_owner_alone_and_none_is_half(entrance: Entrance) -> None:
    desk = journal.desk(entrance.root)
    half = desk / ".accounts.json.4242.part"  # of a writer that was killed
    half.write_bytes(b"{")
    accounts.add(entrance.root, "Noé", "keeper")
    assert not half.exists()
    entrance.sign_in("Zoé", WORD, "")
    modes = {path: path.stat().st_mode & 0o777 for path in (desk, *desk.glob("*.json*"))}
    assert modes.pop(desk) == 0o700 and set(modes.values()) == {0o600}, modes
    assert WORD.encode() not in secrets_of(entrance.root)
    (desk / "accounts.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"accounts\.json"):  # what can't be read opens nothing
        entrance.sign_in("Zoé", WORD, "")


def test_a_link_is_good_once_and_what_is_wrong_opens_nothing(
    entrance: Entrance, clock: Clock
) -> None:
    accounts.add(entrance.root, "Noé", "rereader")  # who has no password yet
    for name, password in (("Zoé", OTHER), ("Zoé", ""), ("Noé", ""), ("nobody", WORD), ("", "")):
        with pytest.raises(DeniedError, match="wrong name, password or code"):
            entrance.sign_in(name, password, "")
    for token in ("", "x", "é" * 50):
        assert entrance.visit(token) is None
    link = entrance_link(entrance)
    clock.now += accounts.LIFE - 1
    assert entrance.invited(link).name == "Zoé"
    clock.now += 1
    with pytest.raises(DeniedError):
        entrance.accept(link, OTHER)
    link = entrance_link(entrance)
    entrance.accept(link, OTHER)
    with pytest.raises(DeniedError):
        entrance.accept(link, WORD)
    assert entrance.sign_in("zoé", OTHER, "")


def test_a_session_ends_by_hand_and_as_time_goes_back_and_by_no_full_disk(
    entrance: Entrance, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By idleness and by age it ends in tests/web/views/test_desk.py."""
    token = entrance.sign_in("Zoé", WORD, "")
    assert token.encode() not in secrets_of(entrance.root)
    assert digest(token).encode() in secrets_of(entrance.root)
    clock.now -= 10 * sessions.WHOLE
    assert entrance.visit(token) is None
    token = entrance.sign_in("Zoé", WORD, "")
    again = entrance.sign_in("Zoé", WORD, "", token)
    assert entrance.visit(token) is None
    visit = entrance.visit(again)
    assert visit and visit.account.role == "keeper"
    entrance.sign_out(visit)
    assert entrance.visit(again) is None
    token = entrance.sign_in("Zoé", WORD, "")

    def full(path: Path, content: bytes) -> None:
        raise ArchiveError(f"{path}: no space left on device")

    monkeypatch.setattr(sessions, "write_private", full)
    clock.now += sessions.STEP
    assert entrance.visit(token)
    clock.now += sessions.IDLE - sessions.STEP
    assert entrance.visit(token) is None


def test_an_old_password_is_of_no_use(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where another is chosen as soon as the old one is found right."""
    fits, secret, other = passwords.fits, passwords.new_secret(), "celle de quelqu’un d’autre"
    asks: list[Callable[[str, Visit], object]] = [
        lambda word, _visit: entrance.sign_in("Zoé", word, ""),
        lambda word, visit: entrance.change_password(visit, word, other),
        lambda word, visit: entrance.ask_codes(visit, word, secret, now(secret, entrance)),
        lambda word, visit: entrance.drop_codes(visit, word),
    ]
    for number, ask in enumerate(asks):
        word, chosen = f"{WORD} {number}" if number else WORD, f"{WORD} {number + 1}"
        visit, link = visit_of(entrance, word), entrance_link(entrance)

        def slow(known: str, password: str, link: str = link, chosen: str = chosen) -> bool:
            is_right = fits(known, password)
            entrance.accept(link, chosen)
            return is_right

        with monkeypatch.context() as patch:
            patch.setattr(passwords, "fits", slow)
            with pytest.raises(DeniedError):
                ask(word, visit)
        assert b'"digest":' not in (entrance.root / sessions.REGISTER.name).read_bytes()
    assert entrance.sign_in("Zoé", f"{WORD} {len(asks)}", "")


def test_codes_are_those_of_the_rfc() -> None:  # 6238, appendix B
    secret = base64.b32encode(b"12345678901234567890").decode()
    vectors = {59: "94287082", 1111111109: "07081804", 1111111111: "14050471"}
    vectors |= {1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"}
    for second, expected in vectors.items():
        assert passwords.code(secret, second // passwords.STEP, 8) == expected
        assert passwords.step_of(secret, expected[2:], second) == second // passwords.STEP
        typed = f"{expected[2:5]} {expected[5:]}"
        assert passwords.step_of(secret, typed, second + 59 - second % 30)
        assert passwords.step_of(secret, expected[2:], second + 60) is None


def test_a_code_is_asked_and_opens_once(entrance: Entrance, clock: Clock) -> None:
    visit, secret = visit_of(entrance), passwords.new_secret()
    for wrong in ((OTHER, secret, now(secret, entrance)), (WORD, secret, "000000"), (WORD, "", "")):
        with pytest.raises(DeniedError):
            entrance.ask_codes(visit, *wrong)
    entrance.ask_codes(visit, WORD, secret, now(secret, entrance))
    for typed in ("", now(secret, entrance), "é"):  # that one proved the telephone
        with pytest.raises(DeniedError):
            entrance.sign_in("Zoé", WORD, typed)
    clock.now += passwords.STEP
    assert entrance.sign_in("Zoé", WORD, now(secret, entrance))
    with pytest.raises(DeniedError):
        entrance.sign_in("Zoé", WORD, now(secret, entrance))
    entrance.accept(entrance_link(entrance), OTHER)  # the telephone is lost
    visit = visit_of(entrance, OTHER)
    clock.now += passwords.STEP
    entrance.ask_codes(visit, OTHER, secret, now(secret, entrance))
    entrance.drop_codes(visit, OTHER)
    assert entrance.sign_in("Zoé", OTHER, "")


def now(secret: str, entrance: Entrance) -> str:
    return passwords.code(secret, int(entrance.clock()) // passwords.STEP)


def test_guessing_is_braked_and_never_locked_and_a_flood_of_names_fills_nothing() -> None:
    clock = Clock(0.0)
    brakes, delays = Brakes(clock), list[float]()
    for _try in range(FREE):
        brakes.enter("zoé")
    for _try in range(12):
        with pytest.raises(BrakedError) as braked:
            brakes.enter("zoé")
        brakes.enter("noé")  # others come in
        brakes.release("noé")
        delays.append(braked.value.seconds)
        clock.now += delays[-1]
        brakes.enter("zoé")
    assert delays == sorted(delays)
    assert (delays[0], delays[-1]) == (1.0, LONGEST)
    brakes.release("zoé")
    for _try in range(FREE):
        brakes.enter("zoé")
    clock.now += CALM + 1
    for _try in range(FREE):
        brakes.enter("zoé")
    brakes, let_in = Brakes(clock), 0
    for number in range(10_000):
        clock.now += 0.01
        with contextlib.suppress(BrakedError):
            brakes.enter(str(number))
            let_in += 1
    assert let_in <= AT_ONCE + 100 + 1
    assert len(brakes._slots) <= SLOTS


def test_a_flood_keeps_nobody_out_who_came_in_from_there_before(
    entrance: Entrance, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten thousand guesses in an hour, at her account and at all: she waits elsewhere alone."""
    entrance._brakes, entrance._inside, entrance._known_devices = [Brakes(clock) for _ in range(3)]
    device = entrance.device(entrance.sign_in("Zoé", WORD, ""))
    accounts.add(entrance.root, "Noé", "rereader")
    entrance.accept(entrance_link(entrance, "Noé"), WORD)
    other = entrance.device(entrance.sign_in("Noé", WORD, ""))
    monkeypatch.setattr(passwords, "fits", lambda _known, tried: tried == WORD)
    came_in = {"": 0, device: 0}
    for number in range(10_000):
        clock.now += 0.36
        with contextlib.suppress(DeniedError, BrakedError):
            stolen = (other, "x", f"{device[:22]}.{'0' * 64}", "")[number % 4]
            entrance.sign_in(("Zoé", str(number))[number % 2], OTHER, "", device=stolen)
        for shown in came_in if number % 1000 == 500 else ():
            with contextlib.suppress(BrakedError):
                came_in[shown] += bool(entrance.sign_in("zoé", WORD, "", device=shown))
    assert came_in[device] == 10
    assert came_in[""] < 3


def test_a_known_device_guesses_no_faster_and_ends_with_the_password(entrance: Entrance) -> None:
    device = entrance.device(entrance.sign_in("Zoé", WORD, ""))
    for _try in range(FREE):
        with pytest.raises(DeniedError):
            entrance.sign_in("Zoé", OTHER, "", device=device)
    with pytest.raises(BrakedError):
        entrance.sign_in("Zoé", WORD, "", device=device)
    visit = visit_of(entrance)
    assert sessions.device_of(visit.account, device) == device[:22]
    entrance.change_password(visit, WORD, OTHER)
    changed = visit_of(entrance, OTHER).account
    assert sessions.device_of(changed, device) == sessions.device_of(changed, "") == ""
    assert entrance.device("no session") == ""
    assert device[:22].encode() not in secrets_of(entrance.root)  # nothing of it is written down


def test_two_are_hashed_at_once(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    """And to wait is no wrong password."""
    monkeypatch.setattr(passwords, "WAIT", 0.0)
    with passwords.turn():
        assert entrance.sign_in("Zoé", WORD, "")
        with passwords.turn(), pytest.raises(BrakedError) as waits:
            entrance.sign_in("Zoé", WORD, "")
        assert waits.value.seconds >= 0
        assert entrance.sign_in("Zoé", WORD, "")


def test_an_unknown_name_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MEMORY", MEMORY)
    monkeypatch.setattr(passwords, "PASSES", PASSES)
    costly = passwords._hasher.__wrapped__()  # as it is outside of the tests
    asked = list[str]()

    def verify(known: str, password: str) -> bool:
        asked.append(known.rpartition("$")[0].rpartition("$")[0])
        return bool(costly.verify(known, password))

    noted = SimpleNamespace(hash=costly.hash, verify=verify)
    monkeypatch.setattr(passwords, "_hasher", lambda: noted)
    known = passwords.hashed("é" * 12)
    assert passwords.fits(known, "e\u0301" * 12)
    assert not passwords.fits("", WORD)
    assert not passwords.fits("no hash", WORD)
    assert asked[0] == asked[1] == f"$argon2id$v=19$m={19 << 10},t=2,p=1"  # as OWASP asks
    assert [passwords.is_fit("a" * n) for n in (11, 12, 64, 65)] == [False, True, True, False]
