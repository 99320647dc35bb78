"""The page on which listeners mend a sentence: a form, without script, cookie, account or address.

Only its own address takes what is sent. Where nothing is taken, no such address is known.
"""

from functools import lru_cache
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import (
    Forbidden,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)
from werkzeug.routing import UnicodeConverter, ValidationError
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.french.letters import tidy
from radio.proposals.intake import (
    LONGEST,
    LONGEST_COMMENT,
    Budget,
    Sentence,
    fault_in,
    take,
)
from radio.proposals.queue import are_taken
from radio.system.disk import Stamp, stamp
from radio.system.errors import ArchiveError, TranscriptError
from radio.text.sentences import sentence_at, sentence_of
from radio.text.transcript import Cue, Transcript
from radio.web.addresses import Span, read_span, write_second
from radio.web.context import catalogue
from radio.web.gate import sender

mending = Blueprint("mending", __name__)

AROUND = 2  # cues that are shown before and after
LARGEST = 16 << 10  # bytes that are read
RETRY = 600  # seconds after which there is some room again
FORM = "application/x-www-form-urlencoded"
READING = ("GET", "HEAD")
METHODS = (*READING, "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
CODES = {"changed": 409, "full": 429, "failed": 503}


class Taken(UnicodeConverter):
    """A part of an address that is only known where listeners may propose something."""

    def to_python(self, value: str) -> str:
        """Give it back.

        Raises ValidationError, so that no rule is found, where nothing is taken.
        """
        if not is_on():
            raise ValidationError
        return value


def is_on() -> bool:
    """Whether this site takes proposals."""
    return not current_app.config["FROZEN"] and are_taken(catalogue().archive.root)


def proposing(episode: Episode, second: float | None) -> str:
    """Give where the sentence at a second is mended; nothing where nothing is taken."""
    if not is_on():
        return ""
    at = write_second(second) if second else None
    return url_for("mending.form", show=episode.show, slug=episode.slug, t=at)


@mending.route("/propose/<taken:show>/<slug>", methods=METHODS, provide_automatic_options=False)
def form(show: str, slug: str) -> AnyResponse:
    """Show the sentence that is said at `?t=`, let it be heard, and ask what was said.

    All methods lead here, so that where nothing is taken each gets the answer of no address.
    """
    if request.method == "POST":
        return _propose(show, slug)
    if request.method not in READING:
        raise MethodNotAllowed([*READING, "POST"])
    page = MendingPage(catalogue().episode(f"{show}/{slug}"), request.args.get("t", ""))
    return page.render(state="thanks" if "thanks" in request.args else "")


def _propose(show: str, slug: str) -> AnyResponse:
    """Keep what is proposed until a keeper decides; then thank, by an address of its own."""
    _require_own()
    page = MendingPage(catalogue().episode(f"{show}/{slug}"), request.args.get("t", ""))
    words, comment = tidy(request.form.get("words", "")), tidy(request.form.get("comment", ""))
    thanks = redirect(f"{page.address}{'&' if '?' in page.address else '?'}thanks=1", 303)
    if request.form.get("website"):  # nobody sees that field: a robot filled it in
        return thanks
    fault: str = fault_in(words, comment, page.sentence.words)
    if not fault and request.form.get("seen") != page.sentence.seen:
        fault = "changed"
    if not fault:
        fault = _keep(page.sentence, words, comment)
    return page.render(state=fault, words=words, comment=comment) if fault else thanks


def _keep(sentence: Sentence, words: str, comment: str) -> str:
    """Keep it; tell what is in the way, if anything is."""
    try:
        outcome = take(catalogue().archive.root, _budget(), sentence, words, comment)
    except ArchiveError as error:
        current_app.logger.warning("%s", error)
        return "failed"
    return "full" if outcome == "full" else ""


def _budget() -> Budget:
    budget: Budget = current_app.extensions.setdefault("mending", Budget())
    return budget


def _require_own() -> None:
    """Refuse what no form of this site sends: from another site, too large, of another kind."""
    if sender() == "elsewhere":  # over http it is hidden: browsers do so of our own form, too
        raise Forbidden
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    if request.mimetype != FORM:
        raise UnsupportedMediaType


class MendingPage:
    """The page of one sentence.

    Raises NotFound where there is none: the episode has no text yet, or none that can be read.
    """

    def __init__(self, episode: Episode, at: str):
        self.episode, archive = episode, catalogue().archive
        span = read_span(at, episode.audio.duration) or Span(0.0)
        try:
            known = _transcript(archive, episode.key, stamp(archive.vtt_path(episode.key)))
        except TranscriptError as error:
            raise NotFound from error
        cues = known.cues if known and archive.is_transcribed(episode.key) else ()
        where = sentence_at(cues, span.start)
        if where is None:
            raise NotFound
        first, last = cues[where.start], cues[where.stop - 1]
        words = sentence_of(cues[where.start : where.stop])
        self.sentence = Sentence(episode.key, first.start, last.end, words)
        self.before = _around(cues[max(0, where.start - AROUND) : where.start])
        self.after = _around(cues[where.stop : where.stop + AROUND])

    @property
    def address(self) -> str:
        """Where the form is sent."""
        return proposing(self.episode, self.sentence.start)

    def render(self, state: str, words: str | None = None, comment: str = "") -> Response:
        """Write the page, with what a listener wrote already and what is in its way."""
        show = catalogue().archive.show(self.episode.show)
        told: dict[str, Any] = {"longest": LONGEST, "longest_comment": LONGEST_COMMENT}
        page = render_template(
            "propose.html",
            page=self,
            show=show,
            episode=self.episode,
            spoken=show.language_of(self.episode),
            state=state,
            words=self.sentence.words if words is None else words,
            comment=comment,
            **told,
        )
        code = CODES.get(state, 422) if state not in ("", "thanks") else 200
        response = make_response(page, code)
        response.headers["Cache-Control"] = "no-store"
        if code == CODES["full"]:
            response.headers["Retry-After"] = str(RETRY)
        return response


@lru_cache(maxsize=4)
def _transcript(archive: Archive, key: str, _stamp: Stamp) -> Transcript | None:
    """Read a text once for each state of its file: a flood shall cost little."""
    return archive.transcript(key)


def _around(cues: tuple[Cue, ...]) -> str:
    return sentence_of(cues)
