"""What waits, at the desk: on its first page, and in a private feed of each account."""

from flask import url_for

from radio.desk.accounts import Account
from radio.web.context import catalogue
from radio.web.gate import opens
from radio.work.waiting import State, Waiting, list_waiting


def awaited(account: Account) -> list[tuple[Waiting, str]]:
    """List what waits for an account, each with the address of the page where it is done."""
    found = list[tuple[Waiting, str]]()
    for each in list_waiting(State(catalogue().archive)):
        page, _, place = each.kind.page.partition("#")
        if opens(account, page):
            waits = each.kind.name if page == "episodes" else None
            address = url_for(f"desk.{page}", waits=waits, _anchor=place or None)
            found.append((each, address))
    return found
