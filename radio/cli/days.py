"""Days given to a command, as people write them."""

import datetime as dt

import click

from radio.french.dates import read_day
from radio.system.messages import _


def read_option(_context: object, _option: object, text: str | None) -> dt.date | None:
    """Read the day of an option or an argument; None where none is given."""
    day = read_day(text) if text else None
    if text and day is None:
        raise click.BadParameter(_("{text}: not a day; write it as 2024-03-19").format(text=text))
    return day


def read_coming(context: object, option: object, text: str | None) -> dt.date | None:
    """Read a day that is to come."""
    day = read_option(context, option, text)
    if day and day <= dt.date.today():
        raise click.BadParameter(_("{text}: not a day to come").format(text=text))
    return day
