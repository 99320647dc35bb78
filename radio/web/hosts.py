"""Requests whose Host header is malformed are refused before anything else is done."""

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST = 260  # characters, with the port
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w-]{1,63}(\.[\w-]{1,63})*\.?)?(:[0-9]{1,5})?", re.ASCII)


def check_host(application: WSGIApplication) -> WSGIApplication:
    """Put the check in front of an application."""

    def checked(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if len(host) <= LONGEST and HOST.fullmatch(host):
            return application(environ, start)
        start("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return []

    return checked
