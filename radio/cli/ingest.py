"""Take recordings in, and bags back."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import attrgetter
from os import sched_getaffinity
from pathlib import Path

import click

from radio.archive import Archive
from radio.bags.containers import is_bag
from radio.bags.restore import has_shows
from radio.cli.intake import Tally, amended, fetch, plan_files, take_bag, take_files
from radio.cli.lines import counted, say, tell, warn
from radio.cli.naming import Several, only_show, require_show
from radio.cli.terminal import each_of, flag, option, progress_bar, table, with_folder
from radio.derived.prints import Prints
from radio.ingest import air
from radio.ingest import plan as plans
from radio.ingest.description import Day, Description
from radio.ingest.folders import Left, find
from radio.ingest.plan import REFUSE, SKIP, TAKE, TWIN, Order, PlanRow
from radio.ingest.recordings import Known, Recordings
from radio.ingest.run import IngestRun
from radio.ingest.sources import arrivals
from radio.proposals.twins.arrivals import Hear, Heard, listen, mark_twins, sounds
from radio.search import Index
from radio.sound.likeness import resembled
from radio.system import sandbox
from radio.system.connection.fetch import Web
from radio.system.connection.place import is_address
from radio.system.disk import read_bytes, write_whole
from radio.system.messages import _

NAMED = 20  # files that are left for the same reason
FATES = {TAKE: "planned", TWIN: "known", SKIP: "deleted", REFUSE: "refused"}
PLANNED, TAKEN = 300.0, 30.0  # seconds in which is listened for a plan, and after an ingest
FEW = 20  # episodes that are listened to after an ingest; of more, those that were before


@with_folder
@click.argument("sources", nargs=-1, metavar=_("SOURCE…"), type=click.Path())
@option("--show", _("L’émission à laquelle ils appartiennent, s’il y en a plusieurs."), _("SLUG"))
@option("--date", _("Le jour de la diffusion."), type=click.DateTime(["%Y-%m-%d"]))
@option("--title", _("Son titre."))
@option(
    "--from",
    _("D’une pige : ce qui passe depuis cette heure, en un seul fichier."),
    "20:00",
    "begin",
)
@option("--to", _("Et jusqu’à celle-ci."), "21:00", "end")
@flag("--draft", _("Comme brouillons, que personne ne voit avant que vous les publiiez."))
@flag("--dry-run", _("Montrer ce qui serait ajouté, sans rien ajouter."))
@flag("--anew", _("Ajouter aussi ce qui a été supprimé ici."))
@table("--plan", _("Écrire ce qui serait ajouté dans un tableau, à corriger dans un tableur."))
@table("--apply", _("Ajouter ce que dit un tel tableau."))
def command(
    archive: Archive,
    sources: Several,
    show: str | None,
    date: datetime | None,
    title: str | None,
    begin: str | None,
    end: str | None,
    draft: bool,
    dry_run: bool,
    anew: bool,
    plan: Path | None,
    apply: Path | None,
) -> int:
    """Ajouter des enregistrements à l’archive : des fichiers, des dossiers, ou ce qui est à une
    adresse.

    L’adresse peut être celle d’un flux, d’un site WordPress ou d’une de ses parties, d’une page
    avec des enregistrements, d’un seul d’entre eux, d’un blog d’audioblog ou d’une page
    d’archive.org ; d’un site à plusieurs émissions, seul est ajouté ce qui est à --show. Ce qui a
    déjà été ajouté est passé, et aussi ce qui a été supprimé ici : seul revient un fichier donné
    lui-même, ou tout avec --anew. Un sac (`radio export bag`), dossier ou ZIP, est vérifié et
    repris en entier ; d’un dossier vide il fait une archive. Un texte à côté d’un enregistrement,
    du même nom, est ajouté avec lui. Le reste d’un dossier est laissé de côté, et nommé.
    """
    if bool(sources) == bool(apply):
        raise click.UsageError(_("donnez des sources, ou --apply avec un tableau"))
    heap = _Heap(anew)
    for source in sources:
        heap.add(source)
    if draft and heap.bags:
        raise click.UsageError(_("--draft ne va pas avec un sac : il dit ce qui est publié"))
    if not (plan or dry_run):
        _begin(archive, heap.bags)
    tally, before = Tally(), {each.key for each in archive.require().episodes()}
    into = ""
    if heap.addresses or heap.files:
        into = only_show(archive) if show is None else require_show(archive, show)
    said = Description(title or "", Day(date.date()) if date else None, is_draft=draft)
    if bool(begin) != bool(end) or (begin and (plan or dry_run or apply or not heap.files)):
        raise click.UsageError(_("--from et --to vont ensemble, avec des fichiers d’une pige"))
    if (plan or dry_run) and not apply:
        _lay_out(archive, heap, into, said, tally, plan)
    else:
        try:  # whatever ends the run, what was taken is found
            if apply:
                _apply(archive, apply, show, said, tally)
            elif begin and end:
                _cut(archive, heap.files, (begin, end), into, said, tally)
            else:
                _take(archive, heap, into, said, tally)
        finally:
            Index(archive).refresh()
        tell_new(archive, before)
    _name_left(heap.left)
    tally["left"] = len(heap.left)
    _tell_open(archive, before)
    _tell(tally)
    return tally["refused"]


@dataclass
class _Heap:
    """What the sources hold."""

    anew: bool  # with what was deleted here
    addresses: list[str] = field(default_factory=list)
    bags: list[Path] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    named: list[Path] = field(default_factory=list)  # files that a keeper named, not their folder

    def add(self, source: str) -> None:
        path = Path(source)
        if is_address(source):
            self.addresses.append(source)
        elif is_bag(path):
            self.bags.append(path)
        else:
            for found in find(path):
                if isinstance(found, Left):
                    self.left.append(found)
                else:
                    self.files.append(found)
                    self.named += [path] if found == path else []


def _begin(archive: Archive, bags: Collection[Path]) -> None:
    """Make an archive of a folder that has nothing but bags of this program, or is not there."""
    there = {each.name for each in archive.root.glob("*")}
    if there <= {each.name for each in bags} and any(map(has_shows, bags)):
        archive.create()
        tell(_("{root} : une nouvelle archive, où ce sac est repris"), root=archive.root)


def _tell_open(archive: Archive, before: Collection[str]) -> None:
    """Say how much of what was just taken is public, and how much has no sure date."""
    new, now = [each for each in archive.episodes() if each.key not in before], datetime.now()
    public = [each.key for each in new if each.is_public(now)]
    drafts = [each.key for each in new if each.is_waiting(now)]
    guessed = [each.key for each in new if not each.date_sure]
    if public:
        message = _(
            "{episodes} ; `radio protect embargo {key} JOUR` ou `radio protect withdraw {key}` "
            "cache cet épisode"
        )
        number = counted(len(public), "{n} épisode est public", "{n} épisodes sont publics")
        tell(message, episodes=number, key=public[0] if len(public) == 1 else _("CLÉ"))
    if drafts:
        message = _("{episodes} ; `radio protect publish {key}` le publie")
        number = counted(len(drafts), "{n} brouillon", "{n} brouillons")
        tell(message, episodes=number, key=drafts[0] if len(drafts) == 1 else _("CLÉ"))
    if guessed:
        message = _("{dates} (`radio list --guessed`) ; `radio edit {key} date=2024-03-19` la fixe")
        number = counted(
            len(guessed), "{n} date n’est que devinée", "{n} dates ne sont que devinées"
        )
        tell(message, dates=number, key=guessed[0] if len(guessed) == 1 else _("CLÉ"))


def _take(archive: Archive, heap: _Heap, show: str, said: Description, tally: Tally) -> None:
    bag = partial(take_bag, archive, tally=tally, run=IngestRun(archive.root))
    tally.update(refused=each_of(heap.bags, bag))
    orders = [Order(str(path), show, said) for path in heap.files]
    run = IngestRun(archive.root)
    take_files(archive, orders, tally, Recordings(archive, heap.named, anew=heap.anew, run=run))
    for address in heap.addresses:
        heap.left.extend(fetch(archive, address, show, said, tally, anew=heap.anew, run=run))


def _cut(
    archive: Archive,
    files: Sequence[Path],
    hours: tuple[str, str],
    show: str,
    said: Description,
    tally: Tally,
) -> None:
    """Take what files of a recorder hold between two hours, as one recording."""
    with air.between(archive, files, hours, said.day.date if said.day else None) as found:
        for why in found.told:
            warn(why)
        said = replace(said, day=found.day)
        run = IngestRun(archive.root)
        take_files(
            archive, [Order(str(found.path), show, said)], tally, Recordings(archive, run=run)
        )


def _lay_out(
    archive: Archive, heap: _Heap, show: str, said: Description, tally: Tally, target: Path | None
) -> None:
    """Show, or write, what would become of each recording; take nothing."""
    recordings = Recordings(archive, heap.named, anew=heap.anew)
    rows = list(plan_files(archive, heap.files, show, said, recordings)) if heap.files else []

    def look(address: str) -> None:
        known, into = Known(archive, anew=heap.anew), archive.show(show)
        with Web() as web:
            for each in arrivals(web, address, into):
                if isinstance(each, Left):
                    heap.left.append(each)
                else:
                    rows.append(plans.arrival_row(amended(each, said), into, known, address))

    bag = partial(take_bag, archive, tally=tally, run=None)
    tally.update(refused=each_of(heap.addresses, look) + each_of(heap.bags, bag))
    rows = _mark_twins(archive, rows)
    tally.update(FATES[row.action] for row in rows)
    if target:
        write_whole(target.absolute(), plans.write_plan(rows))
        number = counted(len(rows), "{n} enregistrement", "{n} enregistrements")
        message = _("{path} : {number} ; corrigez-le, puis `radio ingest --apply {path}`")
        warn(message, path=target, number=number)
    elif rows:
        for cells in (plans.COLUMNS, *map(astuple, rows)):
            say("\t".join(" ".join(cell.split()) for cell in cells[:-1]))


def _apply(
    archive: Archive, sheet: Path, show: str | None, given: Description, tally: Tally
) -> None:
    """Take what the rows of a plan say, as drafts if it is `given`; one that can't be read costs
    its line."""
    orders = list[Order]()
    for each in plans.read_plan(read_bytes(sheet.absolute()), sheet):
        if isinstance(each, Order):
            said = replace(each.said, is_draft=given.is_draft)
            orders.append(replace(each, show=show or each.show, said=said))
        else:
            tally["refused"] += 1
            warn(each)
    default = "" if all(each.show for each in orders) else only_show(archive)
    orders = [replace(each, show=each.show or default) for each in orders]
    files = [each for each in orders if not is_address(each.place)]
    named, run = [Path(each.place) for each in files], IngestRun(archive.root)
    take_files(archive, files, tally, Recordings(archive, named, run=run))
    elsewhere = dict[tuple[str, str], dict[str, Order]]()
    for each in (each for each in orders if is_address(each.place)):
        source = each.source, each.asked or each.show
        elsewhere.setdefault(source, {})[each.place] = each
    for (address, asked), wanted in elsewhere.items():
        fetch(archive, address, asked, Description(), tally, wanted, run=run)


def _tell(tally: Tally) -> None:
    forms = {
        "planned": counted(tally["planned"], "{n} à ajouter", "{n} à ajouter"),
        "taken": counted(tally["taken"], "{n} ajouté", "{n} ajoutés"),
        "known": counted(tally["known"], "{n} déjà là", "{n} déjà là"),
        "deleted": counted(
            tally["deleted"],
            "{n} supprimé ici, laissé de côté",
            "{n} supprimés ici, laissés de côté",
        ),
        "refused": counted(tally["refused"], "{n} refusé", "{n} refusés"),
        "left": counted(tally["left"], "{n} laissé de côté", "{n} laissés de côté"),
    }
    if tally.total() > 1:
        tell(", ".join(text for what, text in forms.items() if tally[what]))


def _name_left(left: Sequence[Left]) -> None:
    """Name the files that are left, at most NAMED of each kind."""
    by_reason = attrgetter("reason")
    for reason, alike in groupby(sorted(left, key=by_reason), key=by_reason):
        some = list(alike)
        for each in some[:NAMED]:
            detail = f"{reason} (beside {each.beside})" if each.beside else reason
            tell(_("radio: laissé de côté : {path} : {reason}"), path=each.path, reason=detail)
        if len(some) > NAMED:
            more = counted(len(some) - NAMED, "{n} autre", "{n} autres")
            tell(_("radio: laissé de côté : {more} : {reason}"), more=more, reason=reason)


def _mark_twins(archive: Archive, rows: Sequence[PlanRow]) -> list[PlanRow]:
    """Name in the rows of local files what each sounds like, as far as there is time to listen."""
    until = time.monotonic() + PLANNED
    tasks = sounds(archive, rows)
    if not tasks:
        return list(rows)
    heard, left = _listen(tasks, until)
    if left:
        message = _(
            "{number} sans écoute faute de temps ({time:.0f} min) ; `radio merge --find` la "
            "fera après"
        )
        number = counted(left, "{n} enregistrement", "{n} enregistrements")
        warn(message, number=number, time=PLANNED / 60)
    return mark_twins(archive, rows, heard, until)


def tell_new(archive: Archive, before: Collection[str]) -> None:
    """Say how many new episodes sound like an old one, as far as there is time to listen."""
    prints, until = Prints(archive), time.monotonic() + TAKEN
    episodes, missing = archive.episodes(), {each.key for each in prints.missing()}
    earlier = [each for each in episodes if each.key in before and each.key not in missing]
    new = [each for each in episodes if each.key not in before]
    late = [each for each in new if each.key not in missing or len(new) <= FEW]
    if not late or not earlier:
        return
    tasks = {each.key: partial(prints.of, each) for each in (*late, *earlier)}
    heard, _left = _listen(tasks, until)
    old, found = ([each.key for each in some if each.key in heard] for some in (earlier, late))
    if number := len(resembled(heard, old, found, until)):
        message = counted(number, "{n} épisode ressemble", "{n} épisodes ressemblent")
        warn(_("{told} à un épisode déjà là : `radio merge --find`"), told=message)


def _listen(tasks: Mapping[str, Hear], until: float) -> tuple[Heard, int]:
    """Make fingerprints, one on each core; also give how many are left in the end."""
    reader = sandbox.nursery("radio.sound.fingerprint", "av")
    with reader, progress_bar(_("Écoute")) as progress:
        return listen(tasks, until, progress, len(sched_getaffinity(0)))
