"""The page of the desk on which people decide what becomes of the words that listeners propose."""

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import Archive
from radio.french.letters import tidy
from radio.proposals import decisions
from radio.proposals.decisions import WaitingMending, folds, in_order, judge, unfold
from radio.proposals.elsewhere import accepted_mending, pairs_of, spread, suspects
from radio.proposals.intake import LONGEST, fault_in
from radio.proposals.names import names_in
from radio.proposals.queue import are_taken
from radio.system.errors import NotFoundError, RadioError
from radio.text.aligned import word_differences
from radio.web.context import catalogue
from radio.web.desk_pages import desk_page, follow, paged
from radio.web.gate import rereader, who

A_PAGE = 20  # proposals; as many are decided at once, at most
MOST = 20  # texts that are looked through before anybody asks


@rereader.form("/proposals")
def proposals() -> AnyResponse:
    """List what listeners propose, what several do first; accept, amend or refuse some of it."""
    archive, form = catalogue().archive, request.form
    if request.method != "POST":
        return _queue(accepted=_accepted(request.args.getlist("accepted")))
    act, words = form.get("act", ""), tidy(form.get("words", ""))
    if act == "together":  # a whole fold, as it was shown
        found = unfold(in_order(archive), form.get("fold", ""))
        if form.get("number", type=int) != len(found):
            message = gettext("Rien n’a été fait\u00a0: leur nombre a changé. Regardez encore.")
            return _queue(message, 409)
        number = decisions.refuse_together(archive, found, who())
        return redirect(url_for("desk.proposals", refused=number), 303)
    names = list(dict.fromkeys(form.getlist("chosen")))[:A_PAGE]
    if not names or act not in ("accept", "amend", "refuse"):
        return _queue(gettext("Choisissez d’abord des propositions."))
    if act != "amend":
        return _decide(act, names)
    was = next((each.was for each in in_order(archive) if each.id == names[0]), "")
    kinds = {
        "empty": gettext("Écrivez ce qui a été dit."),
        "same": gettext("C’est déjà ce qui est écrit\u00a0: changez ce qui est faux, ou refusez."),
        "unseen": gettext(
            "Votre texte contient des caractères invisibles\u00a0: retapez-le sans eux."
        ),
        "long": gettext("C’est trop long\u00a0: une phrase à la fois."),
    }
    if fault := kinds.get(fault_in(words, "", was)):
        return _queue(fault, amended=(names[0], words))
    return _decide(act, names[:1], words)


def _decide(act: str, names: Sequence[str], words: str = "") -> AnyResponse:
    archive, done, errors = catalogue().archive, list[str](), list[RadioError]()
    for name in names:
        try:
            if act == "refuse":
                decisions.refuse(archive, [name], who())
            else:
                decisions.accept(archive, name, words, who())
            done.append(name)
        except RadioError as error:
            errors.append(error)
    if not done:
        fault = gettext("Rien n’a été fait\u00a0: quelqu’un a décidé entre-temps.")
        if not all(isinstance(each, NotFoundError) for each in errors):
            fault = gettext("Rien n’a été fait\u00a0: %(reason)s", reason=str(errors[0]))
        return _queue(fault, 409, amended=(names[0], words))
    message: dict[str, Any] = {"refused": len(done), "left": len(errors) or None}
    if act != "refuse":
        follow()
        message |= {"refused": None, "accepted": done}
    return redirect(url_for("desk.proposals", **message), 303)


def _queue(
    fault: str = "",
    code: int = 422,
    amended: tuple[str, str] = ("", ""),
    accepted: Sequence[dict[str, Any]] = (),
) -> AnyResponse:
    """Write a page of what waits, or of one fold; `amended` is a proposal with its words."""
    archive = catalogue().archive
    waiting, fold = in_order(archive), request.values.get("fold", "")
    found = unfold(waiting, fold) if fold else waiting
    sentences = Counter((each.key, each.seen) for each in found)
    page = paged(found, A_PAGE)
    return desk_page(
        "desk_proposals.html",
        **page,
        rows=[_row(archive, each, sentences) for each in judge(archive, page["here"])],
        folds=folds(waiting),
        shows=archive.shows(),
        fold=fold,
        taken=are_taken(archive.root),
        accepted=accepted,
        amended=amended,
        fault=fault,
        code=code,
        longest=LONGEST,
        **{each: request.args.get(each, type=int) for each in ("refused", "mended", "left")},
    )


def _row(
    archive: Archive, found: WaitingMending, sentences: Counter[tuple[str, str]]
) -> dict[str, Any]:
    each, episode, spoken = found.mending, None, ""
    with contextlib.suppress(RadioError):  # else the page says that it can't be accepted
        episode = archive.episode(each.key)
        spoken = archive.show(episode.show).language_of(episode)
    was, words = word_differences(each.was, each.words)
    return {
        "found": found,
        "episode": episode,
        "spoken": spoken,
        "is_open": episode is not None and episode.is_public(dt.datetime.now()),
        "rivals": sentences[each.key, each.seen] - 1,  # that propose else for the same sentence
        "was": was,
        "words": words,
    }


def _accepted(names: Sequence[str]) -> list[dict[str, Any]]:
    """Give what was just accepted, what of it the glossary lacks, and, for a single one if that is
    quick, how often it was misheard elsewhere."""
    archive, found = catalogue().archive, list[dict[str, Any]]()
    for name in names[:A_PAGE]:
        with contextlib.suppress(RadioError):  # forgotten since, or its show is gone
            each = accepted_mending(archive, name)
            pairs, number = pairs_of(each.was, each.accepted), None
            is_short = len(names) == 1 and len(suspects(archive, each.show, pairs)) <= MOST
            if pairs and is_short:
                number = len(spread(archive, each.show, pairs).wrong_places)
            lacking = names_in(archive, each)
            row = {"mending": each, "pairs": pairs, "names": lacking, "elsewhere": number}
            found.append(row)
    return found
