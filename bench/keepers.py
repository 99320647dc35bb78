"""A keeper's day and year, played again: presses and pages at the desk, commands, dead ends.

What each took before is what two volunteers counted on 28 November 2026.
"""

import contextlib
import csv
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Generic, TypeVar

from playwright.sync_api import Error, Page, ViewportSize, sync_playwright

from radio.actions import protecting
from radio.archive import Archive, history
from radio.archive.episode import Person, Show
from radio.desk import accounts
from radio.proposals.twins.prints import COMPARED, _Compared
from radio.search import Index
from radio.sound.container import clip
from radio.sound.likeness import Likeness
from radio.web.site import create_app
from tests.heard import hear
from tests.patience import until
from tests.processes import call, serving
from tests.samples import DEMO, STREET, files_in, holding, put
from tests.servers import hosting
from tests.visits import chromium
from tests.web.busy_desk import HELD, KEY, OTHER, fill
from tests.web.desks import WORD, cookie, enrol, listening

Somebody = TypeVar("Somebody", "Shell", "Desk")
DEAD_END = "dead end"
PATIENCE = 20_000.0  # ms, after which a way is a dead end
ROOM: ViewportSize = {"width": 360, "height": 740}
PHRASE = "une phrase assez longue"
NAME, HEARD = "Zinzolin", "Zainzolin"  # and what the machine heard
TUESDAYS = [f"21{day}.mp3" for day in ("0105", "0112", "0119", "0126", "0202", "0209", "0216")]
OPML = """<opml version="2.0"><body><outline text="Ici" type="rss"
    xmlUrl="http://127.0.0.1:{port}/feed.xml"/></body></opml>"""
FEED = """<rss version="2.0"><channel><title>Ici</title></channel></rss>"""


class DeadEndError(Exception):
    """There is no way on."""


class Shell:
    """Somebody at the command, and how many commands they have typed."""

    def __init__(self, folder: Path):
        self.folder, self.archive = folder, Archive(folder / "archive")
        self.commands, self.said = 0, ""
        self._seconds = count(0, 10)

    def __call__(self, *words: str, at: str = "archive") -> str:
        """Run a command on the archive, or on another one beside it."""
        self.commands += 1
        own = {"RADIO_ALLOW_HOSTS": "127.0.0.1", "LANGUAGE": "en"}
        done = call(*words, "--root", str(self.folder / at), check=False, **own)
        self.said = done.stdout + done.stderr
        self.hold(not done.returncode, f"radio {' '.join(words[:3])}")
        return done.stdout

    def hold(self, found: object, why: str) -> None:
        """Go on if something is so."""
        if not found:
            raise DeadEndError(f"{why}: {self.said[:300]}")

    def told(self) -> str:
        """Say what it took."""
        return "1 command" if self.commands == 1 else f"{self.commands} commands"

    def sounds(self, *names: str) -> str:
        """Make a folder of recordings, each of other bytes."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        for number, name in enumerate(names, next(self._seconds)):
            with (DEMO / f"{STREET}.mp3").open("rb") as file:
                (place / name).write_bytes(clip(file, 2.0, 8.0 + number / 3))
        return str(place)

    @property
    def keys(self) -> list[str]:
        """The keys of all episodes."""
        return [each.key for each in self.archive.episodes()]


def _undo(shell: Shell) -> None:
    before = shell.keys
    folder = shell.sounds("2021-03-09 La rue.mp3", "2021-03-16 La place.mp3")
    shell("ingest", folder, "--show", "emission")
    shell.commands = 0
    shell("undo")
    shell.hold(shell.keys == before, "still there")
    shell("ingest", folder, "--show", "emission")
    shell.hold(len(shell.keys) == len(before) + 2, "not taken again")


def _dates(shell: Shell) -> None:
    shell("ingest", shell.sounds(*TUESDAYS), "--show", "emission")
    days = {each.date.isoformat()[:7] for each in shell.archive.episodes()}
    shell.hold(days >= {"2021-01", "2021-02"} and not days & {"2005-01", "2012-01"}, str(days))


def _excel(shell: Shell) -> None:
    """A plan comes back from a spreadsheet: another encoding, other days, composed letters."""
    names = ("Noël à l’école.mp3", "Été.mp3", "Forêts.mp3")
    folder = shell.sounds(*(unicodedata.normalize("NFD", each) for each in names))
    plan, before = shell.folder / "plan.csv", len(shell.keys)
    shell("ingest", folder, "--show", "emission", "--plan", str(plan))
    rows = list(csv.reader(plan.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    date = rows[0].index("date")
    with plan.open("w", encoding="cp1252", errors="replace", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(rows[0])
        for number, row in enumerate(rows[1:]):
            row[date] = f"0{number + 1}/03/2019"
            table.writerow([unicodedata.normalize("NFC", each) for each in row])
    shell("ingest", "--apply", str(plan), "--show", "emission")
    shell.hold(len(shell.keys) == before + 3, "some were lost")


@contextlib.contextmanager
def _followed(shell: Shell) -> Iterator[None]:
    """Follow the feeds of a list while their host answers."""
    folder = Path(shell.sounds())
    with hosting(folder) as port:
        (folder / "feed.xml").write_text(FEED, encoding="utf-8")
        (folder / "list.opml").write_text(OPML.format(port=port), encoding="utf-8")
        shell("source", "add", str(folder / "list.opml"), "--show", "emission")
        yield
        shell("source", "remove", f"http://127.0.0.1:{port}/feed.xml")


def _opml(shell: Shell) -> None:
    with _followed(shell):
        pass
    shell.commands = 1


def _look(shell: Shell) -> None:
    with _followed(shell), shell.archive.lock("work"):
        shell("source", "look")
    shell.commands = 1


def _replace(shell: Shell) -> None:
    better = Path(shell.sounds("Les micros, mieux.mp3")) / "Les micros, mieux.mp3"
    shell("protect", "replace", f"emission/{STREET}", str(better), "--yes")


def _forget_person(shell: Shell) -> None:
    words = ("protect", "pseudonym", f"Inès {NAME}", "Camille", "--everywhere", "--forget", "--yes")
    shell(*words)
    shell.hold(HEARD in shell.said, "what sounds like the name is not told")
    shell(*words, "--also", HEARD, "--also", NAME)
    shell("protect", "redact", f"emission/{STREET}", "10", "12", "--destroy", "--yes")
    left = holding(shell.archive.root, NAME, HEARD)
    shell.hold(not left, f"{left} have the name")


def _forget_episode(shell: Shell) -> None:
    key = next(each for each in shell.keys if "rue" in each and "2021" in each)
    shell("delete", key, "--forget", "--yes")
    left = holding(shell.archive.root, key.partition("/")[2])
    shell.hold(not left, str(left))


def _report(shell: Shell) -> None:
    shell("export", "report", "2024", "--to", str(shell.folder))


def _bag(shell: Shell) -> None:
    shell("export", "bag", str(shell.folder / "bag"))
    shell("ingest", str(shell.folder / "bag"), at="other")
    for room in ("media", "transcripts"):
        same = files_in(shell.archive.root / room) == files_in(shell.folder / "other" / room)
        shell.hold(same, f"{room} differs")


def _mirror(shell: Shell) -> None:
    with serving("serve", "--root", str(shell.archive.root), idle=shell.archive.root) as server:
        shell("mirror", server.address, at="mirror")
    shell.hold(any((shell.folder / "mirror" / "media").rglob("*.mp3")), "nothing came")


def _one(*words: str) -> Callable[[Shell], None]:
    def run(shell: Shell) -> None:
        shell(*words)

    return run


class Desk:
    """Somebody at the desk with a telephone: what they pressed, and how many pages they saw."""

    def __init__(self, page: Page, site: str, archive: Archive, folder: Path):
        self.page, self.site, self.archive, self.folder = page, site, archive, folder
        self.pressed = self.pages = 0
        page.set_default_timeout(PATIENCE)
        page.on("framenavigated", self._see)

    def _see(self, _frame: object) -> None:
        self.pages += 1

    def go(self, path: str = "/desk") -> None:
        """Begin at a page."""
        self.page.goto(self.site + path)
        self.pressed = self.pages = 0

    def press(self, *names: str) -> None:
        """Press what has these words, one after the other: links, buttons, what folds, choices."""
        for name in names:
            button, link = (self.page.get_by_role(each, name=name) for each in ("button", "link"))
            way = button.or_(link).filter(visible=True)
            other = self.page.locator("summary, label", has_text=name).filter(visible=True)
            way.or_(other).first.wait_for()
            (way if way.count() else other).first.click()
            self.pressed += 1
            self.page.wait_for_load_state("load")

    def write(self, **fields: str) -> None:
        """Write in fields, by their names: what is typed is no press."""
        for name, text in fields.items():
            self.page.locator(f"[name={name}]").filter(visible=True).first.fill(text)

    def told(self) -> str:
        """Say what it took."""
        presses = "1 press" if self.pressed == 1 else f"{self.pressed} presses"
        return f"{presses}, {self.pages} page{'s' * (self.pages > 1)}"

    def choose(self, name: str, value: str) -> None:
        """Press one of several choices."""
        self.page.locator(f"main [name={name}][value='{value}']").filter(visible=True).first.check()
        self.pressed += 1

    def hold(self, words: str) -> None:
        """Go on once the page says something."""
        self.page.get_by_text(words).filter(visible=True).first.wait_for()

    def reach(self, words: str) -> None:
        """Look again at what goes on, until the page says something."""
        said, pages = self.page.get_by_text(words).filter(visible=True), self.pages
        until(lambda: said.count() or self._again(), lambda: self.page.url, seconds=120)
        self.pages = pages  # who waits does nothing

    def _again(self) -> bool:
        more = self.page.get_by_text("Voir l’avancement").filter(visible=True)
        if more.count():
            more.first.click()
            self.page.wait_for_load_state("load")
        return False


@dataclass(frozen=True)
class Journey(Generic[Somebody]):
    """What a keeper wants, what it took on 28 November, and how it goes now."""

    wish: str
    before: str
    play: Callable[[Somebody], None]


COMMANDS = (
    Journey("to take seven `YYMMDD.mp3` of a season with their days", "7 of 7 wrong", _dates),
    Journey("to undo the ingest of a folder, and take it anew", DEAD_END, _undo),
    Journey("to correct a plan in a French Excel, names of a Mac", "3 of 64 lost", _excel),
    Journey("to follow the feeds of a list (OPML)", DEAD_END, _opml),
    Journey("to look at a source while the machine works", DEAD_END, _look),
    Journey("to put a better recording in", DEAD_END, _replace),
    Journey("to have a name nowhere any more", "3 commands", _forget_person),
    Journey("to have an episode nowhere any more", "1 command", _forget_episode),
    Journey("to invite a colleague", "1 command", _one("user", "add", "Sam")),
    Journey("to send one away", "1 command", _one("user", "remove", "Sam")),
    Journey("to have the report of the year", "1 command", _report),
    Journey("to bring all to a machine with nothing", DEAD_END, _bag),
    Journey("to keep a copy of another archive", "1 command", _mirror),
    Journey("to rename a show", "1 command", _one("move", "--rename", "emission", "la-machine")),
)


def _come_in(desk: Desk) -> None:
    accounts.add(desk.archive.root, "Max", "keeper")
    link = accounts.invite(desk.archive.root, "Max")
    desk.page.context.clear_cookies()
    desk.go(f"/desk/link/{link}")
    desk.write(chosen=PHRASE, again=PHRASE)
    desk.press("Choisir")
    desk.write(name="max", password=PHRASE)
    desk.press("Se connecter")
    desk.hold("Ce qui attend")


def _upload(desk: Desk) -> None:
    path = desk.folder / "2024-09-17 Le marché couvert.mp3"
    with (DEMO / f"{STREET}.mp3").open("rb") as file:
        path.write_bytes(clip(file, 4.0, 12.0))
    desk.press("Déposer")
    desk.page.set_input_files("#file", path)
    desk.press("Envoyer", "Vérifier d’abord")
    for other in desk.page.locator("[name^=take-]:checked").all()[:-1]:
        other.uncheck()
    desk.press("Ajouter la sélection")
    desk.reach("C’est ajouté")


def _publish(desk: Desk) -> None:
    protecting.draft(desk.archive, [OTHER])
    desk.go()
    desk.press("La ville intelligente", "Publier plus tard")
    desk.choose("act", "embargo")
    desk.write(until="2030-01-04T20:00")
    desk.press("Enregistrer")
    desk.hold("C’est fait")


def _publish_now(desk: Desk) -> None:
    protecting.draft(desk.archive, [OTHER])
    desk.go()
    desk.press("La ville intelligente", "Publier maintenant")
    desk.hold("C’est fait")


def _card(desk: Desk) -> None:
    desk.go(f"/shows/{KEY}")
    desk.press("Modifier")
    desk.hold("Date de diffusion")


def _asked(desk: Desk, wish: str) -> None:
    desk.press("Épisodes", "La ville intelligente", "Autres pages", "Quelqu’un demande", wish)


def _withdraw(desk: Desk) -> None:
    _asked(desk, "que l’épisode ne s’écoute plus")
    desk.choose("act", "withdraw")
    desk.write(reason="À sa demande")
    desk.press("Enregistrer")
    desk.hold("C’est fait")


def _redact(desk: Desk) -> None:
    _asked(desk, "soit coupée")
    desk.write(start="10", end="14")
    desk.choose("fate", "seal")
    desk.press("Vérifier")
    desk.choose("again", "seal")
    desk.press("Retirer ce passage")
    desk.reach("Le passage est retiré")


def _rename(desk: Desk) -> None:
    _asked(desk, "que son nom ne se lise plus")
    desk.write(name="Zinzolin", shown="Camille")
    desk.choose("scope", "episode")
    desk.choose("fate", "keep")
    desk.press("Vérifier")
    desk.reach("Remplacer ce nom")
    desk.press("Remplacer ce nom")
    desk.reach("est remplacé")


def _reply(desk: Desk) -> None:
    _asked(desk, "à répondre")
    desk.write(text="Je n’ai pas dit cela.")
    desk.press("Voir l’aperçu", "Publier cette réponse")
    desk.hold("C’est fait")


def _consent(desk: Desk) -> None:
    _asked(desk, "ce qui a été accepté")
    desk.write(person="Nadia Belkacem")
    desk.press("Noter")
    desk.hold("C’est noté")


def _address(desk: Desk) -> None:
    desk.press("Épisodes", "La ville intelligente", "Autres pages", "Changer l’adresse")
    desk.write(name="la-ville")
    desk.press("Vérifier", "Changer")
    desk.hold("L’adresse est changée")


def _invite(desk: Desk) -> None:
    desk.press("Comptes")
    desk.write(name="Sam")
    desk.choose("role", "keeper")
    desk.press("Vérifier")
    desk.write(password=WORD)
    desk.press("Faire le lien")
    desk.hold("Copiez ce lien")


def _send_away(desk: Desk) -> None:
    desk.press("Comptes", "Sam")
    desk.choose("act", "remove")
    desk.press("Vérifier")
    desk.write(password=WORD)
    desk.press("Fermer cet accès")
    desk.hold("C’est fait")


def _propose(desk: Desk) -> None:
    desk.press("Propositions du public", "Accepter")
    desk.hold("C’est corrigé")


def _refused(desk: Desk) -> None:
    place, name = desk.archive.root / "inbox" / "refused", "Débat.mp3"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(b"ID3")
    (place / f"{name}.txt").write_text("2026-11-28\n\nfr : le son est coupé", encoding="utf-8")
    desk.go()
    desk.press("Fichiers refusés")
    desk.hold("le son est coupé")


def _several(desk: Desk, act: str, **fields: str) -> None:
    desk.press("Épisodes")
    for key in (KEY, HELD):
        desk.choose("key", key)
    desk.page.select_option("[name=act]", act)
    desk.press("Continuer")
    for name, text in fields.items():
        if text.startswith("="):
            desk.choose(name, text[1:])
        else:
            desk.write(**{name: text})
    desk.press("Vérifier d’abord")
    desk.page.locator("[name=sure]").click()
    desk.pressed += 1
    desk.hold("C’est fait")


def _undone(desk: Desk) -> None:
    desk.go("/desk/episodes?done=" + history.acts(desk.archive.root)[0].name)
    desk.press("Défaire")
    desk.hold("C’est défait")


def _undated(desk: Desk) -> None:
    episode = desk.archive.episode(HELD)
    desk.archive.write_episode(replace(episode, date_sure=False))
    desk.go()
    desk.press("jour est inconnu ou deviné", "Contretemps")
    desk.page.locator("[name=date_sure][type=checkbox]").check()
    desk.press("Enregistrer")
    desk.hold("C’est enregistré")


def _twins(desk: Desk) -> None:
    one, two = (desk.archive.episode(each) for each in (OTHER, HELD))
    pair = one.audio.sha256, f"{two.audio.sha256[:-1]}0"
    desk.archive.write_episode(replace(two, audio=replace(two.audio, sha256=pair[1])))
    alike = (*pair, Likeness(1.0, 0.0, 60.0, 1.0, 1.0))
    COMPARED.write(desk.archive.root, _Compared(pair, (alike,)))
    desk.go()
    desk.press("sonnent comme un autre", "C’est un autre épisode")
    desk.hold("C’est noté")


def _kit(desk: Desk) -> None:
    desk.press("Épisodes", "Les micros", "Autres pages", "Pour une autre radio", "Faire le dossier")
    desk.reach("Télécharger le dossier")


def _corrected(desk: Desk) -> None:
    desk.press("Relire", "Les micros", "0:00")
    field = desk.page.locator(".sentence textarea").nth(1)
    field.fill("La CNIL dit non aux micros de la rue.")
    desk.press("Enregistrer")
    desk.hold("nregistré")


def _report_page(desk: Desk) -> None:
    desk.press("Rapport de l’année")
    desk.hold("2024")


DESK = (
    Journey("to come in by a link", "3 pages", _come_in),
    Journey("to take in a recording", "3 presses", _upload),
    Journey("to come from an episode’s public page to its details", "5 presses", _card),
    Journey("to put a wrong sentence right", "", _corrected),
    Journey("to publish a draft", DEAD_END, _publish_now),
    Journey("to publish it on Friday at 20:00", DEAD_END, _publish),
    Journey("to learn why a file was refused", DEAD_END, _refused),
    Journey("to take a listener’s correction", "2 presses", _propose),
    Journey("to see which twins there are, and decide", DEAD_END, _twins),
    Journey("to find what has no sure day, and say it", DEAD_END, _undated),
    Journey("to add a tag to two episodes", DEAD_END, partial(_several, act="tag", tag="rue")),
    Journey(
        "to give two episodes the dates of a weekly show",
        DEAD_END,
        partial(_several, act="rhythm", first="2024-01-16", rhythm="=weekly", order="=title"),
    ),
    Journey("to undo that", DEAD_END, _undone),
    Journey("to change an address", DEAD_END, _address),
    Journey("to invite a colleague", DEAD_END, _invite),
    Journey("to send one away", DEAD_END, _send_away),
    Journey("somebody asks: a consent noted", "", _consent),
    Journey("somebody asks: to answer", "", _reply),
    Journey("somebody asks: a name replaced", "", _rename),
    Journey("somebody asks: a passage cut", "", _redact),
    Journey("somebody asks: off the site", "", _withdraw),
    Journey("to pack a kit for another station", "", _kit),
    Journey("to read the report of the year", "", _report_page),
)


def played(journey: Journey[Somebody], somebody: Somebody) -> str:
    """Play a journey; give its row."""
    try:
        journey.play(somebody)
        now = somebody.told()
    except (DeadEndError, Error, AssertionError) as error:
        now = f"{DEAD_END}: {' '.join(str(error).split())[:200]}"
    return f"| {journey.wish} | {journey.before or 'not counted'} | {now} |"


def at_desk(folder: Path) -> Iterator[str]:
    """Play what is done at the desk; give a row for each."""
    archive = Archive(folder / "desk")
    fill(archive)
    site = f"http://127.0.0.1:{listening(create_app(archive, Index(archive)))}"
    token = enrol(archive, "Zoé")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch(**chromium()).new_context(
            locale="fr-FR", viewport=ROOM
        )
        desk = Desk(context.new_page(), site, archive, folder)
        for journey in DESK:
            context.clear_cookies()
            context.add_cookies([cookie(token, site)])
            desk.go()
            yield played(journey, desk)


def at_command(folder: Path) -> Iterator[str]:
    """Play what is done at the command; give a row for each."""
    shell = write(folder)
    for journey in COMMANDS:
        shell.commands = 0
        yield played(journey, shell)


def write(folder: Path) -> Shell:
    """Write the archive of the command."""
    shell = Shell(folder)
    shell.archive.create()
    shell.archive.write_show(Show("emission", "La Machine à découdre", station="Radio Dio"))
    put(shell.archive, STREET, title="Les micros", people=(Person(f"Inès {NAME}", "invitée"),))
    hear(shell.archive, {0: "Bonjour à toutes et à tous.", 10: f"Madame {HEARD} habite au coin."})
    return shell


def table() -> str:
    """Play all; lay out what each took."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [*at_command(Path(folder)), *at_desk(Path(folder))]
    return "\n".join(["| wish | on 28 November | now |", "|---|---|---|", *rows])
