"""The site: its parts put together, and what it says when something goes wrong."""

import hashlib
import logging
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, make_response, render_template
from flask_babel import Babel, format_decimal, gettext
from markupsafe import Markup
from werkzeug import exceptions
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import Archive
from radio.desk.entrance import Entrance
from radio.formats.markdown import plain, render_html
from radio.french.letters import bind_runs
from radio.search import Index
from radio.search.sense.guesses import Sense
from radio.search.syntax import by_person, by_tag, in_month, in_year, without_filters
from radio.system import messages
from radio.system.connection.place import is_address
from radio.system.errors import NotFoundError, RadioError, SearchError, WithheldError
from radio.system.messages import speaking
from radio.text.transcript import clock, voice_number
from radio.web import addresses, counting, headers, language, spans, views
from radio.web.context import Catalogue, Departed, catalogue, known_date, site_name
from radio.web.forwarding import Away, bare, forwarded
from radio.web.gate import desk, ways_in
from radio.web.headers import check_host, compress_answers
from radio.web.health import healthz, tell_failure
from radio.web.language import current
from radio.web.limits import hang_doors
from radio.web.queries import aired, explained, keep_exact, narrowed, tell
from radio.web.quoting import miss, rebroadcast, report, trouble
from radio.web.reading import with_marks
from radio.web.timeline import spanning
from radio.web.views.manual import help_address
from radio.web.views.mending import Taken, is_on, proposing
from radio.web.views.pictures import cover_address, surroundings
from radio.web.views.search import suggestions

log = logging.getLogger(__name__)


MODULES = [import_module(f"{views.__name__}.{each.name}") for each in iter_modules(views.__path__)]
PAGES = [
    each
    for module in sorted(MODULES, key=lambda module: module.__name__)
    for each in vars(module).values()
    if isinstance(each, Blueprint) and each.import_name == module.__name__
]

FILTERS: list[Any] = [aired, explained, tell, narrowed, spanning, with_marks, clock, plain]
FILTERS += [bind_runs, by_person, by_tag, in_year, in_month]
FILTERS += [language.brief, language.dated, language.day, language.hour, language.month]
FILTERS += [language.noted_day, language.percent, language.lasting, language.weight]
FILTERS += [language.voice_name]


def create_app(
    archive: Archive,
    index: Index,
    *,
    base_url: str = "",
    kind: type[Flask] = Flask,
    with_desk: bool = True,
) -> Flask:
    """Make the site of an archive. Whole addresses are made from `base_url` alone; its path, where
    the site lies, is in SCRIPT_NAME. Another `kind` makes files, without the desk."""
    app = kind(__name__)
    app.extensions["radio"] = Catalogue(archive, index, Sense(archive, index))
    app.config["FROZEN"] = kind is not Flask
    if kind is Flask:  # before templates take it
        app.url_for = addresses.remembering(app.url_for)  # type: ignore[method-assign]
    app.config["BASE_URL"] = app.config["BOOKS_URL"] = base_url.rstrip("/")
    app.config["APPLICATION_ROOT"] = urlsplit(base_url).path.rstrip("/") or "/"
    # Redirects would carry whatever Host header the request came with.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters["taken"] = Taken
    folder = str(messages.FOLDER)
    texts = {"default_domain": messages.DOMAIN, "default_translation_directories": folder}
    Babel(app, default_locale="fr", locale_selector=language.region, **texts)
    for each in PAGES:
        app.register_blueprint(each)
    if kind is Flask:
        counting.begin(app, archive)
    if with_desk and kind is Flask:
        app.extensions["desk"] = Entrance(archive.root)
        app.register_blueprint(desk)
    app.add_url_rule("/healthz", "healthz", lambda: healthz(archive))
    app.log_exception = tell_failure  # type: ignore[method-assign]
    hang_doors(app)
    _register_words(app)
    _register_addresses(app)
    app.wsgi_app = check_host(app.wsgi_app)  # type: ignore[method-assign,assignment]
    app.register_error_handler(exceptions.HTTPException, _explain)
    app.register_error_handler(RadioError, _explain_ours)
    compress_answers(app)
    app.after_request(lambda response: headers.harden(response, app.config["BASE_URL"]))
    return app


def _register_words(app: Flask) -> None:
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update({each.__name__: each for each in FILTERS})
    env.filters["second"], env.filters["words_of"] = spans.write_second, without_filters
    env.filters["decimal"] = format_decimal
    env.filters["prose"] = lambda text: Markup(render_html(text))  # noqa: S704 (it escapes all words)
    env.tests["address"] = is_address
    env.tests["unnamed_voice"] = lambda name: voice_number(name) is not None
    env.globals.update({"_": language.translated, "known_date": known_date})
    app.context_processor(_surroundings)
    app.context_processor(surroundings)


def _register_addresses(app: Flask) -> None:
    files = (path for path in Path(app.static_folder or "").iterdir() if path.is_file())
    versions = {each.name: hashlib.sha256(each.read_bytes()).hexdigest()[:12] for each in files}

    def version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("v", versions.get(values.get("filename", "")))

    for keep in (language.keep, keep_exact, version):
        app.url_defaults(keep)


def _surroundings() -> dict[str, object]:
    return {
        "site_name": site_name(),
        "base_url": addresses.known_url(),
        "absolute": addresses.absolute,
        "frozen": current_app.config["FROZEN"],
        "policy": headers.FROZEN_POLICY,
        "canonical": addresses.canonical(),
        "origin": catalogue().origin,
        "languages": language.LANGUAGES,
        "lang": language.current(),
        "lang_asked": language.in_address(),
        "elsewhere": language.elsewhere,
        "help_address": help_address,
        "address": addresses.episode_address,
        "cover": cover_address,
        "suggestions": suggestions,
        "media": addresses.media_address,
        "report_to": report,
        "rebroadcast_to": rebroadcast,
        "miss_to": miss,
        "proposing": proposing,
        "takes_proposals": is_on,
        "is_counting": counting.is_on,
        "told_at": counting.told_at,
        "trouble_to": trouble,
        "ways_in": ways_in,
    }


def _explain(error: exceptions.HTTPException) -> tuple[str, int] | AnyResponse:
    """Say in plain words what is wrong, and offer a search."""
    code = error.code or 500
    if code < 400 or isinstance(error, exceptions.BadHost):  # without a host no link can be written
        return error.get_response()
    if code == 404:
        try:
            if answer := forwarded():
                return answer
        except (Away, exceptions.Gone) as found:
            return _explain(found)
    if isinstance(error, addresses.AddressUnknown):
        return _say(code, unknown=True)
    if isinstance(error, Away):
        return error.get_response()
    if code == 503:  # answering too many requests must cost little
        message = gettext("Trop de demandes à la fois. Réessayez dans quelques secondes.")
        return bare(503, message, "5")  # seconds
    if isinstance(error, Departed):
        return _say(code, reason=error.description or "", since=error.since, until=error.until)
    answer = make_response(_say(code, reason=""))
    if isinstance(error, exceptions.MethodNotAllowed):
        answer.allow.update(sorted(error.valid_methods or ()))
    return answer


def _say(code: int, **values: object) -> tuple[str, int] | Response:
    """Make the page of an error; a bare one where the archive can't be read for it."""
    try:
        return render_template("error.html", code=code, **values), code
    except (RadioError, OSError) as error:
        log.warning("%s", error)
        return bare(code, gettext("Le site n’a pas pu répondre. Réessayez dans un moment."))


def _explain_ours(error: RadioError) -> tuple[str, int] | AnyResponse:
    if isinstance(error, WithheldError):
        with speaking(current()):
            return _say(403, reason=str(error))
    if isinstance(error, NotFoundError):
        return _explain(exceptions.NotFound())
    log.error("%s", error)
    if isinstance(error, SearchError):  # made again by somebody just now, maybe
        return _say(503, reason="")
    return _explain(exceptions.InternalServerError())
