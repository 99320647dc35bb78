"""What a site looks like from outside, for who runs its machine: does its address lead to this very
archive, is it safe, what does the proxy before it hand on? The doctor of the machine leaves a file
with a name that nobody can guess; a site which knows it is of this archive, and tells how the
question came."""

import contextlib
import errno
import json
import re
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Generic, Literal, TypeVar
from urllib.parse import urlsplit

from radio.archive import Archive
from radio.audit.visitor import Reply, Visitor
from radio.system.disk import is_file, remove, write_whole
from radio.system.edition import edition
from radio.system.errors import NoAnswerError, RadioError
from radio.system.messages import _, ngettext

Found = TypeVar("Found")
Verdict = Literal["good", "wrong", "unknown"]

FOLDER = "doctor"  # in the cache: questions under way
QUESTION = re.compile(r"[0-9a-f]{32}")
TELLING = (  # headers by which a proxy tells who listens
    *("X-Real-IP", "X-Forwarded-For", "Forwarded", "X-Client-IP", "True-Client-IP"),
    *("CF-Connecting-IP", "X-Cluster-Client-IP"),
)
LEAST_DAYS = 14  # that a certificate must last: who renews it does so with thirty left
SHUT = {errno.EPERM, errno.EACCES}  # who asks may not go out
NO_NETWORK = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ETIMEDOUT}
UNKNOWN_NAME = {socket.EAI_NONAME}


@dataclass(frozen=True)
class Diagnosis:
    """What was found: in words for everybody, and what to do about it on the machine."""

    verdict: Verdict
    seen: str
    remedy: str = ""


def good(seen: str, /, **values: object) -> Diagnosis:
    """All is well."""
    return Diagnosis("good", _(seen, **values))


def wrong(seen: str, remedy: str, /, **values: object) -> Diagnosis:
    """Something has to be done."""
    return Diagnosis("wrong", _(seen, **values), _(remedy, **values))


def unknown(seen: str, remedy: str = "", /, **values: object) -> Diagnosis:
    """It can't be told from here."""
    return Diagnosis("unknown", _(seen, **values), _(remedy, **values))


def is_asked(archive: Archive, question: str) -> bool:
    """Whether the doctor of this machine asks that."""
    return bool(QUESTION.fullmatch(question)) and is_file(archive.cache / FOLDER / question)


@contextlib.contextmanager
def asking(archive: Archive) -> Iterator[str]:
    """Give a question that only sites of this archive know; empty if the disk refuses."""
    question, path = secrets.token_hex(16), archive.cache / FOLDER
    try:
        write_whole(path / question, b"")
    except RadioError:
        question = ""
    try:
        yield question
    finally:
        with contextlib.suppress(RadioError):
            remove(path / question) if question else None


@dataclass(frozen=True)
class Seen:
    """How a site of this archive was asked."""

    host: str
    told: list[str]  # headers that tell who listens
    edition: str


@dataclass(frozen=True)
class Answered:
    """What a site answered, and when."""

    reply: Reply
    ends: float | None  # when its certificate does, in seconds since the epoch
    at: float  # likewise


class Once(Generic[Found]):
    """What is found once, by whoever asks first; the others wait for it."""

    def __init__(self, find: Callable[[], Found]):
        self._find, self._lock, self._found = find, threading.Lock(), list[Found]()

    def __call__(self) -> Found:
        """Give it."""
        with self._lock:
            if not self._found:
                self._found.append(self._find())
            return self._found[0]


class AskedSite:
    """A site at an address (without a slash at its end), asked by the doctor."""

    def __init__(self, address: str, question: str):
        self.address, self.question = address, question
        self._answer = Once(self._ask)

    def visit(self, path: str, address: str = "") -> Answered:
        """Ask for a page. Raises NoAnswerError."""
        parts = urlsplit(address or self.address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with contextlib.closing(Visitor(parts.scheme, parts.hostname or "", port)) as visitor:
            reply = visitor.ask(f"{address or self.address}{path}")
            return Answered(reply, visitor.certified_until(), time.time())

    @property
    def answer(self) -> Answered | NoAnswerError:
        """What it answers to the question."""
        return self._answer()

    def _ask(self) -> Answered | NoAnswerError:
        try:
            return self.visit(f"/healthz?seen={self.question}")
        except NoAnswerError as error:
            return error

    @property
    def seen(self) -> Seen | None:
        """How the question came there; None where this archive did not answer."""
        if isinstance(self.answer, Answered) and self.answer.reply.status == 200:
            with contextlib.suppress(ValueError, TypeError):
                return Seen(**json.loads(self.answer.reply.text))
        return None

    def identity(self, name: str, remedy: str) -> Diagnosis:
        """Tell whether this very archive answers, as the program is now."""
        if isinstance(self.answer, NoAnswerError):
            return silence(self.answer, name, remedy)
        reply = self.answer.reply
        if self.seen:
            return self._of_edition(self.seen, name)
        if reply.status == 503 and reply.mime == "text/plain":  # `radio.web.health`
            message = _("{name} : le site répond, mais n’arrive pas à lire l’archive")
            return wrong(message, _("le disque est-il branché ? `radio check`"), name=name)
        if target := reply.headers.get("Location"):
            message = _("{name} renvoie ailleurs, à {target}")
            remedy = _(
                "écrivez dans RADIO_BASE_URL l’adresse où l’on arrive, puis relancez le site"
            )
            return wrong(message, remedy, name=name, target=target)
        if reply.status == 200 and reply.text == "ok":
            if not self.question:
                message = _("{name} : une archive répond, mais rien ne dit si c’est celle-ci")
                return unknown(message, _("lancez ceci sous l’utilisateur de l’archive"), name=name)
            message = _("{name} : une autre archive répond, ou une version plus ancienne")
            return wrong(message, remedy, name=name)
        message = _("{name} : autre chose répond là (code {code})")
        return wrong(message, remedy, name=name, code=reply.status)

    def _of_edition(self, seen: Seen, name: str) -> Diagnosis:
        if seen.edition == edition():
            return good(_("{name} : le site de cette archive répond"), name=name)
        message = _("{name} : le site de cette archive répond, mais par une autre version")
        remedy = _("relancez-le : `systemctl restart radio-web radio-work`")
        return wrong(message, remedy, name=name)


def silence(error: NoAnswerError, name: str, remedy: str) -> Diagnosis:
    """Tell why nothing answered: some machines can't see their own address."""
    cause: BaseException | None = error
    while cause and not isinstance(cause, OSError):
        cause = cause.__cause__
    number = cause.errno if isinstance(cause, OSError) else None
    if isinstance(cause, ssl.SSLError):
        message = _("{name} : le certificat ne va pas")
        return wrong(
            message, _("renouvelez-le : `certbot renew` ({error})"), name=name, error=error
        )
    if isinstance(cause, socket.gaierror):
        message = _("{name} : ce nom ne mène nulle part, vu d’ici")
        advice = _(
            "corrigez-le chez qui vous loue le nom, ou RADIO_BASE_URL ; le réseau marche-t-il ?"
        )
        found = wrong if number in UNKNOWN_NAME else unknown
        return found(message, advice, name=name)
    if number in SHUT:
        message = _("{name} : d’ici, rien n’a le droit de sortir")
        return unknown(message, _("lancez `radio doctor` dans un terminal"), name=name)
    if number in NO_NETWORK or isinstance(cause, TimeoutError):
        message = _("{name} : pas de réponse, vu de cette machine")
        advice = _(
            "ouvrez l’adresse d’un téléphone, hors du réseau : beaucoup de box cachent la leur"
        )
        return unknown(message, advice, name=name)
    return wrong(_("{name} : pas de réponse ({error})"), remedy, name=name, error=error)


def address(site: AskedSite) -> Diagnosis:
    """Does the public address lead here?"""
    if not site.address:
        message = _("aucune adresse publique : flux, plan du site et citations n’en ont pas")
        remedy = _("écrivez RADIO_BASE_URL=https://… dans /etc/radio/env, puis relancez le site")
        return wrong(message, remedy)
    return site.identity(
        site.address, _("regardez le proxy : `nginx -t`, `systemctl status nginx`")
    )


def certificate(site: AskedSite) -> Diagnosis | None:
    """Is the certificate good, and for long enough?"""
    parts = urlsplit(site.address)
    if not site.address or (parts.hostname or "").endswith(".onion"):
        return None
    if parts.scheme != "https":
        message = _("l’adresse commence par http:// : ce qu’on écoute se lit en chemin")
        remedy = _(
            "prenez un certificat (docs/fr/install.md), et écrivez https:// dans RADIO_BASE_URL"
        )
        return wrong(message, remedy)
    if isinstance(site.answer, NoAnswerError):
        found = silence(site.answer, site.address, "")
        return found if found.remedy else unknown(found.seen)
    days = int(((site.answer.ends or 0.0) - time.time()) // 86400)
    left = ngettext("encore {n} jour", "encore {n} jours", days, n=days)
    if days < LEAST_DAYS:
        remedy = _("rien ne le renouvelle ? `certbot renew`, puis `systemctl list-timers`")
        return wrong(_("reconnu, mais {left} seulement"), remedy, left=left)
    return good(_("reconnu, {left}"), left=left)


def redirect(site: AskedSite) -> Diagnosis | None:
    """Does http lead to https?"""
    parts = urlsplit(site.address)
    if parts.scheme != "https" or parts.port not in (None, 443):
        return None
    plain = f"http://{parts.hostname}"
    try:
        reply = site.visit(f"{parts.path}/", plain).reply
    except NoAnswerError:
        remedy = _("ouvrez le port 80 : certbot en a besoin, et qui tape le nom seul")
        return unknown(_("{plain} : pas de réponse"), remedy, plain=plain)
    if reply.headers.get("Location", "").startswith(f"https://{parts.hostname}"):
        return good(_("{plain} mène à https"), plain=plain)
    remedy = _("renvoyez-le vers https, comme deploy/nginx/site.conf")
    return wrong(_("{plain} répond sans mener à https"), remedy, plain=plain)


def proxy(site: AskedSite) -> Diagnosis | None:
    """What does the proxy hand on?"""
    if not site.address:
        return None
    if not site.seen:
        return unknown(_("le site n’a pas dit ce qu’il reçoit"))
    host = urlsplit(f"//{site.seen.host}").hostname
    if site.seen.told:
        message = _("le proxy dit à l’archive qui écoute ({headers}) ; elle n’en garde rien")
        remedy = _(
            'dans le proxy : `proxy_set_header X-Real-IP "";`, comme deploy/nginx/snippet.conf'
        )
        return wrong(message, remedy, headers=", ".join(site.seen.told))
    if host != urlsplit(site.address).hostname:  # nginx’s $host has no port
        message = _("le proxy donne un autre nom que celui de l’adresse : {host}")
        remedy = _("dans le proxy : `proxy_set_header Host $host;`")
        return wrong(message, remedy, host=site.seen.host)
    return good(_("il donne le nom du site, et ne dit pas qui écoute"))


def drift(site: AskedSite) -> float | None:
    """Give the seconds by which the clock of the outside goes before ours; None if it is untold."""
    if isinstance(site.answer, Answered):
        with contextlib.suppress(TypeError, ValueError):
            date = parsedate_to_datetime(site.answer.reply.headers["Date"])
            return date.timestamp() - site.answer.at
    return None


def offered_onion(site: AskedSite) -> str:
    """Give the onion address that the first page offers, with its path; "" for none."""
    with contextlib.suppress(NoAnswerError):
        offered = site.visit("/").reply.headers.get("Onion-Location", "") if site.address else ""
        return offered.rstrip("/")
    return ""
