"""The doctor: has the archive all it needs on this machine, and does its site reach listeners? One
table, asked by the command and the desk. Nothing is changed, each look has its time, and none that
fails or hangs keeps the others from being told."""

import contextlib
import contextvars
import dataclasses
import importlib.metadata
import math
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from radio.archive import Archive, stores
from radio.audit import outside
from radio.audit.outside import AskedSite, Diagnosis, Once, good, unknown, wrong
from radio.desk import accounts
from radio.system import process
from radio.system.errors import ModelError
from radio.system.messages import _, ngettext
from radio.transcribe import advice, engines
from radio.transcribe.models import catalogue, weights
from radio.work.queue import Passes, Queue, choose_passes
from radio.work.status import is_running, read_status
from radio.work.waiting import KINDS, WHAT_TO_DO, State, list_waiting

PACKAGE, WORKPLACE = "radio-archive", {"dev", "docs"}  # extras for who builds it
TRY = """import importlib, sys
for name in sys.argv[1:]:
    print(name, end=" ", flush=True)
    try:
        importlib.import_module(name)
    except BaseException as error:
        print(type(error).__name__, error)
    else:
        print()
"""  # what can't be imported
LEAST_ROOM, LEAST_FILES = 1 << 30, 5000  # of a disk: bytes, and files that fit
OPEN_TO_ALL, PASSABLE = 0o006, 0o001  # rights of everybody else
DRIFT = 30.0  # seconds between two clocks
AHEAD = 300.0  # seconds that a file may be of the future
TIMED = tuple(f"radio-{each}.service" for each in ("follow", "backup", "drill", "alarm"))
UNITS = (
    *("radio-web.service", "radio-work.service"),
    *(each.replace(".service", ".timer") for each in TIMED),
)
ASKED = "Id,LoadState,ActiveState,UnitFileState,Result,FragmentPath,NeedDaemonReload"
SHIPPED = ("opt/radio/source/deploy/systemd", "deploy/systemd")  # beneath `/`, beside the program
OURS_TO_CHANGE = ("ReadOnlyPaths=", "#")  # in a unit: docs/fr/install.md says so of the first
ONION_ADDRESS = re.compile(r"[a-z2-7]{56}\.onion")
AT_WORK, ARRIVING = (
    ("idle", "failed"),
    ("refused", "stopped", "dead"),
)  # kinds of what waits (`waiting`)
COPIED, FULL = ("alone", "untried", "silent"), ("full",)
KEPT = tuple(  # all else that the desk shows among the state of the archive
    each.name
    for each in KINDS
    if each.page.partition("#")[0] == "state"
    and each.name not in (*AT_WORK, *ARRIVING, *COPIED, *FULL)
)


@dataclass
class Machine:
    """An archive where it is kept."""

    archive: Archive
    site: AskedSite  # at the public address
    local: AskedSite  # at the port of this machine
    is_deep: bool = True  # whether time and memory are taken to read weights and import libraries
    system: Path = Path("/")

    def __post_init__(self) -> None:
        self.asked = read_status(self.archive).asked
        self._state = Once(self._read_state)

    @property
    def passes(self) -> "Passes | ModelError":
        """The models that are chosen here, or why there are none."""
        try:
            return choose_passes(self.asked)
        except ModelError as error:
            return error

    @property
    def state(self) -> State:
        """The state of the archive, with what is left counted where nobody does."""
        return self._state()

    def _read_state(self) -> State:
        state = State(self.archive)
        if self.is_deep and not is_running(self.archive):
            chosen = self.passes
            passes = chosen if isinstance(chosen, Passes) else None
            state.work = Queue(self.archive).recount(state.work, passes)
        return state

    @property
    def is_copy(self) -> bool:
        """Whether it is a copy of another archive, which hears nothing by itself."""
        return self.state.condition.pulled is not None

    def chosen(self) -> Iterator[tuple[str, str]]:
        """Give each engine with its model that work here uses. Raises ModelError."""
        passes = self.passes
        if isinstance(passes, ModelError):
            raise passes
        for each in dict.fromkeys((passes.first, passes.better)):
            yield engines.pick(self.asked.engine, each)

    def waits(self, kinds: Collection[str]) -> Diagnosis | None:
        """Tell what of some kinds waits for somebody, and what to do."""
        found = list_waiting(self.state, kinds)
        if not found:
            return None
        seen = [each.text + "".join(f"\n{name}" for name in each.names) for each in found]
        remedies = dict.fromkeys(_(WHAT_TO_DO[each.kind.name]) for each in found)
        return Diagnosis("wrong", "\n".join(seen), " ; ".join(remedies))


def python(_machine: Machine) -> Diagnosis:
    """Is Python one for which the program is made?"""
    wanted = importlib.metadata.metadata(PACKAGE)["Requires-Python"]
    version = platform.python_version()
    if SpecifierSet(wanted).contains(version, prereleases=True):
        return good("Python {version}", version=version)
    remedy = _("réinstallez avec un Python {wanted}")
    return wrong("Python {version}", remedy, version=version, wanted=wanted)


def libraries(machine: Machine) -> Diagnosis:
    """Are all libraries here, in releases that the program admits, and can they be imported?"""
    faults, installed = list[str](), list[str]()
    extras = {*(importlib.metadata.metadata(PACKAGE).get_all("Provides-Extra") or [])} - WORKPLACE
    for each in map(Requirement, importlib.metadata.requires(PACKAGE) or []):
        is_needed = each.marker is None or each.marker.evaluate({"extra": ""})
        if each.marker and not any(each.marker.evaluate({"extra": one}) for one in ("", *extras)):
            continue
        try:
            version = importlib.metadata.version(each.name)
        except importlib.metadata.PackageNotFoundError:
            faults += [_("{name} manque", name=each.name)] * is_needed
            continue
        installed.append(each.name)
        if not each.specifier.contains(version, prereleases=True):
            message = _("{name} {version}, pas {wanted}")
            faults.append(_(message, name=each.name, version=version, wanted=each.specifier))
    if machine.is_deep:
        faults += _broken({*chain.from_iterable(map(_modules, installed))})
    if faults:
        remedy = _("refaites l’installation : `deploy/upgrade`, ou `{python} -m pip install …`")
        return wrong(" ; ".join(faults), remedy, python=sys.executable)
    number = len(installed)
    return good(ngettext("{n} bibliothèque", "{n} bibliothèques", number, n=number))


def _modules(name: str) -> Iterator[str]:
    """Name what a distribution lets import, by its files."""
    for path in importlib.metadata.files(name) or []:
        is_package = len(path.parts) == 2 and path.name == "__init__.py"
        if is_package or (len(path.parts) == 1 and path.suffix in (".py", ".so")):
            yield path.parts[0].split(".")[0]


def _broken(modules: Iterable[str]) -> Iterator[str]:
    """Import modules in a process of their own, which may die; tell of those that can't be."""
    command = [sys.executable, "-c", TRY, *sorted(each for each in modules if each.isidentifier())]
    done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    lines = done.stdout.splitlines()
    for number, line in enumerate(lines, 1):
        name, _space, error = line.partition(" ")
        if number == len(lines) and done.returncode:
            error = _("fait mourir Python ({code}) : le processeur est-il trop ancien ?")
            error = _(error, code=done.returncode)
        if error:
            yield f"{name} : {error[:200]}"


def disk(machine: Machine) -> Diagnosis:
    """Is there room for shows, for what is made of them, models, copies, what arrives?"""
    condition, faults, seen = machine.state.condition, list[str](), set[int]()
    copies = os.environ.get("RADIO_BACKUP") or machine.archive.root
    places = machine.archive.root, machine.archive.cache, weights.folder(), copies
    for place in map(Path, [*places, tempfile.gettempdir()]):
        there = next((each for each in (place, *place.parents) if each.exists()), place)
        status = os.statvfs(there)
        if (device := there.stat().st_dev) in seen:
            continue
        seen.add(device)
        if (free := status.f_bavail * status.f_frsize) < LEAST_ROOM:
            faults.append(_("{place} : {free} Mo libres", place=there, free=free // 10**6))
        if status.f_files and status.f_favail < LEAST_FILES:
            faults.append(
                _("{place} : de la place pour {n} fichiers", place=there, n=status.f_favail)
            )
    hours = round(condition.hours)
    left = ngettext("{n} heure", "{n} heures", hours, n=hours)
    room = _("{size:.1f} Go libres, {hours} de son", size=condition.free / 1e9, hours=left)
    if faults or machine.waits(FULL):
        return wrong("\n".join([room, *faults]), WHAT_TO_DO["full"])
    return good(room)


def memory(machine: Machine) -> Diagnosis:
    """Has the machine enough memory for the model that is chosen?"""
    total = process.memory(machine.system).total
    needed, chosen = 0, ""
    with contextlib.suppress(ModelError):
        for engine, model in machine.chosen():
            if (published := catalogue.find(model)) is None:
                continue
            some = advice.choices(engine, None)
            for each in (one for one in some if one.model == published.name):
                needed, chosen = max((needed, chosen), (each.memory, model))
    values = {"total": total / 1e9, "needed": needed / 1e9, "model": chosen}
    if not chosen:
        return good(_("{total:.1f} Go"), **values)
    message = _("{total:.1f} Go ; {model} en prend jusqu’à {needed:.1f}")
    if needed <= total:
        return good(message, **values)
    remedy = _("`radio model advise` en dit un plus petit ; `radio work --model` le choisit")
    return wrong(message, remedy, **values)


def model(machine: Machine) -> Diagnosis | None:
    """Is the model that is chosen here, and as it was published?"""
    if machine.is_copy:
        return None
    try:
        chosen = list(machine.chosen())
    except ModelError as error:
        return wrong(_("aucun, ou rien qui sache le lire"), str(error))
    names = ", ".join(f"{model} ({engine})" for engine, model in chosen)
    for engine, name in chosen if machine.is_deep else ():
        try:
            engines.find(engine, name)
        except ModelError as error:
            return wrong(_("{model} : manque, ou est abîmé"), str(error), model=name)
    here = {name for engine, _model in chosen for name in engines.readable(engine)}
    if missing := [name for _engine, name in chosen if not here & {*catalogue.names(name)}]:
        remedy = "`radio model fetch {model}`"
        return wrong(_("{model} : n’est pas ici"), remedy, model=missing[0])
    return good(_("{names}, lu en entier") if machine.is_deep else "{names}", names=names)


def port(machine: Machine) -> Diagnosis:
    """Does the site of this archive answer on this machine?"""
    name = _("port {port}", port=urlsplit(machine.local.address).port)
    remedy = _("`systemctl start radio-web`, ou `radio serve` ; RADIO_PORT dit un autre port")
    return machine.local.identity(name, remedy)


def permissions(machine: Machine) -> Diagnosis:
    """May the archive be written, is it of one user, and are private folders closed?"""
    root = machine.archive.root
    if not machine.archive.media.is_dir():
        return wrong(_("{root} : pas d’archive ici"), _("`radio init`, ou --root"), root=root)
    owner = root.stat().st_uid
    if not os.access(root, os.W_OK):
        remedy = _("travaillez sous l’utilisateur {owner}, ou `chown -R`")
        return wrong(_("on ne peut rien écrire dans {root}"), remedy, root=root, owner=owner)
    if not os.access(machine.archive.media, os.W_OK) and accounts.accounts(root):
        remedy = _("ôtez `ReadOnlyPaths=` de radio-web.service, puis relancez-le")
        return wrong(_("le bureau ne peut rien changer aux émissions"), remedy)
    foreign = [each for each in _each(root) if each.lstat().st_uid != owner]
    if foreign:
        message = _("{path} n’est pas au même utilisateur que l’archive")
        remedy = _("`chown -R {owner}: {root}`, et lancez `radio` sous cet utilisateur")
        return wrong(message, remedy, path=foreign[0], owner=owner, root=root)
    private = (root / each for each in stores.PRIVATE if each not in stores.FOREIGN)
    if bare := [each for each in private if each.is_dir() and _is_bare(each)]:
        message = _("{path} est ouvert à tous les utilisateurs de la machine")
        return wrong(message, "`chmod -R o= {root}`", path=bare[0], root=root)
    return good(_("l’archive s’écrit, à un seul utilisateur, et ce qui est privé est fermé"))


def _each(root: Path) -> Iterator[Path]:
    """Give what lies in the root and in the folders of shows."""
    for pattern in ("*", ".*.lock", "media/*", "transcripts/*", "desk/*", "cache/*"):
        yield from root.glob(pattern)


def _is_bare(folder: Path) -> bool:
    """Whether everybody on this machine may read a folder, or write there."""
    passed = all(each.stat().st_mode & PASSABLE for each in (folder, *folder.parents))
    return passed and bool(folder.stat().st_mode & OPEN_TO_ALL)


def units(machine: Machine) -> Diagnosis:
    """Does systemd run what is to run, and is it set as it was shipped?"""
    told = _shown_units(machine.system)
    if told is None:
        return unknown(_("pas de systemd ici : ce qui lance le site et le travail n’est pas connu"))
    here = [each for each in told if each.get("LoadState") == "loaded"]
    if not here:
        remedy = _("docs/fr/install.md, « Ce qui tourne », les installe")
        return unknown(_("systemd n’a aucune unité de l’archive"), remedy)
    faults = list(chain.from_iterable(map(_unit_faults, told)))
    faults += [
        (_("{unit} diffère de celle livrée", unit=each["Id"]), _REINSTALL)
        for each in here
        if _differs(machine.system, Path(each.get("FragmentPath", "")))
    ]
    if faults:
        seen, remedies = zip(*faults, strict=True)
        return Diagnosis("wrong", "\n".join(seen), " ; ".join(dict.fromkeys(remedies)))
    return good(
        ngettext("{n} unité, comme livrée", "{n} unités, comme livrées", len(here), n=len(here))
    )


def _shown_units(system: Path) -> list[dict[str, str]] | None:
    """Give what systemd tells of our units; None where there is no systemd."""
    systemctl = shutil.which("systemctl")
    if not systemctl or not (system / "run/systemd/system").is_dir():
        return None
    command = [systemctl, "show", "--property", ASKED, *UNITS, *TIMED]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    blocks = (block.splitlines() for block in done.stdout.strip().split("\n\n"))
    return [dict(line.split("=", 1) for line in block if "=" in line) for block in blocks]


def failed_units(system: Path) -> Iterator[tuple[str, str, str]]:
    """Give each unit that failed, with what is said of it and what to do."""
    for each in _shown_units(system) or []:
        if _has_failed(each):
            yield from ((each["Id"], *said) for said in _unit_faults(each))


def _has_failed(told: dict[str, str]) -> bool:
    is_here = told.get("LoadState") == "loaded"
    has_ended = told.get("Result", "success") != "success"
    return is_here and (told.get("ActiveState") == "failed" or has_ended)


_REINSTALL = _("`install -m 644 …/deploy/systemd/* /etc/systemd/system/`, puis daemon-reload")


def _unit_faults(told: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Tell what is wrong with a unit, each with what to do."""
    unit, is_timed = told.get("Id", ""), told.get("Id") in TIMED
    values = {"unit": unit}
    if told.get("LoadState") != "loaded":
        yield _("{unit} n’est pas installée", **values), _REINSTALL
    elif _has_failed(told):
        yield _("{unit} a échoué", **values), f"`journalctl -u {unit} --since yesterday`"
    elif told.get("NeedDaemonReload") == "yes":
        yield _("{unit} a changé depuis", **values), "`systemctl daemon-reload`"
    elif not is_timed and told.get("UnitFileState") != "enabled":
        yield _("{unit} ne démarre pas seule", **values), f"`systemctl enable --now {unit}`"
    elif not is_timed and told.get("ActiveState") == "inactive":
        yield _("{unit} est arrêtée", **values), f"`systemctl start {unit}`"


def _differs(system: Path, installed: Path) -> bool:
    """Whether a unit is not as it was shipped, but for what the manual changes."""

    def lines(path: Path) -> set[str]:
        text = path.read_text("utf-8", errors="replace")
        return {line for line in text.splitlines() if not line.startswith(OURS_TO_CHANGE)} - {""}

    places = system / SHIPPED[0], Path(__file__).parents[2] / SHIPPED[1]
    shipped = next((each / installed.name for each in places if each.is_dir()), None)
    with contextlib.suppress(OSError):
        return shipped is not None and shipped.is_file() and lines(shipped) != lines(installed)
    return False


def clock(machine: Machine) -> Diagnosis:
    """Is the clock right? Days, embargoes and « now » are read from it."""
    if found := _newest(machine.archive, time.time() + AHEAD):
        remedy = _("l’horloge a reculé, ou ce fichier vient d’une autre machine : `timedatectl`")
        return wrong(_("{path} est daté de l’avenir"), remedy, path=found)
    drift = outside.drift(machine.site) if machine.site.address else None
    if drift is not None and abs(drift) > DRIFT:
        message = _("{drift:+.0f} s d’écart avec l’extérieur")
        return wrong(message, "`timedatectl set-ntp true`", drift=drift)
    is_set = process.has_set_clock()
    if is_set is False:
        remedy = _("`timedatectl set-ntp true`, ou `apt-get install systemd-timesyncd`")
        return wrong(_("rien ne règle l’horloge de cette machine"), remedy)
    return (
        good(_("à l’heure")) if is_set else unknown(_("le système ne dit pas si elle est réglée"))
    )


def _newest(archive: Archive, after: float) -> str:
    """Name a sidecar or a text that was written later than that."""
    for pattern in ("media/*/*.json", "transcripts/*/*.vtt"):
        for path in archive.root.glob(pattern):
            with contextlib.suppress(OSError):
                if path.lstat().st_mtime > after:
                    return str(path.relative_to(archive.root))
    return ""


def onion(machine: Machine) -> Diagnosis | None:
    """Is the onion service what pages offer, and does it lead here?"""
    own, offered = _own_onion(machine), outside.offered_onion(machine.site)
    host = urlsplit(offered).hostname or own
    if host is None:
        return None
    if not offered:
        message = _("un service oignon tourne, et les pages ne l’offrent pas (Onion-Location)")
        return wrong(message, _("docs/fr/onion.md : /etc/nginx/conf.d/radio-onion.conf"))
    if own and own != host:
        message = _("les pages offrent {host}, et tor sert {own}")
        remedy = _("corrigez /etc/nginx/conf.d/radio-onion.conf, puis `systemctl reload nginx`")
        return wrong(message, remedy, host=host, own=own)
    if not os.environ.get("RADIO_PROXY"):
        message = _("{host} est offert ; on n’a pas pu y aller d’ici")
        return unknown(message, "`RADIO_PROXY=socks5h://127.0.0.1:9050 radio doctor`", host=host)
    path = urlsplit(machine.site.address).path
    site = AskedSite(f"http://{host}{path}", machine.site.question)
    return site.identity(host, _("`systemctl status tor`, et /etc/tor/torrc"))


def _own_onion(machine: Machine) -> str | None:
    """Give the onion address of a service that leads to the port of the site; "" where Tor has one
    whose name may not be read, None where there is none."""
    try:
        lines = (machine.system / "etc/tor/torrc").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return None
    folder, port = "", str(urlsplit(machine.local.address).port)
    for line in lines:
        name, _space, value = line.strip().partition(" ")
        if name == "HiddenServiceDir":
            folder = value.strip()
        elif name == "HiddenServicePort" and value.rpartition(":")[2].strip() == port and folder:
            with contextlib.suppress(OSError):
                file = machine.system / folder.lstrip("/") / "hostname"
                found = ONION_ADDRESS.search(file.read_text("ascii", errors="replace"))
                return found[0] if found else ""
            return ""
    return None


def copies(machine: Machine) -> Diagnosis:
    """Are there copies elsewhere, and how old are they?"""
    found = machine.waits(COPIED)
    if found:
        return found
    condition = machine.state.condition
    if condition.saved is not None:
        number = condition.saved
        return good(ngettext("la dernière a {n} jour", "la dernière a {n} jours", number, n=number))
    if condition.pulled is not None:
        return good(_("ceci est une copie d’une autre archive"))
    if os.environ.get("RESTIC_REPOSITORY"):
        return unknown(_("restic les garde ; leur âge n’est pas connu ici"), "`restic snapshots`")
    remedy = _("docs/fr/backup.md : RADIO_BACKUP dans /etc/radio/env, et radio-backup.timer")
    return wrong(_("aucune copie n’est demandée : si ce disque meurt, tout est perdu"), remedy)


def files(machine: Machine) -> Diagnosis:
    """Are the files what they were, and who says so?"""
    if found := machine.waits(KEPT):
        return found
    checked = machine.state.condition.checked
    if not checked:
        return good(_("rien n’est encore à vérifier"))
    return good(_("vérifiés le {day}, tout va bien"), day=checked.date)


def work(machine: Machine) -> Diagnosis:
    """Does what goes on by itself go on, at night too?"""
    found = machine.waits(AT_WORK)
    if found and machine.state.work.troubles:
        remedy = _("`radio status` dit pourquoi ; `radio work --retry` réessaie")
        return dataclasses.replace(found, remedy=remedy)
    return found or good(_("rien n’a échoué"))


def arrivals(machine: Machine) -> Diagnosis:
    """Did all come in that was to?"""
    return machine.waits(ARRIVING) or good(_("rien n’a été refusé, et ce qui est suivi répond"))


def caller(_machine: Machine) -> Diagnosis:
    """Is somebody called where something goes wrong?"""
    named = {each: shlex.split(os.environ.get(each, "")) for each in ("RADIO_DONE", "RADIO_ALARM")}
    for variable, words in named.items():
        if words and not shutil.which(words[0]):
            remedy = _("installez-la, ou corrigez {variable}", variable=variable)
            return wrong(_("{program} : pas de commande de ce nom"), remedy, program=words[0])
    if not named["RADIO_ALARM"]:
        remedy = _("RADIO_ALARM nomme une commande qui prévient (docs/fr/a-light-is-red.md)")
        return unknown(_("personne n’est appelé quand quelque chose ne va pas"), remedy)
    return good(_("{program} appelle quelqu’un"), program=named["RADIO_ALARM"][0])


@dataclass(frozen=True)
class Examination:
    """A row of the table."""

    name: str
    subject: str
    look: Callable[[Machine], Diagnosis | None]  # None where there is nothing to look at
    goes_out: bool = False  # whether it asks the site
    seconds: float = 20.0  # that it may take


def _of_site(
    look: Callable[[AskedSite], Diagnosis | None],
) -> Callable[[Machine], Diagnosis | None]:
    return lambda machine: look(machine.site)


TABLE = (
    Examination("python", "Python", python),
    Examination("libraries", _("bibliothèques"), libraries, seconds=180.0),
    Examination("permissions", _("droits"), permissions),
    Examination("disk", _("disque"), disk),
    Examination("memory", _("mémoire"), memory),
    Examination("model", _("modèle"), model, seconds=180.0),
    Examination("clock", _("horloge"), clock),
    Examination("units", _("unités"), units),
    Examination("port", _("site"), port, goes_out=True),
    Examination("address", _("adresse"), _of_site(outside.address), goes_out=True),
    Examination("certificate", _("certificat"), _of_site(outside.certificate), goes_out=True),
    Examination("redirect", "http", _of_site(outside.redirect), goes_out=True),
    Examination("proxy", "proxy", _of_site(outside.proxy), goes_out=True),
    Examination("onion", _("service oignon"), onion, goes_out=True, seconds=60.0),
    Examination("copies", _("copies"), copies),
    Examination("files", _("fichiers"), files),
    Examination("work", _("travail de fond"), work),
    Examination("arrivals", _("arrivées"), arrivals),
    Examination("alarm", _("alarme"), caller),
)

BARE = TABLE[:3]  # of a machine without an archive
INSIDE = tuple(each for each in TABLE if not each.goes_out)
OUTSIDE = tuple(each for each in TABLE if each.goes_out)


def examine(
    archive: Archive,
    base_url: str,
    port: int = 0,
    rows: Iterable[Examination] = TABLE,
    *,
    is_deep: bool = True,
    most: float = math.inf,
    system: Path = Path("/"),
) -> Iterator[tuple[Examination, Diagnosis]]:
    """Look at rows of the table at once, and tell them one by one, each within `most` seconds.
    Without an archive only the machine is looked at."""
    is_there = archive.media.is_dir()
    rows = [each for each in rows if is_there or each in BARE]
    asks = is_there and any(each.goes_out for each in rows)
    with outside.asking(archive) if asks else contextlib.nullcontext("") as question:
        site, local = (AskedSite(each, question) for each in (base_url, f"http://127.0.0.1:{port}"))
        machine = Machine(archive, site, local, is_deep, system)
        began = time.monotonic()
        for each, found in [(each, _begun(each, machine)) for each in rows]:
            seconds = min(each.seconds, most)
            wait([found], max(0.0, began + seconds - time.monotonic()))
            if diagnosis := _told(found, seconds):
                yield each, diagnosis


def _begun(row: Examination, machine: Machine) -> "Future[Diagnosis | None]":
    """Begin to look; a look that hangs keeps nothing from ending."""
    found, here = Future[Diagnosis | None](), contextvars.copy_context()

    def look() -> None:
        try:
            found.set_result(here.run(row.look, machine))
        except Exception as error:  # noqa: BLE001 (told in its row)
            found.set_exception(error)

    threading.Thread(target=look, daemon=True).start()
    return found


def _told(found: "Future[Diagnosis | None]", seconds: float) -> Diagnosis | None:
    if not found.done():
        return unknown(_("pas de réponse en {seconds:.0f} s"), seconds=seconds)
    if error := found.exception():
        message = _("on n’a pas pu le savoir ({error})")
        return unknown(message, error=f"{type(error).__name__} {error}")
    return found.result()
