"""The page of the desk on which keepers invite somebody, give another link, or send away."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import Input, WrongFieldError
from radio.desk import accounts, team
from radio.desk.accounts import ROLES, Account
from radio.web.action_page import ActionPage
from radio.web.gate import entrance, visit, who
from radio.web.views.desk_waiting import whole

ACTS = ("invite", "link", "remove")


class _Team(ActionPage[Account | None]):
    """List who may open the desk. What is asked for is shown, and asks for the own password."""

    endpoint, place, template, is_of_episode = "team", "team", "desk_team.html", False
    is_sure = True
    fields = (
        Input("act", "choice", choices=ACTS),
        Input("name", is_needed=True),
        Input("role", "choice", choices=ROLES),
    )

    def first(self) -> Mapping[str, str]:
        known = accounts.account(self.archive.root, request.args.get("name", ""))
        if known is None:
            return {"act": "invite", "role": "rereader"}
        return {"act": "link", "name": known.name, "role": known.role}

    def mean(self) -> Account | None:
        """Give whose account it is; None for one that is not there yet."""
        root, name = self.archive.root, self.texts["name"]
        if self.texts["act"] == "invite":
            accounts.require_free(root, name)
            return None
        if not self.named:
            raise WrongFieldError("name", gettext("Ce compte n’existe plus."))
        if self.texts["act"] == "remove":
            team.require_keeper_beside(root, name)
        return self.named

    def seen(self) -> tuple[object, ...]:
        if not self.is_read:
            return ()
        known = self.meant
        return (*self.texts.values(), known and (known.name, known.role, bool(known.password)))

    def context(self) -> dict[str, Any]:
        root = self.archive.root
        return {"known": accounts.accounts(root), "days": team.last_days(root)}

    @property
    def named(self) -> Account | None:
        """The account that the form is about, if it is there."""
        is_new = self.texts.get("act") == "invite"
        return None if is_new else accounts.account(self.archive.root, self.texts.get("name", ""))

    def preview(self) -> dict[str, Any]:
        return {"known": self.meant}

    def act(self) -> AnyResponse:
        """Do it for who proves to be the keeper who is signed in; show a link once."""
        root, name, act = self.archive.root, self.texts["name"], self.texts["act"]
        by = who(), entrance().clock()
        entrance().proved(visit(), request.form.get("password", ""))
        if act == "remove":
            team.send_away(root, name, *by)
            return redirect(self.here(done=1), 303)
        if act == "invite":
            role = next(each for each in ROLES if each == self.texts["role"])
            token = team.invite(root, name, role, *by)
        else:
            token = team.give_link(root, name, *by)
        link = whole(url_for("desk.invited", link=token, lang=None))
        return self.page(200, link=link, fields=self.fields, **self.context())


_Team.register()
