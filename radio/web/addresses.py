"""Addresses: times in them, and whole ones for those who take them elsewhere."""

import math

from flask import current_app, request


def base_url() -> str:
    """Give the address of the site; without RADIO_BASE_URL that of the request."""
    return str(current_app.config["BASE_URL"] or request.host_url.rstrip("/"))


def absolute(address: str) -> str:
    """Give the whole address of a page or file of the site."""
    return base_url() + address


def read_second(text: str, duration: float) -> float | None:
    """Read `?t=`; None where it is no time of the episode.

    >>> read_second("754", 3600), read_second("2.5", 3600)
    (754.0, 2.5)
    >>> read_second("nan", 3600), read_second("-1", 3600), read_second("7e9", 3600)
    (None, None, None)
    """
    try:
        second = float(text)
    except ValueError:
        return None
    return second if math.isfinite(second) and 0 <= second < duration else None


def write_second(second: float) -> str:
    """Write a time for `?t=`.

    >>> write_second(754.0), write_second(2.5), write_second(0.1 + 0.2)
    ('754', '2.5', '0.3')
    """
    return f"{second:.3f}".rstrip("0").rstrip(".")
