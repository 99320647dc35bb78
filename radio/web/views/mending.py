"""The form with which listeners mend a sentence: without script, cookie or account; there is no
such address where nothing is taken."""

from functools import lru_cache

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug import exceptions
from werkzeug.routing import UnicodeConverter, ValidationError
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.french.letters import tidy
from radio.proposals.intake import LONGEST, LONGEST_COMMENT, Budget, Sentence, fault_in, take
from radio.proposals.queue import are_taken
from radio.system.disk import Stamp, stamp
from radio.system.errors import ArchiveError, TranscriptError
from radio.text.sentences import sentence_at, sentence_of
from radio.text.transcript import Transcript
from radio.web.context import catalogue
from radio.web.gate import sender
from radio.web.spans import Span, read_span, write_second

mending = Blueprint("mending", __name__)

AROUND = 2  # cues that are shown before and after
LARGEST = 16 << 10  # bytes that are read
RETRY = 600  # seconds after which there is some room again
FORM = "application/x-www-form-urlencoded"
READING = ("GET", "HEAD")
METHODS = (*READING, "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
CODES = {"": 200, "thanks": 200, "changed": 409, "full": 429, "failed": 503}


class Taken(UnicodeConverter):
    """A part of an address that is only known where listeners may propose something."""

    def to_python(self, value: str) -> str:
        """Give it back. Raises ValidationError, so that no rule is found, where none is taken."""
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
    """Show the sentence at `?t=`, and ask what was said; a keeper decides. All methods lead here,
    so that each gets the same 404 where nothing is taken."""
    if request.method not in (*READING, "POST"):
        raise exceptions.MethodNotAllowed([*READING, "POST"])
    if request.method == "POST":
        _require_own()
    episode = catalogue().episode(f"{show}/{slug}")
    before, sentence, after = _around(episode, request.args.get("t", ""))
    address, sent = proposing(episode, sentence.start), request.form
    words, comment, state = tidy(sent.get("words", "")), tidy(sent.get("comment", "")), ""
    if request.method == "POST":
        # nobody sees the field `website`: a robot filled it in
        state = "thanks" if sent.get("website") else _keep(sentence, words, comment)
        if state == "thanks":
            return redirect(f"{address}{'&' if '?' in address else '?'}thanks=1", 303)
    elif "thanks" in request.args:
        state = "thanks"
    listed = catalogue().archive.show(episode.show)
    page = render_template(
        "propose.html",
        show=listed,
        episode=episode,
        spoken=listed.language_of(episode),
        sentence=sentence,
        around=(before, after),
        address_of_form=address,
        state=state,
        words=words if request.method == "POST" else sentence.words,
        comment=comment,
        longest=LONGEST,
        longest_comment=LONGEST_COMMENT,
    )
    response = make_response(page, CODES.get(state, 422))
    response.headers["Cache-Control"] = "no-store"
    if state == "full":
        response.headers["Retry-After"] = str(RETRY)
    return response


def _require_own() -> None:
    """Refuse what no form of this site sends: from another site, too large, of another kind."""
    if sender() == "elsewhere":  # over http it is hidden: browsers do so of our own form, too
        raise exceptions.Forbidden
    if (request.content_length or 0) > LARGEST:
        raise exceptions.RequestEntityTooLarge
    if request.mimetype != FORM:
        raise exceptions.UnsupportedMediaType


def _keep(sentence: Sentence, words: str, comment: str) -> str:
    """Keep what is proposed, and thank; or tell what is in the way."""
    if fault := fault_in(words, comment, sentence.words):
        return fault
    if request.form.get("seen") != sentence.seen:
        return "changed"
    budget: Budget = current_app.extensions.setdefault("mending", Budget())
    try:
        outcome = take(catalogue().archive.root, budget, sentence, words, comment)
    except ArchiveError as error:
        current_app.logger.warning("%s", error)
        return "failed"
    return "full" if outcome == "full" else "thanks"


def _around(episode: Episode, at: str) -> tuple[str, Sentence, str]:
    """Give the sentence at a second, and what is around it. Raises NotFound where none is."""
    archive, span = catalogue().archive, read_span(at, episode.audio.duration) or Span(0.0)
    try:
        known = _transcript(archive, episode.key, stamp(archive.vtt_path(episode.key)))
    except TranscriptError as error:
        raise exceptions.NotFound from error
    cues = known.cues if known and archive.is_transcribed(episode.key) else ()
    where = sentence_at(cues, span.start)
    if where is None:
        raise exceptions.NotFound
    here = cues[where.start : where.stop]
    sentence = Sentence(episode.key, here[0].start, here[-1].end, sentence_of(here))
    before = sentence_of(cues[max(0, where.start - AROUND) : where.start])
    return before, sentence, sentence_of(cues[where.stop : where.stop + AROUND])


@lru_cache(maxsize=4)
def _transcript(archive: Archive, key: str, _stamp: Stamp) -> Transcript | None:
    """Read a text once for each state of its file: a flood shall cost little."""
    return archive.transcript(key)
