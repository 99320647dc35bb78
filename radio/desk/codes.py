"""Codes of six digits that a telephone shows, another one every 30 seconds (RFC 6238)."""

import base64
import binascii
import hmac
import secrets
from urllib.parse import quote

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
    except (binascii.Error, ValueError):
        return False


def step_of(secret: str, typed: str, now: float, after: int = 0) -> int | None:
    """Tell of which step a code is, as it was typed; None where it is wrong, or was used already.

    Steps up to `after` are used.
    """
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
