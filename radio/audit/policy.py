"""The headers that protect readers from being tracked. Pure. Content-Security-Policy:
https://www.w3.org/TR/CSP3. Of several policies, one that is strict enough suffices."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from email.message import Message

CSP = "Content-Security-Policy"
UNWANTED = ("Server", "X-Powered-By", "Report-To", "Reporting-Endpoints", "NEL", "Accept-CH")
NO_SOURCES = {  # directives that say something else than from where
    *("frame-ancestors", "sandbox", "upgrade-insecure-requests", "block-all-mixed-content"),
    *("trusted-types", "require-trusted-types-for"),
}
EXACTLY = {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'"}
UNDEFAULTED = ("form-action", "base-uri")  # for which default-src says nothing
PARTS = ("text/css", "text/javascript", "application/javascript", "image/", "font/")  # of pages

Policy = Mapping[str, tuple[str, ...]]
# a file that may only use its site's style sheet
STILL: Policy = {"default-src": ("'none'",), "style-src": ("'self'",)}


def faults(headers: Message, mime: str, *, is_page: bool) -> Iterator[str]:
    """Find what the headers of a page or file lack or give away. Of several policies the best one
    counts. A part of pages may have their policy; another file one by which it can do nothing."""
    texts = ",".join(headers.get_all(CSP, [])).split(",")
    policies = list(filter(None, map(_policy, texts)))
    of_page = min((list(_faults(each)) for each in policies), key=len, default=[_written(CSP, "")])
    is_mute = any(_is_shut(each) or each == STILL for each in policies)
    if is_page:
        yield from of_page
        referrer = _value(headers, "Referrer-Policy")
        if referrer.rpartition(",")[2].strip().lower() != "no-referrer":
            yield _written("Referrer-Policy", referrer)
        if "Permissions-Policy" not in headers:
            yield _written("Permissions-Policy", "")
    elif not is_mute and (of_page or not mime.startswith(PARTS)):
        yield _written(CSP, _value(headers, CSP))
    kinds = _value(headers, "X-Content-Type-Options")
    if kinds.strip().lower() != "nosniff":
        yield _written("X-Content-Type-Options", kinds)
    yield from (_written(name, _value(headers, name)) for name in UNWANTED if name in headers)


def admits(headers: Message, style: str) -> bool:
    """Whether a page allows an inline style by its hash, and so no other."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'" in _value(headers, CSP)


def _is_shut(policy: Policy) -> bool:
    """Whether a page of that policy can neither load nor do anything."""
    return policy.get("default-src") == ("'none'",) and policy.get("sandbox") == ()


def _faults(policy: Policy) -> Iterator[str]:
    if _is_shut(policy):
        return
    for name, value in EXACTLY.items():
        if policy.get(name) != (value,):
            yield _written(CSP, " ".join((name, *policy.get(name, ("—",)))))
    yield from (_written(CSP, f"{name} —") for name in UNDEFAULTED if name not in policy)
    for name, sources in policy.items():
        if name not in NO_SOURCES | set(EXACTLY) and set(sources) - {"'self'", "'none'"}:
            yield _written(CSP, " ".join((name, *sources)))


def _policy(text: str) -> Policy:
    directives = [each.lower().split() for each in text.split(";") if each.strip()]
    return {name: tuple(sources) for name, *sources in reversed(directives)}


def _value(headers: Message, name: str) -> str:
    return ", ".join(headers.get_all(name, []))


def _written(name: str, value: str) -> str:
    """Write a header; a dash stands for a missing value."""
    return f"{name}: {value or '—'}"
