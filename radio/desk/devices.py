"""Devices that signed in before: a flood of guesses by others keeps no keeper out.

What a browser shows names the account and a device drawn by lot, signed with the hash of the
password: it opens nothing, and another password ends it. It leads past the strangers who wait at
the door of the site (`radio.web.limits`), to a brake that they can't press
(https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
Nothing of it is written down.
"""

import hmac
import re
import secrets

from radio.desk.accounts import Account

LIFE = 180 * 24 * 3600  # seconds
SHOWN = re.compile(r"([\w-]{22})\.([0-9a-f]{64})", re.ASCII)


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
    told = f"device {device} {account.name}"
    return hmac.new(account.password.encode(), told.encode(), "sha256").hexdigest()
