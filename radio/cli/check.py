"""Check that nothing has changed."""

import dataclasses
import sys

import click

from radio.archive import Archive
from radio.check import check, write_report
from radio.cli.terminal import as_json, json_text, progress_bar, with_archive
from radio.errors import RadioError


@click.command("check")
@with_archive
@as_json
def command(archive: Archive, as_json: bool) -> None:
    """Read every file again and name what is wrong.

    That is what is missing, changed, orphaned or unreadable.
    """
    with progress_bar("Checking") as progress:
        findings = list(check(archive.require(), progress))
    if as_json:
        click.echo(
            json_text([{**dataclasses.asdict(each), "path": str(each.path)} for each in findings])
        )
    for each in () if as_json else findings:
        click.echo(f"{each.kind}: {each.path}: {each.detail}")
    click.echo(f"{len(findings)} findings" if findings else "All is as it was.", err=True)
    try:
        write_report(archive, len(findings))
    except RadioError as error:
        click.echo(f"radio: {error}; the site won’t tell of this check", err=True)
    sys.exit(1 if findings else 0)
