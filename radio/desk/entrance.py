"""The entrance to the desk: who comes in, by name, password and code, and how long. Tries are
counted in memory, for each account and for all; not by address, for behind an onion service all
have one, and none may be stored. A brake never locks: a minute after the last guess the keeper
comes in. Who guesses on and on keeps a keeper out, but not from browsers in which that account
signed in before (`radio.desk.sessions`)."""

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from radio.archive import journal
from radio.desk import accounts, passwords, sessions
from radio.desk.accounts import Account, folded
from radio.system.errors import BrakedError, DeniedError
from radio.system.messages import _

FREE = 5  # tries for an account before the first delay
LONGEST = 60.0  # seconds
CALM = 3600.0  # seconds without a try, after which all is forgotten
AT_ONCE = 30.0  # tries for all accounts together
REFILL = 1.0  # seconds until there is one more
SLOTS = 1024  # names share them, so that no flood of invented names fills the memory


@dataclass
class _Slot:
    failures: int = 0
    free_at: float = 0.0
    last: float = 0.0


class Brakes:
    """How many tries there may be, and when."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self._slots: dict[int, _Slot] = {}
        self._left, self._at = AT_ONCE, clock()
        self._lock = threading.Lock()

    def enter(self, name: str) -> None:
        """Count a try. Raises BrakedError with the seconds until one may be."""
        with self._lock:
            now = self._clock()
            slot = self._slots.setdefault(self._number(name), _Slot())
            if now - slot.last > CALM:
                slot.failures = 0
            self._left = min(AT_ONCE, self._left + (now - self._at) / REFILL)
            self._at = now
            wait = max(slot.free_at - now, (1.0 - self._left) * REFILL)
            if wait > 0:
                raise BrakedError(_("trop d’essais ; attendez un peu"), wait)
            self._left -= 1.0
            slot.failures += 1
            slot.last = now
            if slot.failures >= FREE:
                slot.free_at = now + min(LONGEST, 2.0 ** min(slot.failures - FREE, 10))

    def release(self, name: str) -> None:
        """Forget the tries for an account: its password was right."""
        with self._lock:
            self._slots.pop(self._number(name), None)

    def _number(self, name: str) -> int:
        hashed = hashlib.blake2b(name.encode("utf-8", "replace"), key=self._key, digest_size=4)
        return int.from_bytes(hashed.digest(), "big") % SLOTS


@dataclass(frozen=True)
class Visit:
    """Somebody who is signed in, with the token of their browser."""

    account: Account
    token: str


class Entrance:
    """The entrance of an archive; `clock` gives the seconds since 1970."""

    def __init__(self, root: Path, clock: Callable[[], float] = time.time):
        self.root, self.clock = root, clock
        self._brakes, self._inside = Brakes(), Brakes()  # nobody outside slows who is in
        self._known_devices = Brakes()  # nor whoever comes from where they came in before
        self._feeds = Brakes()  # nor does who guesses secrets of feeds

    def is_built(self) -> bool:
        """Whether there is any account."""
        return bool(accounts.accounts(self.root))

    def sign_in(
        self, name: str, password: str, code: str, before: str = "", device: str = ""
    ) -> str:
        """Sign somebody in, and give the token for their browser; a `device` known to the account
        has its own brake. Raises DeniedError, without saying what is wrong, or BrakedError."""
        known = accounts.account(self.root, name) if device else None
        shown = sessions.device_of(known, device) if known else ""
        brakes, key = (self._known_devices, shown) if shown else (self._brakes, folded(name))
        account = self._prove(name, password, brakes, key)
        if account.secret:
            accounts.change(self.root, account.name, lambda now: self._spend(now, code))
        brakes.release(key)
        token = sessions.begin(self.root, account.name, self.clock(), before)
        known = accounts.account(self.root, account.name)
        if not known or _keys_of(known) != _keys_of(account):
            sessions.end(self.root, token, self.clock())  # begun after all others were ended
            raise _wrong()
        return token

    def visit(self, token: str, *, notes: bool = True) -> Visit | None:
        """Find who has this token; None if it opens nothing (any more)."""
        session = sessions.find(self.root, token, self.clock(), notes=notes) if token else None
        account = accounts.account(self.root, session.name) if session else None
        return Visit(account, token) if account else None

    def device(self, token: str) -> str:
        """Give what a browser that just signed in shows at its next sign-in."""
        visit = self.visit(token)
        return sessions.issue(visit.account) if visit else ""

    def knows(self, device: str) -> bool:
        """Whether any account came in from a device that shows this."""
        every = accounts.accounts(self.root) if device else ()
        return any(sessions.device_of(each, device) for each in every)

    def sign_out(self, visit: Visit, *, everywhere: bool = False) -> None:
        """Let somebody out: here, or wherever they are signed in."""
        if everywhere:
            sessions.end_all(self.root, visit.account.name, self.clock())
            journal.note(self.root, "sign-out", who=visit.account.name)
        else:
            sessions.end(self.root, visit.token, self.clock())

    def invited(self, link: str) -> Account:
        """Find whose one-time link this is. Raises DeniedError if it opens nothing (any more)."""
        return accounts.invited(self.root, link, self.clock())

    def accept(self, link: str, password: str) -> Account:
        """Use a one-time link: its account gets a password, nothing else, and is signed out."""
        account, hashed = self.invited(link), passwords.hashed(password)
        return self._change("password", account, lambda now: Account(now.name, now.role, hashed))

    def change_password(self, visit: Visit, current: str, password: str) -> None:
        """Change a password, end the feed, and sign out other browsers. Raises DeniedError,
        BrakedError."""
        known, hashed = self.proved(visit, current), passwords.hashed(password)
        change = partial(replace, password=hashed, feed="")
        self._change("password", known, change, visit.token)

    def ask_codes(self, visit: Visit, current: str, secret: str, code: str) -> None:
        """Ask for codes at the next sign-in; the first code proves that a telephone has the secret.
        Raises DeniedError if password or code is wrong, BrakedError after too many tries."""
        known = self.proved(visit, current)
        if not passwords.is_secret(secret):
            raise DeniedError(_("le code à scanner n’est plus le bon ; rouvrez cette page"))
        asking = replace(known, secret=secret, counter=0)
        self._change("codes", known, lambda _now: self._spend(asking, code), visit.token)

    def drop_codes(self, visit: Visit, current: str) -> None:
        """Ask for no codes any more. Raises as `ask_codes` does."""
        known = self.proved(visit, current)
        self._change("no-codes", known, lambda now: replace(now, secret="", counter=0), visit.token)

    def open_feed(self, visit: Visit) -> str:
        """Give the secret of a new feed of somebody; the one before opens nothing more."""
        secret = secrets.token_urlsafe(24)
        self._set_feed("feed", visit, accounts.digest(secret))
        return secret

    def end_feed(self, visit: Visit) -> None:
        """Let the feed of somebody open nothing more."""
        self._set_feed("no-feed", visit, "")

    def _set_feed(self, what: str, visit: Visit, digest: str) -> None:
        accounts.change(self.root, visit.account.name, lambda now: replace(now, feed=digest))
        journal.note(self.root, what, who=visit.account.name)

    def reader(self, secret: str) -> Account:
        """Find whose feed has this secret. Raises DeniedError if nobody's has, BrakedError after
        too many tries: a right secret waits then, too, as a right password does."""
        wanted = accounts.digest(secret)
        self._feeds.enter(wanted)
        every = accounts.accounts(self.root)
        account = next((each for each in every if hmac.compare_digest(each.feed, wanted)), None)
        if account is None:
            raise _wrong()
        self._feeds.release(wanted)
        return account

    def _prove(self, name: str, password: str, brakes: Brakes, key: str) -> Account:
        brakes.enter(key)
        account = accounts.account(self.root, name)
        if not passwords.fits(account.password if account else "", password) or not account:
            raise _wrong()
        return account

    def proved(self, visit: Visit, password: str) -> Account:
        """Have who is signed in prove it again. Raises DeniedError, BrakedError."""
        key = folded(visit.account.name)
        account = self._prove(visit.account.name, password, self._inside, key)
        self._inside.release(key)
        return account

    def _spend(self, account: Account, code: str) -> Account:
        step = passwords.step_of(account.secret, code, self.clock(), account.counter)
        if account.secret and step is None:
            raise _wrong()
        return replace(account, counter=step or account.counter)

    def _change(
        self, what: str, known: Account, amend: Callable[[Account], Account], but: str = ""
    ) -> Account:
        """Change an account, sign it out everywhere `but` here, and note it. Raises DeniedError if
        its password, codes or link changed since it was `known`."""

        def amend_known(now: Account) -> Account:
            if _keys_of(now) != _keys_of(known):
                raise _wrong()
            return amend(now)

        changed = accounts.change(self.root, known.name, amend_known)
        sessions.end_all(self.root, changed.name, self.clock(), but)
        journal.note(self.root, what, who=changed.name)
        return changed


def _keys_of(account: Account) -> tuple[object, ...]:
    return account.password, account.secret, account.invitation


def _wrong() -> DeniedError:
    """Give the error, without saying what is wrong."""
    return DeniedError(_("nom, mot de passe ou code faux"))
