"""Addresses: times in them, and whole ones for those who take them elsewhere."""

import math

from flask import current_app, g, request, url_for


def base_url() -> str:
    """Give the address of the site; without RADIO_BASE_URL that of the request."""
    return str(current_app.config["BASE_URL"] or request.host_url.rstrip("/"))


def absolute(address: str) -> str:
    """Give the whole address of a page or file of the site."""
    return base_url() + address


def episode_address(key: str, second: str | None = None, anchor: str = "") -> str:
    """Give the address of an episode, at a second written as `write_second` does.

    A page of passages names the same episodes again and again, so each is built once for a request.
    """
    known: dict[str, str] = g.setdefault("addresses", {})
    if key not in known:
        show, _, slug = key.partition("/")
        known[key] = url_for("pages.episode", show=show, slug=slug)
    address = known[key]
    if second is not None:
        address += f"{'&' if '?' in address else '?'}t={second}"
    return f"{address}#{anchor}" if anchor else address


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
