"""Accounts as the command makes them, and what a link, a password and a code open."""

import base64
import contextlib
import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from radio.archive import Archive, journal
from radio.desk import accounts, passwords, sessions
from radio.desk.accounts import Account, digest
from radio.desk.entrance import AT_ONCE, CALM, FREE, LONGEST, SLOTS, Brakes, Entrance, Visit
from radio.desk.passwords import MEMORY, PASSES
from radio.system.errors import ArchiveError, BrakedError, DeniedError
from tests.patience import LONG
from tests.processes import call
from tests.web.desks import OTHER_WORD as OTHER
from tests.web.desks import WORD, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def entrance(archive: Archive, clock: Clock) -> Entrance:
    accounts.add(archive.root, "Zoé", "keeper")
    made = Entrance(archive.root, clock)
    made.accept(accounts.invite(archive.root, "Zoé", clock()), WORD)
    return made


def visit_of(entrance: Entrance, password: str = WORD) -> Visit:
    visit = entrance.visit(entrance.sign_in("Zoé", password, ""))
    assert visit
    return visit


def zoe_of(entrance: Entrance) -> Account:
    zoe = accounts.account(entrance.root, "Zoé")
    assert zoe
    return zoe


def secrets_of(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((root / "desk").glob("*.json*")))


def test_the_command_makes_lists_and_removes_accounts(archive: Archive) -> None:
    root = f"--root={archive.root}"
    made = call("user", "add", root, "Zoé", RADIO_BASE_URL="https://radio.example/a")
    address = made.stdout.strip()
    assert re.fullmatch(r"https://radio\.example/a/desk/link/[\w-]{32}", address)
    assert "for Zoé: give it to nobody else" in made.stderr
    other = call("user", "add", root, "Noé", "--role", "rereader").stdout
    assert other.startswith("http://127.0.0.1:8000/desk/link/")
    again = call("user", "link", root, "ZOE\u0301", RADIO_DESK_URL="http://x.onion/")
    assert again.stdout.startswith("http://x.onion/desk/link/")
    link = address.rpartition("/")[2]
    assert link.encode() not in secrets_of(archive.root)
    with pytest.raises(DeniedError):  # another one took its place
        Entrance(archive.root).accept(link, WORD)
    Entrance(archive.root).accept(again.stdout.strip().rpartition("/")[2], WORD)
    listed = call("user", "list", root).stdout
    assert listed == "Zoé  keeper\nNoé  rereader (no password yet)\n"
    call("user", "remove", root, "noé")
    (zoe,) = json.loads(call("user", "list", root, "--json").stdout)
    assert zoe == {"name": "Zoé", "role": "keeper", "has_password": True, "asks_codes": False}
    told = [each.line for each in journal.entries(archive.root)]
    assert told[0] == "Noé: account taken away (rereader)"
    for wrong in (("add", "zoé"), ("add", "../x"), ("add", ""), ("link", "Noé"), ("remove", "x")):
        assert call("user", wrong[0], root, wrong[1], check=False).returncode == 1


def test_the_files_are_for_their_owner_alone_and_none_is_half(entrance: Entrance) -> None:
    half = journal.desk(entrance.root) / ".accounts.json.4242.part"  # of a writer that was killed
    half.write_bytes(b"{")
    accounts.add(entrance.root, "Noé", "keeper")
    assert not half.exists()
    entrance.sign_in("Zoé", WORD, "")
    assert (entrance.root / "desk").stat().st_mode & 0o777 == 0o700
    for path in (entrance.root / "desk").glob("*.json*"):
        assert path.stat().st_mode & 0o777 == 0o600, path
    assert WORD.encode() not in secrets_of(entrance.root)
    (entrance.root / "desk" / "accounts.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"accounts\.json"):  # what can't be read opens nothing
        entrance.sign_in("Zoé", WORD, "")


def test_a_link_is_good_once_and_for_48_hours(entrance: Entrance, clock: Clock) -> None:
    link = accounts.invite(entrance.root, "Zoé", clock())
    clock.now += accounts.LIFE - 1
    assert entrance.invited(link).name == "Zoé"
    clock.now += 1
    with pytest.raises(DeniedError):
        entrance.accept(link, OTHER)
    link = accounts.invite(entrance.root, "Zoé", clock())
    entrance.accept(link, OTHER)
    with pytest.raises(DeniedError):
        entrance.accept(link, WORD)
    assert entrance.sign_in("zoé", OTHER, "")


def test_what_is_wrong_opens_nothing(entrance: Entrance) -> None:
    accounts.add(entrance.root, "Noé", "rereader")  # who has no password yet
    for name, password in (("Zoé", OTHER), ("Zoé", ""), ("Noé", ""), ("nobody", WORD), ("", "")):
        with pytest.raises(DeniedError, match="wrong name, password or code"):
            entrance.sign_in(name, password, "")
    for token in ("", "x", "é" * 50):
        assert entrance.visit(token) is None


def test_a_session_ends_by_idleness_by_age_and_by_hand(entrance: Entrance, clock: Clock) -> None:
    def come_in(before: str = "") -> str:
        return entrance.sign_in("Zoé", WORD, "", before)

    token = come_in()
    visit = entrance.visit(token)
    assert visit and visit.account.role == "keeper"
    assert token.encode() not in secrets_of(entrance.root)
    assert digest(token).encode() in secrets_of(entrance.root)
    for _hours in range(13):  # somebody at work
        clock.now += 11 * 3600
        assert entrance.visit(token), _hours
    clock.now += sessions.WHOLE - 13 * 11 * 3600
    assert entrance.visit(token) is None
    for away in (sessions.IDLE, -10 * sessions.WHOLE):  # and a clock without battery
        token = come_in()
        clock.now += away
        assert entrance.visit(token) is None
    clock.now += 10 * sessions.WHOLE
    again = come_in(before=token)
    assert entrance.visit(token) is None  # another one at each sign-in
    visit = entrance.visit(again)
    assert visit
    entrance.sign_out(visit)
    assert entrance.visit(again) is None


def test_signing_out_everywhere_and_another_password_end_the_others(entrance: Entrance) -> None:
    accounts.add(entrance.root, "Noé", "rereader")
    entrance.accept(accounts.invite(entrance.root, "Noé", entrance.clock()), WORD)
    first, second, other = (entrance.sign_in(n, WORD, "") for n in ("Zoé", "Zoé", "Noé"))

    def inside() -> list[bool]:
        return [bool(entrance.visit(each)) for each in (first, second, other)]

    visit = entrance.visit(second)
    assert visit
    with pytest.raises(DeniedError):
        entrance.change_password(visit, OTHER, OTHER)
    entrance.change_password(visit, WORD, OTHER)
    assert inside() == [False, True, True]
    first = entrance.sign_in("Zoé", OTHER, "")
    entrance.sign_out(visit, everywhere=True)
    assert inside() == [False, False, True]
    accounts.remove(entrance.root, "Noé")
    assert inside() == [False, False, False]


def test_an_old_password_does_nothing_once_another_is_chosen(
    entrance: Entrance, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where that is chosen as soon as the old one is found right."""
    fits, secret, other = passwords.fits, passwords.new_secret(), "celle de quelqu’un d’autre"
    asks: list[Callable[[str, Visit], object]] = [
        lambda word, _visit: entrance.sign_in("Zoé", word, ""),
        lambda word, visit: entrance.change_password(visit, word, other),
        lambda word, visit: entrance.ask_codes(visit, word, secret, now(secret, clock)),
        lambda word, visit: entrance.drop_codes(visit, word),
    ]
    for number, ask in enumerate(asks):
        word, chosen = f"{WORD} {number}" if number else WORD, f"{WORD} {number + 1}"
        visit, link = visit_of(entrance, word), accounts.invite(entrance.root, "Zoé", clock())

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
    visit = visit_of(entrance)
    secret = passwords.new_secret()
    for wrong in ((OTHER, secret, now(secret, clock)), (WORD, secret, "000000"), (WORD, "", "")):
        with pytest.raises(DeniedError):
            entrance.ask_codes(visit, *wrong)
    entrance.ask_codes(visit, WORD, secret, now(secret, clock))
    for typed in ("", now(secret, clock), "é"):  # that one proved the telephone
        with pytest.raises(DeniedError):
            entrance.sign_in("Zoé", WORD, typed)
    clock.now += passwords.STEP
    assert entrance.sign_in("Zoé", WORD, now(secret, clock))
    with pytest.raises(DeniedError):
        entrance.sign_in("Zoé", WORD, now(secret, clock))
    entrance.accept(accounts.invite(entrance.root, "Zoé", clock()), OTHER)  # the telephone is lost
    visit = visit_of(entrance, OTHER)
    clock.now += passwords.STEP
    entrance.ask_codes(visit, OTHER, secret, now(secret, clock))
    entrance.drop_codes(visit, OTHER)
    assert entrance.sign_in("Zoé", OTHER, "")


def now(secret: str, clock: Clock) -> str:
    return passwords.code(secret, int(clock.now) // passwords.STEP)


def test_guessing_is_braked_and_never_locked() -> None:
    clock = Clock(0.0)
    brakes = Brakes(clock)
    for _try in range(FREE):
        brakes.enter("zoé")
    delays = list[float]()
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


def test_no_flood_of_names_fills_the_memory_or_the_processor() -> None:
    clock = Clock(0.0)
    brakes = Brakes(clock)
    let_in = 0
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
    brakes = [Brakes(clock) for _ in range(3)]
    entrance._brakes, entrance._inside, entrance._known_devices = brakes
    device = entrance.device(entrance.sign_in("Zoé", WORD, ""))
    accounts.add(entrance.root, "Noé", "rereader")
    entrance.accept(accounts.invite(entrance.root, "Noé", clock()), WORD)
    other = entrance.device(entrance.sign_in("Noé", WORD, ""))
    monkeypatch.setattr(passwords, "fits", lambda _known, tried: tried == WORD)
    came_in = {"elsewhere": 0, "there": 0}
    for number in range(10_000):
        clock.now += 0.36
        with contextlib.suppress(DeniedError, BrakedError):
            stolen = (other, "x", f"{device[:22]}.{'0' * 64}", "")[number % 4]
            entrance.sign_in(("Zoé", str(number))[number % 2], OTHER, "", device=stolen)
        if number % 1000 == 500:
            for place, shown in (("elsewhere", ""), ("there", device)):
                with contextlib.suppress(BrakedError):
                    came_in[place] += bool(entrance.sign_in("zoé", WORD, "", device=shown))
    assert came_in["there"] == 10
    assert came_in["elsewhere"] < 3


def test_a_known_device_guesses_no_faster_and_ends_with_the_password(entrance: Entrance) -> None:
    device = entrance.device(entrance.sign_in("Zoé", WORD, ""))
    for _try in range(FREE):
        with pytest.raises(DeniedError):
            entrance.sign_in("Zoé", OTHER, "", device=device)
    with pytest.raises(BrakedError):
        entrance.sign_in("Zoé", WORD, "", device=device)
    assert sessions.device_of(zoe_of(entrance), device) == device[:22]
    visit = visit_of(entrance)
    entrance.change_password(visit, WORD, OTHER)
    changed = zoe_of(entrance)
    assert sessions.device_of(changed, device) == sessions.device_of(changed, "") == ""
    assert entrance.device("no session") == ""
    assert device[:22].encode() not in secrets_of(entrance.root)  # nothing of it is written down


def test_two_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    known, most, inside = passwords.hashed(WORD), 0, 0
    lock, both = threading.Lock(), threading.Barrier(2, timeout=LONG)
    verify = passwords._hasher().verify

    class Counted:
        def verify(self, known: str, password: str) -> bool:
            nonlocal most, inside
            with lock:
                inside += 1
                most = max(most, inside)
            both.wait()  # a hash takes so little here that none might meet another
            try:
                return verify(known, password)
            finally:
                with lock:
                    inside -= 1

    monkeypatch.setattr(passwords, "_hasher", Counted)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(passwords.fits, [known] * 8, [OTHER] * 8))
    assert most == 2


def test_waiting_is_no_wrong_password(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT", 0.0)
    with passwords.turn(), passwords.turn(), pytest.raises(BrakedError) as waits:
        entrance.sign_in("Zoé", WORD, "")
    assert waits.value.seconds >= 0
    assert entrance.sign_in("Zoé", WORD, "")


def test_a_full_disk_puts_nobody_out_who_is_in(
    entrance: Entrance, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = entrance.sign_in("Zoé", WORD, "")

    def full(path: Path, content: bytes) -> None:
        raise ArchiveError(f"{path}: no space left on device")

    monkeypatch.setattr(sessions, "write_private", full)
    clock.now += sessions.STEP
    assert entrance.visit(token)
    clock.now += sessions.IDLE - sessions.STEP
    assert entrance.visit(token) is None


def test_an_unknown_name_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MEMORY", MEMORY)
    monkeypatch.setattr(passwords, "PASSES", PASSES)
    costly = passwords._hasher.__wrapped__()  # as it is outside of the tests
    asked = list[str]()

    class Noted:
        hash = costly.hash

        def verify(self, known: str, password: str) -> bool:
            asked.append(known.rpartition("$")[0].rpartition("$")[0])
            return costly.verify(known, password)

    monkeypatch.setattr(passwords, "_hasher", Noted)
    known = passwords.hashed("é" * 12)
    assert passwords.fits(known, "e\u0301" * 12)
    assert not passwords.fits("", WORD)
    assert not passwords.fits("no hash", WORD)
    assert asked[0] == asked[1] == f"$argon2id$v=19$m={19 << 10},t=2,p=1"  # as OWASP asks
    assert [passwords.is_fit("a" * n) for n in (11, 12, 64, 65)] == [False, True, True, False]
