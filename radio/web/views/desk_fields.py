"""The page of the desk on which keepers change what is written of an episode."""

from collections import Counter
from collections.abc import Iterable, Mapping

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.acts.drafts import Draft, Laid, lay, save
from radio.acts.fields import Field, fields_of
from radio.acts.undoing import deeds
from radio.episode import DATES_FROM, Episode
from radio.errors import ArchiveError
from radio.tunes import read_tune
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, takes, visit
from radio.web.settling import settle

ORDER = (
    *("title", "date", "date_from", "description", "people", "tags", "links", "producers"),
    *("language", "season", "number", "playlist", "rights"),
)
"""The fields of the page, those first that are changed most."""
LARGEST = 256 << 10  # bytes of the form: what was there, and what is written
LATEST = 20  # acts of the past
EMPTY = 2  # boxes for one value more
MOST_KNOWN = 300  # names that a box completes
BETWEEN = " ; "  # the values of a field
TAKEN = ("theirs", "mine")  # of two texts that stand against each other
KNOWN_OF = {"people": "names", "producers": "names", "tags": "tags"}
"""What the boxes of a field are completed from."""


@desk.route("/fields/<show>/<slug>", methods=["GET", "POST"])
@keeper
@takes(LARGEST)
def fields(show: str, slug: str) -> str | AnyResponse:
    """Change the fields of an episode; who comes second is shown what both wrote."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        return page(episode, lay(episode, Draft({}, {})))
    draft = _read(fields_of(episode))
    if request.form.get("act") == "see":
        laid = lay(episode, draft)
    else:
        try:
            laid = save(catalogue().archive, episode.key, draft, visit().account.name)
        except ArchiveError as error:
            fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
            return make_response(page(episode, lay(episode, draft), fault), 409)
        if laid.is_clear:
            settle()
            also = laid.others or None
            here = url_for("desk.fields", show=show, slug=slug, done=1, also=also)
            return redirect(here, 303)
    return _answer(episode, laid)


def _answer(episode: Episode, laid: Laid) -> AnyResponse:
    """Show what waits for a decision or a better text, else the page as it would be."""
    if laid.faults:
        fault = gettext("Rien n’a été changé\u00a0: voyez les champs marqués.")
        return make_response(page(episode, laid, fault), 422)
    if laid.clashes:
        fault = gettext("Rien n’a été changé\u00a0: choisissez entre ce qu’il y a et vos mots.")
        return make_response(page(episode, laid, fault), 409)
    after = laid.edit.after
    preview = after if isinstance(after, Episode) else None
    return make_response(page(episode, laid, preview=preview))


def _read(known: Mapping[str, Field]) -> Draft:
    """Read what was shown, and what was written; who keeps the words of another gives theirs.

    Where nobody chose between two texts, the page begins again from what both had before them.
    """
    was, mine = dict[str, str](), dict[str, str]()
    for name in known:
        if name in request.form and f"was-{name}" in request.form:
            taken = request.form.get(f"take-{name}", "")
            base = request.form.get(f"base-{name}") if taken not in TAKEN else None
            was[name] = request.form[f"was-{name}"] if base is None else base
            mine[name] = was[name] if taken == "theirs" else _written(name, known[name])
    return Draft(was, mine)


def _written(name: str, field: Field) -> str:
    texts = request.form.getlist(name)
    if field.shape != "list":
        return texts[0]
    lines = (line.strip() for text in texts for line in text.splitlines())
    return BETWEEN.join(line for line in lines if line)


def page(episode: Episode, laid: Laid, fault: str = "", preview: Episode | None = None) -> str:
    """Show the fields of an episode, and what was done to it lately."""
    archive = catalogue().archive
    names = ((name, laid.draft.mine[name]) for name in KNOWN_OF)
    return render_template(
        "desk_fields.html",
        episode=episode,
        show=archive.show(episode.show),
        spoken=archive.show(episode.show).language_of(episode),
        fields={name: fields_of(episode)[name] for name in ORDER},
        laid=laid,
        rows={name: [*filter(None, text.split(BETWEEN)), *[""] * EMPTY] for name, text in names},
        known=_known(archive.episodes()),
        known_of=KNOWN_OF,
        origins=("", *DATES_FROM),
        preview=preview,
        tunes=[read_tune(line) for line in preview.playlist] if preview else (),
        fault=fault,
        deeds=deeds(archive, episode.key)[:LATEST],
        done="done" in request.args,
        undone="undone" in request.args,
        also=laid.others or request.args.getlist("also"),
    )


def _known(episodes: Iterable[Episode]) -> dict[str, list[str]]:
    """Name the people and tags that episodes have, the most frequent first."""
    names, tags = Counter[str](), Counter[str]()
    for each in episodes:
        names.update(each.names)
        tags.update(each.tags)
    return {"names": _frequent(names), "tags": _frequent(tags)}


def _frequent(counts: Counter[str]) -> list[str]:
    return [each for each, _number in counts.most_common(MOST_KNOWN)]
