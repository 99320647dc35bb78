"""The page of the desk that says what goes on by itself, in the words of volunteers."""

import shutil
from datetime import datetime

from flask import render_template

from radio.check import Report, read_report
from radio.errors import ArchiveError
from radio.web.context import catalogue
from radio.web.gate import desk, rereader
from radio.work.status import is_running, read_status


@desk.get("/status")
@rereader
def state() -> str:
    """Say what is being done, what is left, what failed and why, and how the disk is."""
    archive = catalogue().archive
    status = read_status(archive)
    return render_template(
        "desk_status.html",
        runs=is_running(archive),
        status=status,
        troubles=[(each, datetime.fromtimestamp(each.until)) for each in status.troubles],
        disk=shutil.disk_usage(archive.root),
        fixity=_fixity(),
    )


def _fixity() -> Report | None:
    """Tell how the last check ended; None where there was none, or its note can't be read."""
    try:
        return read_report(catalogue().archive)
    except ArchiveError:
        return None
