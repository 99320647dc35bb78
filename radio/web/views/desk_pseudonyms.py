"""The page of the desk on which a name is replaced by another: shown first, wherever it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.pseudonym_places import NamedPlace, places_of
from radio.actions.pseudonymising import Replacement, scope_of
from radio.archive.episode import Episode
from radio.proposals.intake import tidy
from radio.proposals.queue import hash_of
from radio.system.errors import ArchiveError, RadioError
from radio.system.progress import Progress
from radio.text.aligned import Differences, tell_apart
from radio.web.chores import busy, chore_seen, chores
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, visit
from radio.work.pseudonymising import NameFound, look_for, put_pseudonym, unknown_naming

FIELDS = ("scope", "name", "shown", "fate", "more", "note")
SCOPES, FATES = ("episode", "show", "all"), ("keep", "forget")
LONGEST = 300  # characters of a field
MOST_FORMS = 30
MOST = 200  # places that are shown of an episode or a show
AT_ONCE = 30  # episodes that are looked through while a keeper waits


@dataclass(frozen=True)
class _Asked:
    """What a keeper wrote in the form, and what it means; None with what is wrong about it."""

    fields: dict[str, str]
    forms: tuple[str, ...] = ()  # that were ticked
    keys: tuple[str, ...] = ()  # of an episode, or a show; none is everywhere
    meant: Replacement | None = None
    fault: str = ""
    wrong: str = ""  # the field that it is about


@dataclass(frozen=True)
class _Shown:
    """A place in which a name stands, as the page shows it."""

    place: NamedPlace
    pairs: list[tuple[float | None, Differences, Differences]] = field(default_factory=list)


@dataclass(frozen=True)
class _Look:
    """What a search in many episodes found, and what it looked for."""

    what: str
    found: NameFound


@desk.route("/pseudonym/<show>/<slug>", methods=["GET", "POST"])
@keeper
def pseudonym(show: str, slug: str) -> str | AnyResponse:
    """Ask for a name; show where it stands and how it is misheard; then have it replaced."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        chores().forget(_name(episode, "look"))
        blank = dict.fromkeys(FIELDS, "") | {"scope": "episode", "fate": "keep"}
        return _form(episode, _Asked(blank))
    asked = _read(episode)
    if asked.meant is None:
        return make_response(_form(episode, asked), 422)
    try:
        found = _look(episode, asked, asked.meant)
    except RadioError as error:
        return make_response(_form(episode, replace(asked, fault=str(error))), 422)
    if not isinstance(found, NameFound):
        return found
    if "sure" not in request.form:
        return _shown(episode, asked, asked.meant, found)
    return _done(episode, asked, asked.meant, found)


def _look(episode: Episode, asked: _Asked, meant: Replacement) -> NameFound | AnyResponse:
    """Tell where the name stands; or how far that is, where many episodes are looked through.

    Raises a RadioError if it can't be told.
    """
    archive, keys, name = catalogue().archive, asked.keys, _name(episode, "look")
    if not meant.made or len(scope_of(archive, keys).episodes) <= AT_ONCE:
        return look_for(archive, keys, meant)
    what = hash_of(keys, meant.names, meant.shown)
    chore = chore_seen(name)
    if chore and not chore.is_running:
        if chore.fault:
            chores().forget(name)
            raise ArchiveError(chore.fault)
        if isinstance(chore.found, _Look) and chore.found.what == what:
            return chore.found.found
    is_running = chore is not None and chore.is_running
    if not is_running and not chores().begin(
        name, lambda progress: _Look(what, look_for(archive, keys, meant, progress))
    ):
        return busy()
    return _looking(episode, asked)


def _looking(episode: Episode, asked: _Asked) -> AnyResponse:
    """Say how far the search is; the same form asks again."""
    page = render_template(
        "desk_pseudonym_looking.html",
        episode=episode,
        asked=asked,
        chore=chores().latest(),
    )
    return make_response(page, 200)


def _read(episode: Episode) -> _Asked:
    """Read what is asked for, with what is wrong about it."""
    fields = {each: tidy(request.form.get(each, "")) for each in FIELDS}
    ticked = tuple(dict.fromkeys(filter(None, map(tidy, request.form.getlist("form")))))
    told = _Asked(fields, ticked[:MOST_FORMS])
    if not (fields["name"] and fields["shown"]):
        fault = gettext("Écrivez le nom, et ce qui se lira à sa place.")
        return replace(told, fault=fault, wrong="shown" if fields["name"] else "name")
    if fields["scope"] not in SCOPES or fields["fate"] not in FATES:
        return replace(told, fault=gettext("Choisissez où le nom est remplacé."))
    if max(map(len, (*fields.values(), *ticked))) > LONGEST:
        return replace(told, fault=gettext("C’est trop long."))
    written = (*ticked, *filter(None, map(str.strip, fields["more"].split(","))))
    meant = Replacement(
        fields["name"],
        fields["shown"],
        written,
        fields["fate"] == "forget",
        fields["note"],
        visit().account.name,
    )
    keys = {"episode": (episode.key,), "show": (episode.show,), "all": ()}[fields["scope"]]
    return replace(told, keys=keys, meant=meant)


def _name(episode: Episode, act: str = "pseudonym") -> str:
    return f"{act} {episode.key}"


def _form(episode: Episode, asked: _Asked) -> str:
    return render_template(
        "desk_pseudonym.html",
        episode=episode,
        asked=asked.fields,
        fault=asked.fault,
        wrong=asked.wrong,
        chore=chore_seen(_name(episode)),
        show_title=catalogue().archive.show(episode.show).title,
        longest=LONGEST,
    )


def _shown(
    episode: Episode, asked: _Asked, meant: Replacement, found: NameFound, fault: str = ""
) -> AnyResponse:
    """Show where the name stands and what would stand there, and how it may be misheard."""
    page = render_template(
        "desk_pseudonym_sure.html",
        episode=episode,
        asked=asked,
        meant=meant,
        places=[_pairs(each) for each in found.places],
        total=sum(each.count for each in found.places),
        most=MOST,
        forms=found.forms,
        left=found.left,
        spoken=catalogue().archive.show(episode.show).language_of(episode),
        seen=_seen(asked, meant, found.places),
        longest=LONGEST,
        fault=fault,
    )
    return make_response(page, 409 if fault else 200)


def _pairs(place: NamedPlace) -> _Shown:
    pairs = [(None, *pair) for pair in place.fields] + list(place.sentences)
    return _Shown(place, [(at, *tell_apart(was, will)) for at, was, will in pairs[:MOST]])


def _seen(asked: _Asked, meant: Replacement, places: Sequence[NamedPlace]) -> str:
    """Name what was shown: nothing else is replaced."""
    return hash_of(asked.keys, meant.names, meant.shown, meant.forget, *places)


def _done(episode: Episode, asked: _Asked, meant: Replacement, found: NameFound) -> AnyResponse:
    archive, index, seen = catalogue().archive, catalogue().index, request.form.get("seen", "")
    if seen != _seen(asked, meant, found.places):
        fault = gettext("Rien n’a encore été fait\u00a0: voici ce qui serait remplacé maintenant.")
        return _shown(episode, asked, meant, found, fault)
    if meant.forget and request.form.get("again") != "forget":
        fault = gettext("Rien n’a été fait\u00a0: dites encore une fois que rien ne le ramènera.")
        return _shown(episode, asked, meant, found, fault)
    changed = gettext("ce qui serait remplacé a changé entre-temps\u00a0; regardez encore une fois")

    def act(progress: Progress) -> list[str]:
        now = places_of(archive, asked.keys, meant, lambda share: progress(share * 0.3))
        if _seen(asked, meant, now) != seen:
            raise ArchiveError(changed)
        put_pseudonym(archive, index, asked.keys, meant, lambda share: progress(0.3 + share * 0.7))
        return unknown_naming(archive, asked.keys, meant)

    if not chores().begin(_name(episode), act):
        return busy()
    return redirect(url_for("desk.pseudonym", show=episode.show, slug=episode.slug), 303)
