"""Sessions of those who are signed in, in `desk/sessions.json`, where only the SHA-256 of a
browser's random token is written. A session ends after 12 hours without a request, after seven
days, or by signing out. A flood of guesses keeps no keeper out of a device that signed in before:
its device cookie, which is not stored, names account and device, signed with the hash of the
password. It opens nothing, but leads past strangers at the door (`radio.web.limits`), to a brake of
its own (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies)."""

import contextlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from radio.archive.journal import FOLDER, desk, write_private
from radio.archive.locks import locked
from radio.desk.accounts import Account, digest
from radio.system.errors import ArchiveError
from radio.system.records import RecordFile

IDLE = 12 * 3600.0  # seconds without a request
WHOLE = 7 * 24 * 3600.0  # seconds since the sign-in
STEP = 600.0  # seconds after which it is written down again that something was asked
LIFE = 180 * 24 * 3600  # seconds that a device is known
SHOWN = re.compile(r"([\w-]{22})\.([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True)
class Session:
    """A browser that is signed in."""

    digest: str
    name: str  # of the account
    since: float  # seconds since 1970
    seen: float

    def is_good(self, now: float) -> bool:
        """Whether it still opens the desk; one of the future does not: a clock was wrong."""
        return -STEP <= now - self.seen < IDLE and -STEP <= now - self.since < WHOLE


@dataclass(frozen=True)
class _Register:
    sessions: tuple[Session, ...] = ()


REGISTER = RecordFile(f"{FOLDER}/sessions.json", _Register)


def begin(root: Path, name: str, now: float, before: str = "") -> str:
    """Sign a browser in, and give its token; the token `before` opens nothing more."""
    token = secrets.token_urlsafe(32)
    made, old = Session(digest(token), name, now, now), digest(before)
    _write(root, now, lambda each: None if each.digest == old else each, [made])
    return token


def find(root: Path, token: str, now: float, *, notes: bool = True) -> Session | None:
    """Find the session of a token; None if it ended. It `notes` that something was asked, for a
    session that nobody uses ends; a full disk keeps nobody out."""
    wanted = digest(token)
    sessions = REGISTER.read(root).sessions
    found = next((each for each in sessions if each.digest == wanted), None)
    if found is None or not found.is_good(now):
        return None
    if notes and abs(now - found.seen) >= STEP:
        with contextlib.suppress(ArchiveError):
            _write(root, now, lambda each: replace(each, seen=now) if each == found else each)
    return found


def end(root: Path, token: str, now: float) -> None:
    """Sign one browser out."""
    gone = digest(token)
    _write(root, now, lambda each: None if each.digest == gone else each)


def end_all(root: Path, name: str, now: float, but: str = "") -> None:
    """Sign an account out everywhere, `but` in one browser."""
    spared = digest(but)
    _write(root, now, lambda each: None if each.name == name and each.digest != spared else each)


def _write(
    root: Path, now: float, amend: Callable[[Session], Session | None], more: Iterable[Session] = ()
) -> None:
    """Write the valid sessions, each as amended."""
    with locked(desk(root), "sessions"):
        sessions = (amend(each) for each in REGISTER.read(root).sessions if each.is_good(now))
        register = _Register((*filter(None, sessions), *more))
        write_private(root / REGISTER.name, REGISTER.render(register))


def issue(account: Account) -> str:
    """Give what a browser shows that somebody signed in with."""
    device = secrets.token_urlsafe(16)
    return f"{device}.{_signed(account, device)}"


def device_of(account: Account, shown: str) -> str:
    """Name the device that shows this; nothing where this account never signed in with it."""
    match = SHOWN.fullmatch(shown)
    is_known = match is not None and hmac.compare_digest(_signed(account, match[1]), match[2])
    return match[1] if match and is_known and account.password else ""


def _signed(account: Account, device: str) -> str:
    text = f"device {device} {account.name}"
    return hmac.new(account.password.encode(), text.encode(), "sha256").hexdigest()
