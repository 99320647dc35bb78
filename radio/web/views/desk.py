"""The first pages of the desk: who one is there, how one comes in and goes out, what was done."""

import math
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.runs import episodes_of
from radio.actions.undoing import undo
from radio.archive import Archive, history, journal
from radio.desk import passwords
from radio.desk.sessions import LIFE
from radio.pictures import qr
from radio.proposals import queue
from radio.system.errors import BrakedError, DeniedError, RadioError
from radio.web.context import catalogue, plain_name
from radio.web.desk_pages import desk_page, paged, settle, titles_of
from radio.web.gate import (
    COOKIE,
    DEVICE,
    anybody,
    entrance,
    keeper,
    rereader,
    visit,
    visitor,
    who,
)
from radio.web.views.desk_waiting import awaited, open_feed

PAGE = re.compile(r"/desk(/[\w-]+)+(\?[!-~]*)?", re.ASCII)  # whither one may be led afterwards
LATEST = 5  # entries of the journal
SEARCHED = 500  # entries, of which an act on many episodes may take hundreds
A_PAGE = 50  # entries
TICKED = 400 << 10  # bytes of a form with some thousand keys
COMMAND = "-"  # whoever used the command, which names nobody
STRICT: dict[str, Any] = {"secure": True, "httponly": True, "samesite": "Strict"}


@anybody.get("")
def home() -> AnyResponse | str:
    """Show what there is, or ask to sign in."""
    then = _then()
    if visitor() is None:
        fault = gettext(
            "Votre navigateur n’a pas gardé le cookie du bureau\u00a0: il ne le garde que si "
            "l’adresse commence par https://, est celle d’un service .onion, ou mène à cette "
            "machine même (http://127.0.0.1)."
        )
        return _form("sign-in", then=then, fault=fault if "signed" in request.args else "")
    if then:
        return redirect(request.script_root + then, 303)
    archive, is_keeper = catalogue().archive, visit().account.role == "keeper"
    newest = islice(journal.newest(archive.root), SEARCHED if is_keeper else 0)
    entries = list(islice(journal.heads(newest), LATEST))
    return render_template(
        "desk_home.html",
        entries=entries,
        titles=titles_of(archive, (each.key for each in entries)),
        waits=awaited(visit().account),
    )


@anybody.form("/sign-in")
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
        return _denied(error, "sign-in", name=name, then=then)
    response = redirect(url_for("desk.home", signed=1, then=then or None), 303)
    response.set_cookie(COOKIE, token, path="/", **STRICT)
    place = f"{request.script_root}/desk"
    response.set_cookie(DEVICE, entrance().device(token), LIFE, path=place, **STRICT)
    return response


@rereader.post("/sign-out")
def sign_out() -> AnyResponse:
    """Let somebody out, here or everywhere."""
    entrance().sign_out(visit(), everywhere="everywhere" in request.form)
    response = redirect(url_for("desk.home"), 303)
    response.delete_cookie(COOKIE, path="/", **STRICT)
    return response


@anybody.form("/link/<link>")
def invited(link: str) -> AnyResponse:
    """Let whoever has a one-time link choose a password."""
    account = None
    try:
        account = entrance().invited(link)
        if request.method != "POST":
            return _form("link", account=account)
        if refused := _unchosen("link", account=account):
            return refused
        entrance().accept(link, request.form["chosen"])
    except BrakedError as error:
        return _denied(error, "link", account=account)
    except DeniedError:
        return _form("link", 410, account=None)
    return redirect(url_for("desk.home", chosen=1), 303)


@rereader.form("/account")
def account() -> AnyResponse:
    """Let somebody choose another password, have codes of a telephone asked at the sign-in or not
    any more, and have a private feed; its address is shown once."""
    form, act, address = request.form, request.form.get("act", ""), ""
    secret, current = form.get("secret", ""), form.get("password", "")
    secret = secret if passwords.is_secret(secret) else passwords.new_secret()
    drawn = "" if visit().account.secret else qr(passwords.address(secret, who(), plain_name()))
    context: dict[str, Any] = {"secret": secret, "drawn": drawn, "act": act}
    context["has_feed"] = bool(visit().account.feed)
    if act == "password" and (refused := _unchosen("account", **context)):
        return refused
    try:
        match act:
            case "password":
                entrance().change_password(visit(), current, form["chosen"])
            case "codes":
                entrance().ask_codes(visit(), current, secret, form.get("code", ""))
            case "no-codes":
                entrance().drop_codes(visit(), current)
            case "feed":
                address, context["has_feed"] = open_feed(), True
            case "no-feed":
                entrance().end_feed(visit())
    except DeniedError as error:
        return _denied(error, "account", **context)
    if address or not act:
        return _form("account", address=address, **context)
    return redirect(url_for("desk.account", done=act), 303)


@keeper.form("/journal", most=TICKED)
def entries() -> AnyResponse:
    """Give who did what, the newest first: all, or by `who`, `what` and `episode`. Show an ingest
    that `run` names, and undo what of it is ticked."""
    archive, fault = catalogue().archive, ""
    run = history.find(archive.root, request.values.get("run", ""))
    taken = episodes_of(archive, run) if run and run.is_run else {}
    if request.method == "POST":
        fault = _undo_run(archive, run.name if run else "", taken)
        if not fault:
            return redirect(url_for("desk.entries", undone=1), 303)
    every = journal.entries(archive.root)
    asked = {each: request.args.get(each, "").strip() for each in ("who", "what", "episode")}
    names = {"": {each.who for each in every}, COMMAND: {""}}.get(asked["who"], {asked["who"]})
    words = asked["episode"].casefold().split()
    meant = (each for each in every if each.who in names and asked["what"] in ("", each.what))
    found = (each for each in meant if all(word in each.key.casefold() for word in words))
    shown = paged([*journal.heads(found)], A_PAGE)
    return desk_page(
        "desk_journal.html",
        fault=fault,
        **shown,
        titles=titles_of(archive, (*taken, *(each.key for each in shown["here"]))),
        runs=_runs(archive, shown["here"]),
        run=run,
        taken=taken,
        seen=queue.hash_of(*taken.items()),
        people=sorted({each.who for each in every if each.who}),
        deeds=sorted({each.what for each in every}),
        asked=asked,
        command=COMMAND,
    )


def _runs(archive: Archive, entries: list[journal.Entry]) -> dict[str, int]:
    """Count the episodes of the acts that entries name, and that stand."""
    named = {str(each.facts.get("run", "")) for each in entries} - {""}
    acts = (act for name in named if (act := history.find(archive.root, name)))
    return {act.name: len(act.keys) for act in acts if act.state == "done"}


def _undo_run(archive: Archive, name: str, taken: Mapping[str, bool]) -> str:
    """Undo what is ticked of an ingest, as it was shown; else say why not."""
    fault, chosen = "", [key for key in request.form.getlist("key") if key in taken]
    if not chosen:
        fault = gettext("Choisissez au moins un enregistrement.")
    elif request.form.get("seen") != queue.hash_of(*taken.items()):
        fault = gettext("Rien n’a été fait\u00a0: quelque chose a changé. Vérifiez de nouveau.")
    else:
        try:
            undo(archive, name, who(), keys=chosen)
            settle()
        except RadioError as error:
            fault = gettext("Rien n’a été défait\u00a0: %(reason)s", reason=str(error))
    return fault


def _form(form: str, status: int = 200, /, **context: Any) -> AnyResponse:
    return make_response(render_template("desk_account.html", form=form, **context), status)


def _unchosen(form: str, /, **context: Any) -> AnyResponse | None:
    """Show the form again unless a fit password was typed in it twice."""
    chosen, again = request.form.get("chosen", ""), request.form.get("again", "")
    if not passwords.is_fit(chosen):
        fault = gettext("Le nouveau mot de passe doit avoir de 12 à 64 caractères.")
        return _form(form, 422, fault=fault, wrong="chosen", **context)
    if chosen != again:
        fault = gettext("Les deux mots de passe sont différents.")
        return _form(form, 422, fault=fault, wrong="again", **context)
    return None


def _denied(error: DeniedError, form: str, /, **context: Any) -> AnyResponse:
    if not isinstance(error, BrakedError):
        return _form(form, 403, fault=gettext("Nom, mot de passe ou code faux."), **context)
    seconds = math.ceil(error.seconds)
    fault = gettext("Trop d’essais. Réessayez dans %(seconds)s s.", seconds=seconds)
    response = _form(form, 429, fault=fault, **context)
    response.headers["Retry-After"] = str(seconds)
    return response


def _then() -> str:
    then = request.values.get("then", "")
    return then if PAGE.fullmatch(then) else ""
