"""The page of the desk on which a name is replaced by another: shown first, wherever it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.acts.pseudonym_places import NamedPlace, places_of
from radio.acts.pseudonymising import Replacement, still_named
from radio.episode import Episode
from radio.errors import RadioError
from radio.mending.intake import tidy
from radio.mending.proposals import hash_of
from radio.mending.text import Pieces, tell_apart
from radio.web.chores import busy, chore_seen, chores
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, visit
from radio.work.pseudonymising import misheard_forms, put_pseudonym

FIELDS = ("scope", "name", "shown", "fate", "more", "note")
SCOPES, FATES = ("episode", "show", "all"), ("keep", "forget")
LONGEST = 300  # characters of a field
MOST_FORMS = 30
MOST = 200  # places that are shown of an episode or a show


@dataclass(frozen=True)
class _Asked:
    """What a keeper wrote in the form, and what it means; None with what is wrong about it."""

    fields: dict[str, str]
    forms: tuple[str, ...] = ()  # that were ticked
    keys: tuple[str, ...] = ()  # of an episode, or a show; none is everywhere
    meant: Replacement | None = None
    fault: str = ""


@dataclass(frozen=True)
class _Shown:
    """A place in which a name stands, as the page shows it."""

    place: NamedPlace
    pairs: list[tuple[float | None, Pieces, Pieces]] = field(default_factory=list)


@desk.route("/pseudonym/<show>/<slug>", methods=["GET", "POST"])
@keeper
def pseudonym(show: str, slug: str) -> str | AnyResponse:
    """Ask for a name; show where it stands and how it is misheard; then have it replaced."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        blank = dict.fromkeys(FIELDS, "") | {"scope": "episode", "fate": "keep"}
        return _form(episode, _Asked(blank))
    asked = _read(episode)
    if asked.meant is None:
        return make_response(_form(episode, asked), 422)
    try:
        places = places_of(catalogue().archive, asked.keys, asked.meant)
    except RadioError as error:
        return make_response(_form(episode, replace(asked, fault=str(error))), 422)
    if "sure" not in request.form:
        return _shown(episode, asked, asked.meant, places)
    return _done(episode, asked, asked.meant, places)


def _read(episode: Episode) -> _Asked:
    """Read what is asked for, with what is wrong about it."""
    fields = {each: tidy(request.form.get(each, "")) for each in FIELDS}
    ticked = tuple(dict.fromkeys(filter(None, map(tidy, request.form.getlist("form")))))
    told = _Asked(fields, ticked[:MOST_FORMS])
    if not (fields["name"] and fields["shown"]):
        return replace(told, fault=gettext("Écrivez le nom, et ce qui se lira à sa place."))
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


def _name(episode: Episode) -> str:
    return f"pseudonym {episode.key}"


def _form(episode: Episode, asked: _Asked) -> str:
    return render_template(
        "desk_pseudonym.html",
        episode=episode,
        asked=asked.fields,
        fault=asked.fault,
        chore=chore_seen(_name(episode)),
        show_title=catalogue().archive.show(episode.show).title,
        longest=LONGEST,
    )


def _shown(
    episode: Episode,
    asked: _Asked,
    meant: Replacement,
    places: Sequence[NamedPlace],
    fault: str = "",
) -> AnyResponse:
    """Show where the name stands and what would stand there, and how it may be misheard."""
    archive = catalogue().archive
    keys = [each.key for each in places if "/" in each.key]
    page = render_template(
        "desk_pseudonym_sure.html",
        episode=episode,
        asked=asked,
        meant=meant,
        places=[_pairs(each) for each in places],
        total=sum(each.count for each in places),
        most=MOST,
        forms=misheard_forms(archive, asked.keys, meant.name),
        left=list(still_named(archive, keys, meant.names)),
        spoken=archive.show(episode.show).language_of(episode),
        seen=_seen(asked, meant, places),
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


def _done(
    episode: Episode, asked: _Asked, meant: Replacement, places: Sequence[NamedPlace]
) -> AnyResponse:
    """Begin it, if that is what was shown, and if what can't be taken back was asked for twice."""
    archive, index = catalogue().archive, catalogue().index
    if request.form.get("seen") != _seen(asked, meant, places):
        fault = gettext("Rien n’a encore été fait\u00a0: voici ce qui serait remplacé à présent.")
        return _shown(episode, asked, meant, places, fault)
    if meant.forget and request.form.get("again") != "forget":
        fault = gettext("Rien n’a été fait\u00a0: dites encore une fois que rien ne le ramènera.")
        return _shown(episode, asked, meant, places, fault)
    if not chores().begin(
        _name(episode),
        lambda progress: put_pseudonym(archive, index, asked.keys, meant, progress),
    ):
        return busy()
    return redirect(url_for("desk.pseudonym", show=episode.show, slug=episode.slug), 303)
