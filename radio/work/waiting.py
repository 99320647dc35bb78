"""What waits for a person: one row for each kind of thing, the gravest first, asked by the desk and
by `radio status`. What takes long is not done here, but read where the work left it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from radio.archive import Archive, holdings
from radio.archive.authorship import noted_status
from radio.archive.episode import Episode
from radio.archive.follows import read_follows
from radio.ingest import inbox
from radio.ingest.looks import Look, read_looks
from radio.ingest.uploads import uploads
from radio.proposals import queue
from radio.proposals.twins.prints import known_twins
from radio.system.errors import warned
from radio.system.messages import _, ngettext
from radio.work.condition import Condition, condition_of
from radio.work.status import WorkStatus, is_running, read_status

NAMED = 3  # things of a kind
DEAD = 3  # looks in a row that failed


class State:
    """The state of an archive; each part is read once, when it is first asked for."""

    def __init__(self, archive: Archive, work: WorkStatus | None = None):
        self.archive = archive
        self.work = work or read_status(archive)

    @cached_property
    def episodes(self) -> list[Episode]:
        """All episodes, the newest first."""
        return self.archive.episodes()

    @cached_property
    def condition(self) -> Condition:
        """How the files are, and the disk."""
        return condition_of(self.archive)

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of the episodes, by key."""
        return {each.key: each.title for each in self.episodes}


@dataclass(frozen=True)
class Kind:
    """A kind of thing that waits."""

    name: str
    text: Callable[[int], str]  # says how many there are
    find: Callable[[State], Sequence[str]]  # each thing: the key of an episode, words, or ""
    page: str  # of the desk, where it is done: its endpoint, and the place on it
    remedy: str = ""  # what does it on the machine


@dataclass(frozen=True)
class Waiting:
    """The things of a kind that wait."""

    kind: Kind
    things: Sequence[str]
    names: Sequence[str]  # of the first ones, for people

    @property
    def text(self) -> str:
        """What waits, in a sentence."""
        return self.kind.text(len(self.things))

    @property
    def is_more(self) -> bool:
        """Whether there are others than the first ones."""
        return len({*self.things} - {""}) > NAMED


def list_waiting(state: State) -> list[Waiting]:
    """List what waits; a file that can't be read costs a warning, and its own row."""
    found = list[Waiting]()
    for kind in KINDS:
        with warned():
            if things := kind.find(state):
                names = dict.fromkeys(state.titles.get(each, each) for each in things if each)
                found.append(Waiting(kind, things, [*names][:NAMED]))
    return found


def find_waiting(archive: Archive, name: str) -> Waiting | None:
    """Find what waits of a kind; None if nothing does, or there is no such kind."""
    found = (each for each in list_waiting(State(archive)) if each.kind.name == name)
    return next(found, None)


def _if(holds: object) -> list[str]:
    return [""] if holds else []


def _failed(state: State) -> list[str]:
    """Say what failed, of an episode by its title."""
    every = state.work.troubles
    named = ((state.titles.get(each.key, each.key), each) for each in every)
    return [f"{title}{each.message.removeprefix(each.key)}" for title, each in named]


def _dead(state: State) -> list[str]:
    looks = read_looks(state.archive)
    follows = (each.address for each in read_follows(state.archive.root).follows)
    some = ((each, looks.get(each, Look())) for each in follows)
    return [f"{each} — {look.trouble}" for each, look in some if look.times >= DEAD]


def _refused(state: State) -> list[str]:
    found = {**inbox.refused(state.archive), **inbox.left(state.archive)}
    return [f"{name} — {reason}" if reason else name for name, reason in found.items()]


def _drafts(state: State) -> list[str]:
    """List what nobody published; what has a day is published by itself."""
    now = dt.datetime.now()
    return [each.key for each in state.episodes if each.is_waiting(now) and not each.opens]


def _undated(state: State) -> list[str]:
    every = state.episodes
    return [each.key for each in every if not each.date_sure or each.date_precision != "day"]


def _alike(state: State) -> list[str]:
    pairs = known_twins(state.archive)
    return [*dict.fromkeys(each.key for pair in pairs for each in (pair.first, pair.second))]


def _unread(state: State) -> list[str]:
    archive, unread = state.archive, set[str]()
    for show in archive.folders():
        stamps = archive.text_stamps(show)
        for slug in holdings.finished(archive, show):
            key, stamp = f"{show}/{slug}", stamps.get(f"{slug}.vtt")
            if stamp and noted_status(archive, key, stamp) != "reread":
                unread.add(key)
    return [key for key in state.titles if key in unread]


KINDS = (
    Kind(
        "away",
        lambda n: ngettext(
            "{n} fichier a disparu, comme si le disque n’était pas branché",
            "{n} fichiers ont disparu d’un coup, comme si le disque n’était pas branché",
            n,
            n=n,
        ),
        lambda state: [""] * state.condition.away,
        "state",
        _("branchez le disque, ou restaurez l’archive d’une copie"),
    ),
    Kind(
        "damaged",
        lambda n: ngettext(
            "{n} fichier est abîmé ou manque", "{n} fichiers sont abîmés ou manquent", n, n=n
        ),
        lambda state: [""] * state.condition.findings,
        "state#disk",
        _("`radio check` les nomme"),
    ),
    Kind(
        "full",
        lambda _n: _("Le disque est presque plein"),
        lambda state: _if(state.condition.is_narrow),
        "state#disk",
        _("faites de la place, ou prenez-en un plus grand"),
    ),
    Kind(
        "idle",
        lambda _n: _("Rien n’avance tout seul"),
        lambda state: _if(state.work.left and not is_running(state.archive)),
        "state",
        _("lancez `radio work`"),
    ),
    Kind(
        "failed",
        lambda n: ngettext("{n} chose a échoué", "{n} choses ont échoué", n, n=n),
        _failed,
        "state#failed",
        _("voyez plus haut que faire"),
    ),
    Kind(
        "alone",
        lambda _n: _("L’archive n’a pas été copiée ailleurs depuis plus d’une semaine"),
        lambda state: _if(state.condition.is_alone),
        "state#disk",
        _("regardez radio-backup.service"),
    ),
    Kind(
        "silent",
        lambda _n: _("L’archive dont celle-ci est la copie n’a pas été consultée de la semaine"),
        lambda state: _if(state.condition.is_silent),
        "state#disk",
        _("`radio mirror`"),
    ),
    Kind(
        "unproved",
        lambda _n: _("Il est temps de vérifier tous les fichiers"),
        lambda state: _if(state.episodes and state.condition.is_unproved),
        "state#disk",
        _("`radio check`, une nuit tranquille"),
    ),
    Kind(
        "refused",
        lambda n: ngettext(
            "{n} fichier de la boîte d’arrivée n’est pas entré",
            "{n} fichiers de la boîte d’arrivée ne sont pas entrés",
            n,
            n=n,
        ),
        _refused,
        "state#inbox",
        _("réparez-les et remettez-les dans `inbox`, ou effacez-les"),
    ),
    Kind(
        "dead",
        lambda n: ngettext("{n} source ne répond plus", "{n} sources ne répondent plus", n, n=n),
        _dead,
        "state#sources",
        _("`radio source look` réessaie, `radio source remove` l’ôte"),
    ),
    Kind(
        "sent",
        lambda n: ngettext(
            "{n} enregistrement déposé n’est pas encore dans l’archive",
            "{n} enregistrements déposés ne sont pas encore dans l’archive",
            n,
            n=n,
        ),
        lambda state: [each.name for each in uploads(state.archive) if each.row],
        "sent#plan",
        _("au bureau, « Déposer »"),
    ),
    Kind(
        "proposals",
        lambda n: ngettext(
            "{n} proposition attend votre réponse",
            "{n} propositions attendent votre réponse",
            n,
            n=n,
        ),
        lambda state: [each.key for each in queue.read(state.archive.root).waiting],
        "proposals",
        _("`radio text proposals`"),
    ),
    Kind(
        "drafts",
        lambda n: ngettext(
            "{n} brouillon n’est pas publié", "{n} brouillons ne sont pas publiés", n, n=n
        ),
        _drafts,
        "episodes",
        _("`radio protect publish CLÉ`"),
    ),
    Kind(
        "undated",
        lambda n: ngettext(
            "{n} épisode dont le jour est inconnu ou deviné",
            "{n} épisodes dont le jour est inconnu ou deviné",
            n,
            n=n,
        ),
        _undated,
        "episodes",
        _("`radio edit CLÉ date=…`"),
    ),
    Kind(
        "alike",
        lambda n: ngettext(
            "{n} épisode sonne comme un autre", "{n} épisodes sonnent comme un autre", n, n=n
        ),
        _alike,
        "episodes",
        _("`radio merge --find`"),
    ),
    Kind(
        "unread",
        lambda n: ngettext("{n} texte n’est pas relu", "{n} textes ne sont pas relus", n, n=n),
        _unread,
        "unsure",
        _("au bureau, « Les passages les moins sûrs »"),
    ),
)
