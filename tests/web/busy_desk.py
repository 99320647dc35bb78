"""A desk with much to do: what the volunteers of a radio find there on a full day."""

import contextlib
import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from werkzeug.serving import make_server

from radio.actions.editing import edit, write
from radio.actions.protecting import withdraw
from radio.archive import Archive
from radio.archive.consents import Consent, note_consent
from radio.archive.episode import Person, Show
from radio.archive.follows import Follow, Follows, write_follows
from radio.archive.locks import locked
from radio.archive.protection import Protection, PublicReply, Redaction
from radio.desk.accounts import Role
from radio.ingest import uploads
from radio.ingest.looks import LOOKS, Look, Looks
from radio.proposals.decisions import accept
from radio.proposals.queue import read
from radio.proposals.twins.prints import COMPARED, _Compared
from radio.search import Index
from radio.sound.likeness import Likeness
from radio.system.progress import Progress
from radio.text.chapters import Chapter
from radio.web.site import create_app
from radio.work.status import LOCK, Current, Remainder, Trouble, WorkStatus, write_status
from radio.work.tries import wait_after
from tests.heard import hear
from tests.samples import CITY, DEMO, MEMORY, STREET, delete_episode, put
from tests.web.desks import chores_of, cookie, enrol, propose

KEY, OTHER, HELD = f"emission/{STREET}", f"emission/{CITY}", f"autre/{CITY}"
PEOPLE: dict[str, Role] = {"Zoé": "keeper", "Noé": "keeper", "Léa": "rereader"}
SAID = (
    "Bonjour à toutes et à tous, vous écoutez Radio Dio.",
    "La kni dit non aux micros de la rue.",
    "Madame Zinzolin habite au coin, dit sa voisine.",
    "Et puis la kni part, les micros restent.",
    "Merci à toutes et à tous, à la semaine prochaine.",
)
ABOUT = "Une mairie pose des micros dans la rue. Qui écoute, qui décide, qui paie ?"
FEED = "https://radio.example/emissions/la-machine-a-decoudre/podcast.xml"


@dataclass(frozen=True)
class BusyDesk:
    """A site whose desk has much to do, and what a browser shows there, by name of a person."""

    address: str
    archive: Archive
    tokens: dict[str, str]
    accepted: str  # the proposal of which other places are left

    def cookie(self, name: str) -> dict[str, Any]:
        return cast(dict[str, Any], cookie(self.tokens[name], self.address))

    @property
    def pages(self) -> dict[str, str]:
        about = "fields asked chapters rights music redact pseudonym reply recording consents"
        about += " rename merge"
        rooms = "uploads proposals reread episodes site status report deleted journal"
        rooms += " twins team"
        return {
            "home": "/desk",
            **{each: f"/desk/{each}" for each in f"{rooms} account".split()},
            **{each: f"/desk/{each}/{KEY}" for each in f"{about} delete".split()},
            "show": "/desk/show/emission",
            "asked-of-all": "/desk/asked?person=",
            "unsure": "/desk/reread?order=doubt",
            "waiting": f"/desk/fields/autre/{STREET}",
            "threads": "/desk/threads",
            "elsewhere": f"/desk/proposals/{self.accepted}/elsewhere",
            "accepted": f"/desk/proposals?accepted={self.accepted}",
            "colleague": "/desk/team?name=Léa",
            "consent": f"/desk/consents/{KEY}?number=1",
            "redacting": f"/desk/redact/{HELD}",
            "reread-episode": f"/desk/reread/{OTHER}",
            "section": f"/desk/reread/{KEY}/1",
            "replace": f"/desk/replace/{KEY}?q=kni&by=CNIL",
            "voices": f"/desk/voices/{KEY}",
            "document": f"/desk/document/{KEY}",
        }


@dataclass(frozen=True)
class Answer:
    """A page that answers a form: what is written in it, and what is pressed."""

    path: str
    typed: dict[str, str]
    press: str = "main form [type=submit]"

    @property
    def script(self) -> str:
        return f"""(() => {{
            for (const [name, value] of Object.entries({json.dumps(self.typed)})) {{
                const it = document.querySelector(name);
                if (it.type === "radio" || it.type === "checkbox") it.checked = true;
                else it.value = value;
            }}
            for (const it of document.querySelectorAll("main form")) it.noValidate = true;
            document.querySelector({json.dumps(self.press)}).click();
        }})()"""


TWICE = {"[name=fate]": "", "[name=start]": "9", "[name=end]": "14"}
NAMED = {"#name": "Nadia Belkacem", "#shown": "Camille", "[name=fate]": "", "[name=scope]": ""}
STANDING = "#publication [type=submit]"
SAVE, SEE, ENTER = "[value=save]", "[value=see]", "[form=entering][type=submit]"
ANSWERS = {
    "clash": Answer(f"/desk/fields/{KEY}", {"[name=was-title]": "x", "#f-title": "La rue"}, SAVE),
    "fields-seen": Answer(f"/desk/fields/{KEY}", {"#f-title": "La rue, la nuit"}, SEE),
    "fields-wrong": Answer(f"/desk/fields/{KEY}", {"#f-title": "", "#f-date": "hier"}, SAVE),
    "fields-saved": Answer(f"/desk/fields/{OTHER}", {"#f-title": "La ville"}, SAVE),
    "redact-sure": Answer(f"/desk/redact/{KEY}", TWICE),
    "redact-wrong": Answer(f"/desk/redact/{KEY}", {**TWICE, "[name=end]": "hier"}),
    "delete-sure": Answer(f"/desk/delete/{KEY}", {"[value=forget]": "", "#reason": "Doublon"}),
    "pseudonym-sure": Answer(f"/desk/pseudonym/{KEY}", NAMED),
    "recording-sure": Answer(f"/desk/recording/{KEY}", {"[name=file]": "", "[name=anyway]": ""}),
    "merge-sure": Answer(f"/desk/merge/{KEY}", {"#other": OTHER, "[name=anyway]": ""}),
    "merge-wrong": Answer(f"/desk/merge/{KEY}", {"#other": "x"}),
    "rename-sure": Answer(f"/desk/rename/{KEY}", {"#name": "La rue"}),
    "rename-wrong": Answer(f"/desk/rename/{KEY}", {"#name": "…"}),
    "team-sure": Answer("/desk/team", {"#name": "Ana"}),
    "team-wrong": Answer("/desk/team", {"#name": ""}),
    "reply-seen": Answer(f"/desk/reply/{KEY}", {"#text": "C’est *faux*.", "#at": "0:12"}),
    "reply-wrong": Answer(f"/desk/reply/{KEY}", {"#text": "C’est *faux*.", "#at": "tôt"}),
    "music-wrong": Answer(f"/desk/music/{KEY}", {"#playlist": "Magny\n" * 11_000}),
    "chapters-wrong": Answer(f"/desk/chapters/{KEY}", {"#time-1": "tôt"}, SAVE),
    "consent-wrong": Answer(f"/desk/consents/{KEY}", {"#person": "…"}),
    "withdraw-wrong": Answer(f"/desk/fields/{KEY}", {"[value=embargo]": ""}, STANDING),
    "password-wrong": Answer("/desk/account", {"#password": "x", "#chosen": "y", "#again": "z"}),
    "uploads-wrong": Answer("/desk/uploads", {"[name^=date]": "hier"}, ENTER),
    "section-saved": Answer(f"/desk/reread/{OTHER}/1", {"textarea": "Bonjour."}, SAVE),
}


@contextlib.contextmanager
def busy_desk(archive: Archive, *, new: bool = False) -> Iterator[BusyDesk]:
    """Fill an archive, and serve its site while something long is being done; a `new` one has a
    show, and nothing to do."""
    if new:
        archive.create()
        archive.write_show(Show("emission", "La Machine à découdre", station="Radio Dio"))
    else:
        fill(archive)
        one, two = (archive.episode(each).audio.sha256 for each in (KEY, OTHER))
        like = Likeness(0.4, 3.0, 50.0, 0.7, 0.2)
        COMPARED.write(archive.root, _Compared((one, two), ((one, two, like),)))
    app = create_app(archive, Index(archive))
    end = threading.Event()
    tokens = {name: enrol(archive, name, role) for name, role in PEOPLE.items()}

    def last(tell: Progress) -> None:
        tell(0.42)
        end.wait()

    if not new:
        chores_of(app).begin(f"redact {HELD}", last)
    site = make_server("127.0.0.1", 0, app, threaded=True)
    server = threading.Thread(target=site.serve_forever)
    server.start()
    try:
        with locked(archive.root, LOCK):
            mended = "".join(each.id for each in read(archive.root).accepted)
            yield BusyDesk(f"http://127.0.0.1:{site.port}", archive, tokens, mended)
    finally:
        end.set()
        site.shutdown()
        server.join()
        site.server_close()


def fill(archive: Archive) -> None:
    archive.create()
    archive.write_show(Show("emission", "La Machine à découdre", station="Radio Dio"))
    archive.write_show(Show("autre", "Contretemps", station="Radio Dio"))
    add_episodes(archive)
    for name, sound in (("2024-05-07 Le marché.mp3", CITY), ("micros rue (copie).mp3", STREET)):
        content = (DEMO / f"{sound}.mp3").read_bytes()
        uploads.store(archive, name, "emission", "Zoé", [content + b"\0" * (sound == CITY)])
    half = uploads.begin(archive, "2024-06-11 Débat.wav", 9_000_000, 1.0, "emission", "Noé")
    assert isinstance(half, uploads.SentFile)
    uploads.add(archive, half, 0, bytes(4_000_000))
    accept(archive, propose(archive, "La CNIL dit non aux micros de la rue.", 1), who="Zoé")
    for _ in range(3):
        propose(archive, "Et puis la CNIL part, les micros restent.", 3, "la même qu’au début")
    for words in ("Merci à toutes et tous, à la semaine prochaine !", "Zut."):
        propose(archive, words, 4)
    act(archive)
    tell_state(archive)


def add_episodes(archive: Archive) -> None:
    reply = PublicReply("Je n’habite pas au coin.", "Mme Zinzolin", 12.0, dt.date(2026, 5, 12))
    told: dict[str, Any] = {
        "title": "Les micros de la rue",
        "description": ABOUT,
        "people": (Person("Camille Durand", "présentation"), Person("Nadia Belkacem", "invitée")),
        "tags": ("vidéosurveillance", "Saint-Étienne"),
        "chapters": (Chapter(0.0, "Bonjour"), Chapter(21.5, "Qui écoute ?")),
        "playlist": ("Colette Magny – Melocoton [CBS] 2:12 @0:40",),
        "protection": Protection(replies=(reply,), pseudonyms=(dt.date(2026, 5, 2),)),
        "redactions": (Redaction(3.0, 5.0, "2026-05-14"),),
    }
    archive.write_waveform(put(archive, STREET, **told), bytes(range(240)))
    put(archive, CITY, title="La ville intelligente", tags=("vidéosurveillance",))
    put(archive, MEMORY, title="Garder la mémoire, une histoire des archives sonores des luttes")
    put(archive, CITY, "autre", title="Contretemps d’hiver")
    put(archive, MEMORY, "autre", title="En double")
    later = dt.date.today() + dt.timedelta(days=9)
    put(archive, STREET, "autre", title="À venir", status="embargoed", until=later)
    said = dict(zip(range(0, 50, 10), SAID, strict=True))
    for slug, more in ((STREET, {}), (CITY, {130: SAID[4]})):
        hear(archive, said | more, slug, voice=lambda second: f"Voix {1 + (second < 30)}")


def act(archive: Archive) -> None:
    day = dt.date(2026, 3, 3)
    nadia = Consent("Nadia Belkacem", day, "L’antenne et le web, dix ans.")
    for each in (nadia, Consent("Mme Zinzolin", day, "", dt.date(2026, 5, 12))):
        note_consent(archive.root, (KEY,), each)
    for who, title in (("Zoé", "Les micros"), ("Noé", "Les micros de la rue")):
        write(archive, [edit(archive, KEY, {"title": title})], who=who)
    withdraw(archive, [f"emission/{MEMORY}"], reason="À la demande de l’invitée", who="Zoé")
    delete_episode(archive, f"autre/{MEMORY}", "Doublon", note="vu avec Noé", who="Zoé")


def tell_state(archive: Archive) -> None:
    """Say what the machine does, what failed, and what became of a feed that is followed."""
    now = time.time()
    left = (Remainder("transcribe", 3, 3, 9000.0, 0, 7200.0), Remainder("checksums", 2))
    wrong = f"autre/{STREET}: its recording <breaks off> after 12 s; replace it"
    heard = Trouble("transcribe", f"autre/{STREET}", wrong, "", 2, now + wait_after(2) - 60)
    troubles = (heard, Trouble("pages", "", "the disk is full", "", 1, now + wait_after(1) - 60))
    current = Current("transcribe", HELD, "base", 0.37, 700.0)
    write_status(archive, WorkStatus(current=current, left=left, troubles=troubles))
    write_follows(archive.root, Follows((Follow(FEED, "emission"),)))
    gone = {str(number): f"<i>Ancien {number}" for number in range(7)}
    look = Look(began=now, next=now + 9999, vanished=gone, trouble="404", times=1)
    LOOKS.write(archive.root, Looks({FEED: look}))
