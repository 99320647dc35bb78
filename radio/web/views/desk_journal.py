"""The page of the desk that tells who did what, page by page."""

from flask import render_template, request

from radio.archive import journal
from radio.web.awaited import titles_of
from radio.web.context import catalogue
from radio.web.gate import desk, keeper

A_PAGE = 50  # entries
COMMAND = "-"  # whoever used the command, which names nobody


@desk.get("/journal")
@keeper
def entries() -> str:
    """Tell who did what, the newest first: all of it, or what `who`, `what` and `episode` say."""
    archive = catalogue().archive
    every = journal.entries(archive.root)
    who, what, episode = (request.args.get(each, "").strip() for each in ("who", "what", "episode"))
    meant = "" if who == COMMAND else who
    found = [
        each
        for each in every
        if (not who or each.who == meant)
        and what in ("", each.what)
        and all(word in each.key.casefold() for word in episode.casefold().split())
    ]
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    here = found[(page - 1) * A_PAGE : page * A_PAGE]
    return render_template(
        "desk_journal.html",
        entries=here,
        titles=titles_of(archive, (each.key for each in here)),
        total=len(found),
        people=sorted({each.who for each in every if each.who}),
        deeds=sorted({each.what for each in every}),
        asked={"who": who, "what": what, "episode": episode},
        command=COMMAND,
        page=page,
        pages=pages,
    )
