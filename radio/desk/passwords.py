"""Passwords, by argon2id (RFC 9106): the only importer of argon2. A hash takes 19 MiB, for small
servers, and at most two are made at once. A code of six digits from a telephone may be asked too,
another one every 30 seconds (RFC 6238)."""

import base64
import contextlib
import hmac
import secrets
import threading
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from radio.french.letters import composed
from radio.system.errors import BrakedError
from radio.system.messages import _

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MEMORY, PASSES = 19 << 10, 2  # KiB, times over them: what OWASP asks of a small machine
SHORTEST, LONGEST = 12, 64  # characters
WAIT = 10.0  # seconds for a turn
# The hash of no known password: to try it takes as long as any.
NOBODYS = f"$argon2id$v=19$m={MEMORY},t={PASSES},p=1${'A' * 22}${'A' * 43}"

_turns = threading.BoundedSemaphore(2)


def is_fit(password: str) -> bool:
    """Whether a password is of a length that is taken."""
    return SHORTEST <= len(composed(password)) <= LONGEST


def hashed(password: str) -> str:
    """Give what is written down of a password. Raises BrakedError if too many are waiting."""
    with turn():
        return _hasher().hash(composed(password))


def fits(known: str, password: str) -> bool:
    """Whether a password is the one that was hashed; without a hash, it takes as long to say no.
    Raises BrakedError if too many are waiting."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with turn():
        try:
            return _hasher().verify(known or NOBODYS, composed(password)) and bool(known)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _hasher() -> "PasswordHasher":
    """Load argon2 with the first password: a site without a desk saves its 3 MB."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY, parallelism=1)


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """Wait for one of the two hashes that are made at once."""
    if not _turns.acquire(timeout=WAIT):
        message = _("trop de mots de passe sont essayés en ce moment ; attendez un peu")
        raise BrakedError(message, WAIT)
    try:
        yield
    finally:
        _turns.release()


STEP = 30  # seconds
DRIFT = 1  # steps by which the clock of a telephone may be wrong
DIGITS = 6


def new_secret() -> str:
    """Draw a secret by lot, written for the program of a telephone."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code(secret: str, counter: int, digits: int = DIGITS) -> str:
    """Give the code of a step (RFC 4226, section 5.3).

    >>> code(base64.b32encode(b"12345678901234567890").decode(), 59 // 30, 8)
    '94287082'
    """
    key = base64.b32decode(secret)
    mac = hmac.digest(key, counter.to_bytes(8, "big"), "sha1")
    place = mac[-1] & 15
    number = int.from_bytes(mac[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def is_secret(text: str) -> bool:
    """Whether a text is a secret as `new_secret` draws them."""
    try:
        return len(base64.b32decode(text)) == 20
    except ValueError:
        return False


def step_of(secret: str, typed: str, now: float, after: int = 0) -> int | None:
    """Give the step of a typed code; None if it is wrong or used: steps up to `after` are."""
    digits = "".join(typed.split()).encode("utf-8", "replace")
    here = int(now) // STEP
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(code(secret, max(step, 0)).encode(), digits) and step > after:
            return step
    return None


def address(secret: str, name: str, site: str) -> str:
    """Write the address that the program of a telephone reads.

    >>> address("GE", "Zoé", "Radio: dio")
    'otpauth://totp/Radio%20dio:Zo%C3%A9?secret=GE&issuer=Radio%20dio'
    """
    issuer = quote(" ".join(site.replace(":", " ").split()), safe="")
    return f"otpauth://totp/{issuer}:{quote(name, safe='')}?secret={secret}&issuer={issuer}"
