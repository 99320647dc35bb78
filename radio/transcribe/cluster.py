"""Many machines: batches go to a dask.distributed cluster. The only importer of distributed.

A helper needs this package and the weights; the audio travels with the task, the segments come
back, and nothing is written but by whoever asked. A batch whose helper dies is given to another.
"""

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from functools import cache
from typing import TypeVar

from radio.errors import ModelError
from radio.messages import _
from radio.transcribe import engines, extras
from radio.transcribe.engines.interface import Ask, Engine, Provenance, provenance
from radio.transcribe.fallback import hear
from radio.transcribe.pool import Crew, Heard
from radio.transcribe.windows import Window
from radio.transcript import Segment

log = logging.getLogger(__name__)

AHEAD = 16  # batches: enough for as many cores, some hundred megabytes at the scheduler
TIMEOUT = 10  # seconds until a scheduler must have answered

GO_ON = _("what is done is kept: `radio transcribe` goes on")

Result = TypeVar("Result")

_loading = threading.Lock()


@contextlib.contextmanager
def connect(address: str, engine: str, model: str) -> Iterator[Crew]:
    """Decode on the helpers of the scheduler at `tcp://HOST:PORT` or `tls://HOST:PORT`.

    Waits for a first helper, which tells what decodes; the others must have the same. Raises
    ModelError if no scheduler answers, and whatever is not installed, here or on a helper.
    """
    extras.require("distributed", "cluster")
    import distributed

    for name in ("distributed", "distributed.client"):  # what matters is told in our own words
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        raise ModelError(
            _("{address}: no scheduler answers ({error}); start one with `dask scheduler`").format(
                address=address, error=error
            )
        ) from error
    try:
        if not client.scheduler_info()["workers"]:
            log.warning(_("%s: no helper has come yet; waiting for one"), address)
        executor = client.get_executor(pure=False)

        def send(windows: Sequence[Window], ask: Ask) -> Heard:
            task = executor.submit(decode, engine, model, made, windows, ask)
            return _explained(task, address)

        made = _explained(executor.submit(introduce, engine, model), address).result()
        yield Crew(made, AHEAD, send)
    finally:
        with contextlib.suppress(TimeoutError):
            client.close(timeout=TIMEOUT)


def introduce(engine: str, model: str) -> Provenance:
    """Tell, on a helper, what would decode there.

    Raises ModelError if the engine or the weights are not installed.
    """
    return provenance(_load(engine, model)[0])


def decode(
    engine: str, model: str, wanted: Provenance, windows: Sequence[Window], ask: Ask
) -> list[Segment]:
    """Decode a batch on a helper.

    Raises ModelError if it would not decode as the first helper does.
    """
    loaded, places = _load(engine, model)
    if (mine := provenance(loaded)) != wanted:
        raise ModelError(
            _(
                "{gethostname}: it has {mine}, and the first helper {wanted}; install the "
                "same on both"
            ).format(
                gethostname=socket.gethostname(), mine=_describe(mine), wanted=_describe(wanted)
            )
        )
    with places:
        return hear(windows, loaded, ask)


def _load(engine: str, model: str) -> tuple[Engine, threading.Semaphore]:
    """Load an engine once a process, and the places for batches at the same time."""
    with _loading:
        return _loaded(engine, model)


@cache
def _loaded(engine: str, model: str) -> tuple[Engine, threading.Semaphore]:
    loaded = engines.load(engine, model)
    return loaded, threading.Semaphore(loaded.workers)


def _describe(made: Provenance) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    return f"{versions}, {made.model} {made.weights[:12]}…"


def _explained(task: "Future[Result]", address: str) -> "Future[Result]":
    """Give what a task gives, its errors in our own words."""
    explained: Future[Result] = Future()

    def settle(task: "Future[Result]") -> None:
        if task.cancelled():
            explained.set_exception(
                ModelError(
                    _("{address}: the scheduler is gone; {go_on}").format(
                        address=address, go_on=GO_ON
                    )
                )
            )
        elif error := task.exception():
            explained.set_exception(_translate(error, address))
        else:
            explained.set_result(task.result())

    task.add_done_callback(settle)
    return explained


def _translate(error: BaseException, address: str) -> BaseException:
    import distributed

    if isinstance(error, distributed.KilledWorker):
        remedy = _("give them more memory or a smaller model")
        return ModelError(
            _("{address}: helpers died of a batch again and again; {remedy}; {go_on}").format(
                address=address, remedy=remedy, go_on=GO_ON
            )
        )
    if isinstance(error, ImportError):
        return ModelError(
            _("{address}: a helper lacks the package ({error}); install it there").format(
                address=address, error=error
            )
        )
    return error
