"""Passwords, by argon2id (RFC 9106): the only importer of argon2.

A hash takes 19 MiB, so that a small server can afford it; two at once, whatever comes in.
"""

import threading
from functools import cache
from typing import TYPE_CHECKING

from radio.french.letters import composed
from radio.system.errors import BrakedError
from radio.system.messages import _

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MEMORY, PASSES = 19 << 10, 2  # KiB, times over them: what OWASP asks of a small machine
SHORTEST, LONGEST = 12, 64  # characters
WAIT = 10.0  # seconds for a turn
NOBODYS = f"$argon2id$v=19$m={MEMORY},t={PASSES},p=1${'A' * 22}${'A' * 43}"
"""A hash of which nobody knows the password: to try it takes as long as to try another."""

_turns = threading.BoundedSemaphore(2)


def is_fit(password: str) -> bool:
    """Whether a password is of a length that is taken."""
    return SHORTEST <= len(_plain(password)) <= LONGEST


def hashed(password: str) -> str:
    """Give what is written down of a password. Raises BrakedError if too many are waiting."""
    with _Turn():
        return _hasher().hash(_plain(password))


def fits(known: str, password: str) -> bool:
    """Whether a password is the one that was hashed; where none was, it takes as long to say no.

    Raises BrakedError if too many are waiting.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    with _Turn():
        try:
            return _hasher().verify(known or NOBODYS, _plain(password)) and bool(known)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _hasher() -> "PasswordHasher":
    """Load argon2 with the first password: a site without a desk needs none of its 3 MB."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY, parallelism=1)


class _Turn:
    """One of the two hashes that are made at once."""

    def __enter__(self) -> None:
        if not _turns.acquire(timeout=WAIT):
            raise BrakedError(_("too many passwords are tried just now; wait a moment"), WAIT)

    def __exit__(self, *error: object) -> None:
        _turns.release()


def _plain(password: str) -> str:
    """Write letters in one way: keyboards differ in how they give an é."""
    return composed(password)
