"""Make an archive, or a show in one."""

import click

from radio.archive import Archive
from radio.archive.slugs import slugify
from radio.cli.lines import say, tell
from radio.cli.naming import NEW_SHOW
from radio.cli.terminal import public_address, with_archive
from radio.ingest.files import new_show
from radio.system.messages import _


@click.command("init")
@with_archive
@click.option("--show", metavar=_("SLUG"), help=_("Add a show of this name."))
@click.option("--title", help=_("The title of that show."))
def command(archive: Archive, show: str | None, title: str | None) -> None:
    """Make an empty archive, or add a show to one."""
    archive.create()
    if show or title:
        address = public_address()
        new = new_show(archive, show or slugify(title or ""), title or show or "", address)
        say(archive.media / new.slug / "show.json")
        told = _("the show {show} is in this archive; `radio ingest FILE` takes its recordings")
        tell(told, show=new.slug)
        return
    shows = ", ".join(each.slug for each in archive.shows()) or _("none yet")
    told = _("{root}: an archive (its shows: {shows}); {example} adds one")
    tell(told, root=archive.root, shows=shows, example=NEW_SHOW)
