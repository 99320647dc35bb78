"""Accounts of those who may open the desk of the site."""

import os
import time
from datetime import datetime

import click

from radio.archive import Archive
from radio.archive.facts import ROLE_NAMES
from radio.cli.commands import Group
from radio.cli.lines import say, say_each, tell
from radio.cli.naming import public_address
from radio.cli.terminal import as_json, option, with_archive
from radio.desk import accounts, team
from radio.desk.accounts import ROLES, Account
from radio.french.letters import tidy
from radio.system.messages import _

HERE = "http://127.0.0.1:8000"  # where `radio serve` answers by default


@click.group("user", cls=Group)
def command() -> None:
    """Dire qui peut ouvrir le bureau, la partie du site où l’équipe travaille.

    Sans aucun compte, le site n’a pas de bureau. Les responsables (keeper) y peuvent tout, les
    autres (rereader) corrigent les textes. Personne ne peut s’inscrire. Le manuel
    (« Le bureau, de la machine ») en dit plus.
    """


@command.command()
@with_archive
@click.argument("name")
@option("--role", _("À quoi sert le compte."), type=click.Choice(ROLES), default="keeper")
def add(archive: Archive, name: str, role: accounts.Role) -> None:
    """Créer un compte, et afficher un lien qui sert une fois, pendant 48 heures, à en choisir le
    mot de passe.
    """
    _tell_link(team.invite(archive.root, name, role), name)


@command.command()
@with_archive
@click.argument("name")
def link(archive: Archive, name: str) -> None:
    """Afficher un autre lien pour choisir un mot de passe : celui-ci est oublié, ou le téléphone
    perdu.

    Ce lien ferme toutes ses sessions, et aucun code n’est plus demandé.
    """
    _tell_link(team.give_link(archive.root, name), name)


@command.command("list")
@with_archive
@as_json
def list_all(archive: Archive, as_json: bool) -> None:
    """Lister les comptes."""

    def line(each: Account) -> str:
        state = _(" (avec codes)") if each.secret else ""
        state = state if each.password else _(" (pas encore de mot de passe)")
        return f"{each.name}  {_(ROLE_NAMES[each.role])}{state}"

    def value(each: Account) -> dict[str, object]:
        keys = {"has_password": bool(each.password), "asks_codes": bool(each.secret)}
        return {"name": each.name, "role": each.role, **keys}

    say_each(accounts.accounts(archive.root), as_json, line, value)


@command.command()
@with_archive
@click.argument("name")
def remove(archive: Archive, name: str) -> None:
    """Supprimer un compte, et fermer toutes ses sessions."""
    team.send_away(archive.root, name)


def _tell_link(token: str, name: str) -> None:
    address = os.environ.get("RADIO_DESK_URL", "").strip().rstrip("/") or public_address() or HERE
    say(f"{address}/desk/link/{token}")
    until = datetime.fromtimestamp(time.time() + accounts.LIFE).astimezone()
    message = _("Sert une fois, jusqu’au {until}, pour {name} : ne le donnez à personne d’autre.")
    tell(message, until=f"{until:%Y-%m-%d %H:%M}", name=tidy(name))
