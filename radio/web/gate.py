"""The gate of the desk: its blueprint, and the checks of all requests to it. A view is shut unless
it says whom it admits. Requests from other sites are refused; nobody stores anything."""

import contextlib
import hmac
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.exceptions import Forbidden, NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from radio.archive.threads import THREADS
from radio.desk.accounts import Account, Role, digest
from radio.desk.entrance import Entrance, Visit
from radio.system.errors import RadioError
from radio.system.messages import speak
from radio.web.addresses import known_url
from radio.web.context import catalogue, listed
from radio.web.desk_pages import look_at_chores, not_done
from radio.web.language import current
from radio.web.spans import read_span, write_second

COOKIE = "__Host-desk"
DEVICE = "__Secure-desk-device"  # cookie of a browser that signed in before, for the desk alone
HARMLESS = ("GET", "HEAD", "OPTIONS")
LARGEST = 16 << 10  # bytes of a form
LONG = 128 << 10  # bytes of a form with long texts: a letter takes up to nine of them
SPARE = 256 << 10  # bytes beyond, of which what was written is given back
ADMITTED: dict[str, tuple[Role, ...]] = {"keeper": ("keeper",), "rereader": ("keeper", "rereader")}
log = logging.getLogger(__name__)

desk = Blueprint("desk", __name__, url_prefix="/desk")

View = TypeVar("View", bound=Callable[..., Any])

Sender = Literal["here", "elsewhere", "hidden", "untold"]


@dataclass(frozen=True)
class Guard:
    """Whom views of the desk admit: `keeper.get("/shows")` registers one for keepers. A view takes
    `most` bytes; who sends more gets the answer of `tells`, or back what they wrote. A `streamed`
    view reads the body by itself; its token is in the address."""

    admits: str

    def mark(self, view: View, most: int = LARGEST, **marks: Any) -> View:
        """Let a view admit them."""
        view.__dict__.update(admits=self.admits, takes=most, **marks)
        return view

    def at(self, *rules: str, methods: Sequence[str], **marks: Any) -> Callable[[View], View]:
        """Register a view of the desk that admits them."""

        def register(view: View) -> View:
            for rule in rules:
                desk.add_url_rule(rule, view_func=self.mark(view, **marks), methods=methods)
            return view

        return register

    def get(self, *rules: str) -> Callable[[View], View]:
        """Register a view that shows something."""
        return self.at(*rules, methods=["GET"])

    def post(self, *rules: str, **marks: Any) -> Callable[[View], View]:
        """Register a view that does something."""
        return self.at(*rules, methods=["POST"], **marks)

    def form(self, *rules: str, **marks: Any) -> Callable[[View], View]:
        """Register a view that shows a form, and reads it."""
        return self.at(*rules, methods=["GET", "POST"], **marks)


anybody = Guard("anybody")  # who is not signed in, too
rereader = Guard("rereader")  # all who are signed in
keeper = Guard("keeper")  # keepers


def _admits(view: Callable[..., Any], known: Visit | None) -> bool:
    return known is not None and _is_for(view, known.account)


def _is_for(view: Callable[..., Any], account: Account) -> bool:
    return account.role in ADMITTED.get(view.__dict__.get("admits", ""), ())


def opens(account: Account, page: str) -> bool:
    """Whether an account may open a page of the desk, named by its endpoint."""
    return _is_for(current_app.view_functions[f"desk.{page}"], account)


def _asked_view() -> Callable[..., Any]:
    return current_app.view_functions[request.endpoint or ""]


def entrance() -> Entrance:
    """Give the entrance of the archive."""
    return cast(Entrance, current_app.extensions["desk"])


def visitor() -> Visit | None:
    """Give who is signed in, or None."""
    return cast("Visit | None", g.get("visitor"))


def visit() -> Visit:
    """Give who is signed in, in a view that admits nobody else."""
    return cast(Visit, g.visitor)


def who() -> str:
    """Name the account of whoever acts, in a view that admits nobody else."""
    return visit().account.name


def is_known() -> bool:
    """Whether somebody is signed in, or has a device cookie: neither can be made up."""
    return visitor() is not None or entrance().knows(request.cookies.get(DEVICE, ""))


def ways_in() -> list[tuple[str, str]]:
    """Give who reads a public page, and is signed in, the ways from there into the desk: text and
    address. Such a page is for them alone. What they read and hear is noted nowhere."""
    token, found = request.cookies.get(COOKIE, ""), list[tuple[str, str]]()
    if token and "desk" in current_app.extensions and not catalogue().origin:
        with contextlib.suppress(RadioError):  # untold: it would name what somebody reads
            known = entrance().visit(token, notes=False)
            every = _ways(dict(request.view_args or {})) if known else ()
            found = [(text, to) for page, text, to in every if known and opens(known.account, page)]
    g.is_own = bool(found)
    return found


def _ways(names: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give each page of the desk that changes what a public page shows. Raises RadioError."""
    archive, edit, show = catalogue().archive, gettext("Modifier"), names.get("show", "")
    if request.endpoint == "pages.episode":
        episode = listed(f"{show}/{names['slug']}")
        yield "fields", edit, url_for("desk.fields", **names)
        if archive.is_transcribed(episode.key):
            span = read_span(request.args.get("t", ""), episode.audio.duration)
            to = url_for("desk.sections", **names, t=span and write_second(span.start))
            yield "sections", gettext("Relire ici") if span else gettext("Relire"), to
    elif request.endpoint == "pages.show":
        to = url_for("desk.show_fields", show=archive.show(show).slug)
        yield "show_fields", edit, to
    elif names.get("room") == "threads":
        every = [each.subject.slug for each in THREADS.read(archive.root).threads]
        if (slug := names.get("slug")) in every:
            yield "threads", edit, url_for("desk.threads", number=every.index(slug) + 1)


@desk.before_request
def check() -> AnyResponse | None:
    """Let in whom the view admits; others are asked to sign in."""
    speak(current())
    view = _asked_view()
    request.max_content_length = view.__dict__.get("takes", LARGEST)
    if not entrance().is_built():
        if request.endpoint == "desk.home":
            return not_done(200, "unbuilt")
        raise NotFound
    look_at_chores()
    g.visitor = entrance().visit(request.cookies.get(COOKIE, ""))
    if request.method not in HARMLESS and not _is_own(view):
        log.warning("refused what another site sent to %s", request.endpoint)
        raise Forbidden
    if view.__dict__.get("admits") == "anybody" or _admits(view, g.visitor):
        return None
    if g.visitor is None and request.method in HARMLESS:
        return redirect(url_for("desk.home", then=request.full_path.rstrip("?")), 303)
    raise Forbidden


def _is_own(view: Callable[..., Any]) -> bool:
    """Whether a page of this site sent the request: browsers say so, old ones by our token."""
    if (origin := sender()) != "untold":
        return origin == "here"
    context = request.args if view.__dict__.get("streamed") else request.form
    sent = context.get("token", "").encode("utf-8", "replace")
    known = visitor()
    return known is not None and hmac.compare_digest(_token(known).encode(), sent)


def _token(known: Visit) -> str:
    return digest(f"form {known.token}")


@desk.after_request
def close(response: Response) -> Response:
    """Have nobody store or list anything of the desk."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.vary.add("Cookie")
    return response


desk.teardown_request(lambda _error: speak(""))  # the log and the other pages speak as before


@desk.errorhandler(Forbidden)
def refuse(_error: Forbidden) -> AnyResponse:
    """Refuse; what was written when a session had ended is given back, but no password."""
    is_ours = visitor() is None and request.method == "POST" and sender() == "here"
    is_large = (request.content_length or 0) > LARGEST or "streamed" in _asked_view().__dict__
    is_kept = is_ours and not is_large and not {"password", "chosen"} & request.form.keys()
    return not_done(403, "refused", is_kept=is_kept)


@desk.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> AnyResponse:
    """Say that somebody sent too much, and give back what they wrote, if that was read."""
    view, most = _asked_view(), request.max_content_length or LARGEST
    if not _admits(view, visitor()):
        return not_done(413, "refused")
    if tells := view.__dict__.get("tells"):
        return current_app.make_response((tells(**request.view_args or {}), 413))
    size = request.content_length or 0
    is_kept = size < most + SPARE
    if is_kept:
        request.max_content_length = request.max_form_memory_size = most + SPARE
    return not_done(413, "large", is_kept=is_kept, most=most, size=size)


@desk.context_processor
def surroundings() -> dict[str, object]:
    """Give the desk's pages who is signed in, what that opens, and the token of their forms."""
    known = visitor()
    field = Markup('<input type="hidden" name="token" value="{}">')
    token = _token(known) if known else ""
    return {
        "visitor": known,
        "opens": lambda page: known is not None and opens(known.account, page),
        "token": token and field.format(token),
        "bare_token": token,
    }


def sender() -> Sender:
    """Find whether a page of this site sent the request; browsers may hide the origin, old ones do
    not say. https://www.w3.org/TR/fetch-metadata/ and https://www.rfc-editor.org/rfc/rfc6454."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return "here" if site in ("same-origin", "none") else "elsewhere"
    origin = request.headers.get("Origin")
    if not origin:
        return "untold"
    if origin == "null":
        return "hidden"
    own = {request.host, urlsplit(known_url()).netloc} - {""}  # a proxy may tell another host
    return "here" if origin.partition("://")[2] in own else "elsewhere"
