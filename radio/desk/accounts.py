"""Accounts of those who may open the desk, in `desk/accounts.json`, readable by its owner only. Of
a password only an argon2id hash is written, of a one-time link and of the secret of a private feed
the SHA-256. The secret of the six-digit codes is there, since codes are made of it."""

import contextlib
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from radio.archive.journal import FOLDER, desk, write_private
from radio.archive.locks import locked
from radio.french.letters import tidy
from radio.system.disk import discard
from radio.system.errors import ArchiveError, DeniedError, NotFoundError
from radio.system.messages import _
from radio.system.records import RecordFile

NAME = re.compile(r"[^\W_](?:[\w .@’'-]{0,38}[\w.])?")
LIFE = 48 * 3600.0  # seconds that a one-time link is good for

Role = Literal["keeper", "rereader"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Invitation:
    """A one-time link to choose a password."""

    digest: str  # SHA-256 of what stands in its address
    until: float  # seconds since 1970


@dataclass(frozen=True)
class Account:
    """Somebody who may open the desk."""

    name: str
    role: Role
    password: str = ""  # its argon2id hash; nothing until one is chosen
    invitation: Invitation | None = None
    secret: str = ""  # of the six-digit codes, in base 32; nothing where none are asked
    counter: int = 0  # of the last code that was used
    feed: str = ""  # SHA-256 of the secret in the address of its feed; nothing where it has none


@dataclass(frozen=True)
class _Book:
    accounts: tuple[Account, ...] = ()


BOOK = RecordFile(f"{FOLDER}/accounts.json", _Book)


def folded(name: str) -> str:
    r"""Write a name without capitals: names that are the same then are one account.

    >>> folded(" ZOE\u0301 B.")
    'zoé b.'
    """
    return tidy(name).casefold()


def digest(token: str) -> str:
    """Give what is written down of something secret that is long and drawn by lot."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def accounts(root: Path) -> tuple[Account, ...]:
    """List the accounts. Raises ArchiveError if the file can't be read."""
    return BOOK.read(root).accounts


def account(root: Path, name: str) -> Account | None:
    """Find the account of a name, in any capitals, or None."""
    return next((each for each in accounts(root) if folded(each.name) == folded(name)), None)


def add(root: Path, name: str, role: Role) -> Account:
    """Make an account, which nothing opens yet. Raises ArchiveError for a taken or bad name."""
    made = Account(tidy(name), role)
    with _changing(root) as book:
        require_free(root, made.name)
        book.append(made)
    return made


def require_free(root: Path, name: str) -> None:
    """Raise ArchiveError for a name that is taken or bad."""
    if not NAME.fullmatch(tidy(name)):
        message = _(
            "{name!r:.60} : un nom a au plus 40 lettres, chiffres, espaces, points et tirets"
        )
        raise ArchiveError(message, name=name)
    if account(root, name):
        message = _("{name} : a déjà un compte ; donnez-lui plutôt un autre lien")
        raise ArchiveError(message, name=tidy(name))


def change(root: Path, name: str, amend: Callable[[Account], Account | None]) -> Account:
    """Change or remove an account, locked; give it as it was last. Raises NotFoundError."""
    with _changing(root) as book:
        for place, each in enumerate(book):
            if folded(each.name) == folded(name):
                changed = amend(each)
                book[place : place + 1] = [changed] if changed else []
                return changed or each
        message = _("{name:.60} : ce compte n’existe pas ; la liste les montre tous")
        raise NotFoundError(message, name=name)


def invite(root: Path, name: str, now: float | None = None) -> str:
    """Give a new one-time token; the one before opens nothing more. Raises NotFoundError."""
    token = secrets.token_urlsafe(24)
    until = (time.time() if now is None else now) + LIFE
    invitation = Invitation(digest(token), until)
    change(root, name, lambda old: replace(old, invitation=invitation))
    return token


def invited(root: Path, token: str, now: float) -> Account:
    """Find whose one-time link this is. Raises DeniedError if it was used, or is too old."""
    wanted = digest(token)
    for each in accounts(root):
        if each.invitation and each.invitation.digest == wanted and now < each.invitation.until:
            return each
    raise DeniedError(_("ce lien a déjà servi, ou a plus de 48 heures ; demandez-en un autre"))


@contextlib.contextmanager
def _changing(root: Path) -> Iterator[list[Account]]:
    """Give the accounts to be changed, locked, then write them; sweep what a killed writer left."""
    with locked(desk(root), "accounts"):
        for part in desk(root).glob(".accounts.json.*.part"):
            discard(part)
        book = [*accounts(root)]
        yield book
        write_private(root / BOOK.name, BOOK.render(_Book(tuple(book))))
