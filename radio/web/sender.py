"""Which site sent a form, as far as a browser tells: one rule for whatever takes one."""

from typing import Literal
from urllib.parse import urlsplit

from flask import request

from radio.web.addresses import known_url

Sender = Literal["here", "elsewhere", "hidden", "untold"]


def sender() -> Sender:
    """Tell whether a page of this site sent the request.

    It is hidden where a browser keeps the origin to itself, and untold by old browsers. The headers
    are those of https://www.w3.org/TR/fetch-metadata/ and https://www.rfc-editor.org/rfc/rfc6454.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return "here" if site in ("same-origin", "none") else "elsewhere"
    origin = request.headers.get("Origin")
    if not origin:
        return "untold"
    if origin == "null":
        return "hidden"
    own = {request.host, urlsplit(known_url()).netloc} - {""}  # a proxy may tell another host
    return "here" if origin.partition("://")[2] in own else "elsewhere"
