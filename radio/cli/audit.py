"""The command that proves what the privacy page promises."""

import dataclasses
import sys

import click

from radio.audit.crawl import audit
from radio.audit.report import LANGUAGES, render
from radio.cli.lines import say, tell
from radio.cli.terminal import as_json, counted, json_text, progress_bar
from radio.system.messages import _


@click.command("audit")
@click.argument("url")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help=_("Of the report."),
)
@as_json
def command(url: str, lang: str, as_json: bool) -> None:
    """Visit a site and report what it keeps of its promises.

    Looks for requests to other sites, code in pages, cookies, weak headers, dead links and missing
    transcripts. Give the public address. The report goes to standard output and can be published
    as it is.
    """
    with progress_bar(url) as progress:
        report = audit(url, progress)
    text = json_text(dataclasses.asdict(report)) if as_json else render(report, lang)
    say(text.rstrip("\n"))
    number = len(report.findings)
    tell(counted(number, "finding", "findings") if number else _("Nothing found."))
    if report.stopped:
        told = _("radio: {url}: stopped after {stopped}; the site has more")
        tell(told, url=url, stopped=report.stopped)
    sys.exit(1 if number or report.stopped else 0)
