"""The team: who is invited to the desk, gets another link, or is sent away. The journal notes each,
but never a link. All raise ArchiveError if the disk refuses, NotFoundError for no account."""

import time
from pathlib import Path

from radio.archive import journal
from radio.desk import accounts, sessions
from radio.desk.accounts import Account, Role, folded
from radio.system.errors import ArchiveError
from radio.system.messages import _


def invite(root: Path, name: str, role: Role, who: str = "", now: float | None = None) -> str:
    """Make an account, and give the token of its first link. Raises ArchiveError for its name."""
    made = accounts.add(root, name, role)
    _note(root, "made", made, who)
    return give_link(root, made.name, who, now)


def give_link(root: Path, name: str, who: str = "", now: float | None = None) -> str:
    """Give the token of another link: used, it ends all sessions, and no code is asked any more."""
    known = accounts.change(root, name, lambda now: now)
    token = accounts.invite(root, known.name, now)
    _note(root, "link", known, who)
    return token


def send_away(root: Path, name: str, who: str = "", now: float | None = None) -> Account:
    """Take an account away and end its sessions. Somebody at the desk, `who`, leaves a keeper."""

    def gone(known: Account) -> None:
        if who:
            require_keeper_beside(root, known.name)

    known = accounts.change(root, name, gone)
    sessions.end_all(root, known.name, time.time() if now is None else now)
    _note(root, "removed", known, who)
    return known


def require_keeper_beside(root: Path, name: str) -> None:
    """Raise ArchiveError unless a keeper is left, who can come in, when somebody has gone."""
    others = (each for each in accounts.accounts(root) if folded(each.name) != folded(name))
    if not any(each.role == "keeper" and each.password for each in others):
        message = _(
            "{name} : sans ce compte, plus personne ne pourrait gérer l’archive au bureau ; "
            "invitez d’abord une autre personne, qui choisit son mot de passe"
        )
        raise ArchiveError(message, name=name)


def last_days(root: Path) -> dict[str, str]:
    """Give by account the last day on which it did something, as far as that is noted anywhere."""
    found = {each.name: each.seen for each in sessions.REGISTER.read(root).sessions}
    days = {name: time.strftime("%Y-%m-%d", time.localtime(seen)) for name, seen in found.items()}
    for entry in journal.newest(root):
        days[entry.who] = max(days.get(entry.who, ""), entry.when[:10])
    return days


def _note(root: Path, done: str, account: Account, who: str) -> None:
    facts = {"account": done, "name": account.name, "role": account.role}
    journal.note(root, "account", facts=facts, who=who)
