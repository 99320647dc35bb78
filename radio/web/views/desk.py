"""The first pages of the desk: who one is there, how one comes in and goes out."""

import math
import re
from collections.abc import Callable
from itertools import islice

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import journal
from radio.desk import passwords
from radio.desk.sessions import LIFE
from radio.pictures import qr
from radio.proposals.least_sure import survey
from radio.system.errors import BrakedError, DeniedError
from radio.web.awaited import awaited, titles_of
from radio.web.context import catalogue, plain_name
from radio.web.gate import COOKIE, DEVICE, anybody, desk, entrance, rereader, visit, visitor

PAGE = re.compile(r"/desk(/[\w-]+)+(\?[!-~]*)?", re.ASCII)  # whither one may be led afterwards
PATIENCE = 0.2  # seconds
LATEST = 5  # entries of the journal


@desk.get("")
@anybody
def home() -> str | AnyResponse:
    """Show what there is; who is not signed in is asked to."""
    then = _then()
    if visitor() is None:
        return render_template("desk_sign_in.html", then=then, fault=_lost_cookie())
    if then:
        return redirect(request.script_root + then, 303)
    archive, is_keeper = catalogue().archive, visit().account.role == "keeper"
    entries = list(islice(journal.newest(archive.root), LATEST)) if is_keeper else []
    return render_template(
        "desk_home.html",
        entries=entries,
        titles=titles_of(archive, (each.key for each in entries)),
        awaited=awaited(archive, is_keeper=is_keeper),
        least=survey(archive, PATIENCE),
    )


@desk.route("/sign-in", methods=["GET", "POST"])
@anybody
def sign_in() -> AnyResponse:
    """Let somebody in, and give their browser the only cookies of this site."""
    then = _then()
    if request.method != "POST":
        return redirect(url_for("desk.home"), 303)
    name, password, code = (request.form.get(each, "") for each in ("name", "password", "code"))
    try:
        shown, device = (request.cookies.get(each, "") for each in (COOKIE, DEVICE))
        token = entrance().sign_in(name, password, code, shown, device)
    except DeniedError as error:
        return _again("desk_sign_in.html", error, name=name, then=then)
    response = redirect(url_for("desk.home", signed=1, then=then or None), 303)
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="Strict")
    device, place = entrance().device(token), f"{request.script_root}/desk"
    response.set_cookie(
        DEVICE, device, LIFE, path=place, secure=True, httponly=True, samesite="Strict"
    )
    return response


@desk.post("/sign-out")
@rereader
def sign_out() -> AnyResponse:
    """Let somebody out, here or everywhere."""
    entrance().sign_out(visit(), everywhere="everywhere" in request.form)
    response = redirect(url_for("desk.home"), 303)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")
    return response


@desk.route("/link/<link>", methods=["GET", "POST"])
@anybody
def invited(link: str) -> str | AnyResponse:
    """Let whoever has a one-time link choose a password."""
    try:
        account = entrance().invited(link)
        if request.method != "POST":
            return render_template("desk_link.html", account=account)
        use = entrance().accept
        return _choose(lambda it: use(link, it), page="desk_link.html", account=account)
    except BrakedError as error:
        return _again("desk_link.html", error, account=account)
    except DeniedError:
        return make_response(render_template("desk_link.html", account=None), 410)


@desk.route("/password", methods=["GET", "POST"])
@rereader
def password() -> str | AnyResponse:
    """Let somebody choose another password."""
    if request.method != "POST":
        return render_template("desk_password.html")
    current = request.form.get("password", "")
    change = entrance().change_password
    try:
        return _choose(lambda it: change(visit(), current, it), page="desk_password.html")
    except DeniedError as error:
        return _again("desk_password.html", error)


@desk.route("/codes", methods=["GET", "POST"])
@rereader
def second_factor() -> str | AnyResponse:
    """Have codes of a telephone asked at the sign-in, or not any more."""
    account, form = visit().account, request.form
    secret = form.get("secret", "")
    secret = secret if passwords.is_secret(secret) else passwords.new_secret()
    told = {"secret": secret, "code": "" if account.secret else _drawn(secret)}
    if request.method != "POST":
        return render_template("desk_codes.html", **told)
    current = form.get("password", "")
    try:
        if account.secret:
            entrance().drop_codes(visit(), current)
        else:
            entrance().ask_codes(visit(), current, secret, form.get("code", ""))
    except DeniedError as error:
        return _again("desk_codes.html", error, **told)
    return redirect(url_for("desk.home"), 303)


def _choose(use: Callable[[str], object], *, page: str, **told: object) -> AnyResponse:
    """Take a password that was typed twice. Raises DeniedError as what uses it."""
    chosen, again = request.form.get("chosen", ""), request.form.get("again", "")
    fault, wrong = "", "again"
    if not passwords.is_fit(chosen):
        wrong, fault = "chosen", gettext("Le nouveau mot de passe a entre 12 et 64 caractères.")
    elif chosen != again:
        fault = gettext("Les deux mots de passe diffèrent.")
    if fault:
        return make_response(render_template(page, fault=fault, wrong=wrong, **told), 422)
    use(chosen)
    return redirect(url_for("desk.home", chosen=1), 303)


def _again(page: str, error: DeniedError, **told: object) -> Response:
    """Show a form again, with what was wrong."""
    if isinstance(error, BrakedError):
        seconds = math.ceil(error.seconds)
        fault = gettext("Trop d’essais. Réessayez dans %(seconds)s s.", seconds=seconds)
        response = make_response(render_template(page, fault=fault, **told), 429)
        response.headers["Retry-After"] = str(seconds)
        return response
    fault = gettext("Nom, mot de passe ou code faux.")
    return make_response(render_template(page, fault=fault, **told), 403)


def _then() -> str:
    """Give the page of the desk that was asked for before the sign-in."""
    then = request.values.get("then", "")
    return then if PAGE.fullmatch(then) else ""


def _lost_cookie() -> str:
    """Say why somebody who just signed in is not: over plain http browsers keep no such cookie."""
    if "signed" not in request.args:
        return ""
    told = gettext(
        "Votre navigateur n’a pas gardé le cookie du bureau : il ne le garde que si l’adresse "
        "commence par https://, est celle d’un service .onion, ou mène à cette machine même "
        "(http://127.0.0.1)."
    )
    return str(told)


def _drawn(secret: str) -> str:
    """Draw the secret of somebody's codes for their telephone."""
    return qr(passwords.address(secret, visit().account.name, plain_name()))
