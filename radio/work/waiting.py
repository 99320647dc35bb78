"""What waits for a person: one row for each kind of thing, the gravest first, asked by the desk and
by `radio status`. What takes long is not done here, but read where the work left it."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from radio.archive import Archive, holdings
from radio.archive.authorship import noted_status
from radio.archive.follows import read_follows
from radio.ingest import inbox
from radio.ingest.looks import Look, read_looks
from radio.ingest.uploads import uploads
from radio.proposals import queue
from radio.proposals.twins.prints import known_twins
from radio.system.errors import warned
from radio.system.messages import _
from radio.work.condition import Condition, condition_of
from radio.work.status import CALLED, WorkStatus, is_running, read_status

NAMED = 3  # things of a kind
DEAD = 3  # looks in a row that failed


class State:
    """The state of an archive, of which each row asks something."""

    def __init__(self, archive: Archive):
        self.archive, self.now = archive, dt.datetime.now()
        self.episodes = archive.episodes()

    @cached_property
    def work(self) -> WorkStatus:
        """What goes on by itself."""
        return read_status(self.archive)

    @cached_property
    def condition(self) -> Condition:
        """How the files are."""
        return condition_of(self.archive, self.episodes)

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of all episodes, by key."""
        return {each.key: each.title for each in self.episodes}


@dataclass(frozen=True)
class Kind:
    """A kind of thing that waits; of episodes, one that a list of them can be narrowed to."""

    name: str
    label: str
    page: str  # of the desk, where it is done: its endpoint, and the place on it
    find: Callable[[State], Sequence[str]]  # each thing: the key of an episode, words, or ""
    is_of_episodes: bool = False  # whether each is a key


@dataclass(frozen=True)
class WaitingThings:
    """The things of a kind that wait."""

    kind: Kind
    things: Sequence[str]
    names: Sequence[str]  # of the first ones, for people

    @property
    def text(self) -> str:
        """What waits, and how many where they are counted."""
        label, number = _(self.kind.label), len(self.things)
        return label if self.things == [""] else _("{what} :", what=label) + f" {number}"

    @property
    def is_more(self) -> bool:
        """Whether there are others than the first ones."""
        return len({*self.things} - {""}) > NAMED


def list_waiting(state: State, kinds: Collection[str] = ()) -> list[WaitingThings]:
    """List what waits, perhaps of some kinds alone; a file that can't be read costs a warning, and
    its own row."""
    found = list[WaitingThings]()
    for kind in (each for each in KINDS if not kinds or each.name in kinds):
        with warned():
            if things := kind.find(state):
                names = dict.fromkeys(state.titles.get(each, each) for each in things if each)
                found.append(WaitingThings(kind, things, [*names][:NAMED]))
    return found


def _failed(state: State) -> list[str]:
    """Say what failed, of an episode by its title."""
    every = state.work.troubles
    named = ((state.titles.get(each.key, each.key), each) for each in every)
    uncalled = CALLED.recall(state.archive.root).failure
    found = [f"{title}{each.message.removeprefix(each.key)}" for title, each in named]
    return [*found, *[uncalled] * bool(uncalled)]


def _dead(state: State) -> list[str]:
    looks = read_looks(state.archive)
    follows = (each.address for each in read_follows(state.archive.root).follows)
    some = ((each, looks.get(each, Look())) for each in follows)
    return [f"{each} — {look.trouble}" for each, look in some if look.times >= DEAD]


def _stopped(state: State) -> list[str]:
    """List the recorders of the station that can't be read, or record nothing any more."""
    follows = {each.address for each in read_follows(state.archive.root).follows}
    failed = [each.failed for each in read_looks(state.archive).values()]
    return [why for each in failed for name, why in each.items() if name in follows & each.keys()]


def _refused(state: State) -> list[str]:
    found = {**inbox.refused(state.archive), **inbox.left(state.archive)}
    return [f"{name} — {reason}" if reason else name for name, reason in found.items()]


def _drafts(state: State) -> list[str]:
    """List what nobody published; what has a day is published by itself."""
    return [e.key for e in state.episodes if e.is_waiting(state.now) and not e.opens]


def _coming(state: State) -> list[str]:
    return [e.key for e in state.episodes if e.is_waiting(state.now) and e.opens]


def _withdrawn(state: State) -> list[str]:
    return [each.key for each in state.episodes if each.is_withdrawn(state.now)]


def _undated(state: State) -> list[str]:
    every = state.episodes
    return [each.key for each in every if not each.date_sure or each.date_precision != "day"]


def _alike(state: State) -> list[str]:
    pairs = known_twins(state.archive, state.episodes)
    return [*dict.fromkeys(each.key for pair in pairs for each in (pair.first, pair.second))]


def _unread(state: State) -> list[str]:
    archive, unread = state.archive, set[str]()
    for show in archive.folders():
        for slug, stamp in holdings.finished(archive, show).items():
            if noted_status(archive, key := f"{show}/{slug}", stamp) != "reread":
                unread.add(key)
    return [key for key in state.titles if key in unread]


KINDS = (
    Kind("away", _("Fichiers disparus d’un coup"), "state", lambda it: [""] * it.condition.away),
    Kind(
        "damaged",
        _("Fichiers abîmés ou manquants"),
        "state#disk",
        lambda it: [""] * it.condition.findings,
    ),
    Kind(
        "full",
        _("Le disque est presque plein"),
        "state#disk",
        lambda it: [""] * it.condition.is_narrow,
    ),
    Kind(
        "idle",
        _("Rien n’avance tout seul"),
        "state",
        lambda it: [""] * (bool(it.work.left) and not is_running(it.archive)),
    ),
    Kind("failed", _("Ce qui a échoué"), "state#failed", _failed),
    Kind(
        "alone",
        _("Aucune copie ailleurs depuis plus d’une semaine"),
        "state#disk",
        lambda it: [""] * it.condition.is_alone,
    ),
    Kind(
        "untried",
        _("Les copies n’ont pas été essayées depuis deux mois, ou l’essai a échoué"),
        "state#disk",
        lambda it: [""] * it.condition.is_untried,
    ),
    Kind(
        "silent",
        _("L’original n’a pas été consulté depuis plus d’une semaine"),
        "state#disk",
        lambda it: [""] * it.condition.is_silent,
    ),
    Kind(
        "unproved",
        _("Il est temps de vérifier tous les fichiers"),
        "state#disk",
        lambda it: [""] * (bool(it.episodes) and it.condition.is_unproved),
    ),
    Kind("stopped", _("La pige de la radio n’enregistre plus"), "state#sources", _stopped),
    Kind("refused", _("Fichiers refusés à l’arrivée"), "state#inbox", _refused),
    Kind("dead", _("Sources qui ne répondent plus"), "state#sources", _dead),
    Kind(
        "sent",
        _("Enregistrements déposés, pas encore dans l’archive"),
        "sent#plan",
        lambda it: [each.name for each in uploads(it.archive) if each.row],
    ),
    Kind(
        "proposals",
        _("Propositions du public à juger"),
        "proposals",
        lambda it: [each.key for each in queue.read(it.archive.root).waiting],
    ),
    Kind("drafts", _("Brouillons à publier"), "episodes", _drafts, is_of_episodes=True),
    Kind(
        "undated",
        _("Épisodes dont le jour est inconnu ou deviné"),
        "episodes",
        _undated,
        is_of_episodes=True,
    ),
    Kind(
        "alike",
        _("Épisodes qui sonnent comme un autre"),
        "twins",
        _alike,
        is_of_episodes=True,
    ),
    Kind("unread", _("Textes à relire"), "rereading", _unread, is_of_episodes=True),
)
WHAT_TO_DO = {  # what does on this machine what waits for a person
    "away": _("branchez le disque, ou restaurez l’archive d’une copie"),
    "damaged": _("`radio check` les nomme"),
    "full": _("faites de la place, ou prenez-en un plus grand"),
    "idle": _("lancez `radio work`"),
    "failed": _("voyez plus haut que faire"),
    "alone": _("regardez radio-backup.service"),
    "untried": _("`radio backup --drill`, ou radio-drill.timer"),
    "silent": _("`radio mirror`"),
    "unproved": _("`radio check`, une nuit tranquille"),
    "refused": _("réparez-les et remettez-les dans `inbox`, ou effacez-les"),
    "stopped": _("vérifiez l’enregistreur, son disque et son dossier"),
    "dead": _("`radio source look` réessaie, `radio source remove` l’ôte"),
    "sent": _("au bureau, « Déposer »"),
    "proposals": _("`radio text proposals`"),
    "drafts": _("`radio protect publish CLÉ`"),
    "undated": _("`radio edit CLÉ date=…`"),
    "alike": _("`radio merge --find`"),
    "unread": _("au bureau, « Relire, les moins sûrs »"),
}
OF_EPISODES = {  # what a list of episodes can be narrowed to
    each.name: each
    for each in (
        *(each for each in KINDS if each.is_of_episodes),
        Kind("coming", _("À venir, à un jour et une heure"), "episodes", _coming),
        Kind("withdrawn", _("Retirés"), "episodes", _withdrawn),
    )
}
