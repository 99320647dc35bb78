"""What can go wrong, in words for people: what happened, to which file, what to do. Errors of
libraries are translated where these are imported, and caught only in `radio.cli` and `radio.web`,
or where one bad file must not stop a run over many."""

import contextlib
import datetime as dt
import logging
import traceback
from collections.abc import Iterator

from radio.system.messages import _

log = logging.getLogger(__name__)


class RadioError(Exception):
    """An error that can be explained in the reader's language: a message, and its values."""

    def __init__(self, message: str = "", /, **values: object):
        super().__init__(_(message, **values))

    def __str__(self) -> str:
        return _(self.args[0])


class ArchiveError(RadioError):
    """A file of the archive is missing, unreadable or already there."""


class NotFoundError(ArchiveError):
    """The archive does not hold this show or episode."""


class WithdrawnError(NotFoundError):
    """The episode must no longer be heard; the message is the reason."""

    def __init__(self, reason: str, since: dt.date | None = None, until: dt.date | None = None):
        super().__init__(reason)
        self.since, self.until = since, until


class WithheldError(NotFoundError):
    """The recording is not given in this way; the message is the reason."""


class TwinError(ArchiveError):
    """The archive has the same recording already."""


class DiscardedError(TwinError):
    """A keeper took the same recording away."""


class UnlikeError(ArchiveError):
    """A copy does not sound like its broadcast, nor one of two episodes like the other."""


class LossError(ArchiveError):
    """More of the archive vanished at once than anybody can have meant."""


class BusyError(ArchiveError):
    """Another process is at it."""


class ReadOnlyError(ArchiveError):
    """A folder of the archive may not be written to."""


class ProgramError(RadioError):
    """Another program is missing or failed; the message has its last words."""


class AudioError(RadioError):
    """Not audio, empty, or cut short."""


class ReaderError(RadioError):
    """A reader of foreign bytes failed or passed its limits."""


class TranscriptError(RadioError):
    """A transcript cannot be read, or must not be overwritten."""


class StrayError(TranscriptError):
    """A transcript has words that are in no cue, and would lose them."""


class NoAnswerError(RadioError):
    """Another site did not answer, or not in the way of HTTP; the message is the reason."""


class GoneError(NoAnswerError):
    """A source no longer has it."""


class RefusedError(NoAnswerError):
    """An address that may not be asked, or an answer that another try would not better."""


class DeniedError(RadioError):
    """A name, password, code or link opens nothing."""


class BrakedError(DeniedError):
    """Too many passwords were tried; `seconds` from now on the next one may be."""

    def __init__(self, message: str, seconds: float):
        super().__init__(message)
        self.seconds = seconds


class ModelError(RadioError):
    """Weights are missing, broken or not the ones we know."""


class SearchError(RadioError):
    """The index cannot be read or written."""


def place_of(error: BaseException | None) -> str:
    """Tell an error by its kind and its way through the program: its words may be foreign."""
    frames = traceback.extract_tb(error.__traceback__) if error else ()
    places = (f"\n  {each.filename}:{each.lineno} {each.name}" for each in frames)
    return "".join((type(error).__name__, *places))


@contextlib.contextmanager
def retold(
    message: str, *caught: type[Exception], by: type[RadioError] | None = None, **values: object
) -> Iterator[None]:
    """Tell errors of some kinds by a message that has them as {error}, in the same kind or `by` one
    of ours."""
    try:
        yield
    except caught as error:
        kind: type[Exception] = by or type(error)
        raise kind(_(message, error=error, **values)) from error


@contextlib.contextmanager
def warned() -> Iterator[None]:
    """Turn errors into warnings, for what is done already or goes on anyway."""
    try:
        yield
    except RadioError as error:
        log.warning("%s", error)
