"""A pool decodes batches of windows, several at a time, to the same segments in the same order:
`local_pool` on this machine, `connect` on helpers of a dask.distributed cluster. A helper needs
this package and the weights, and writes nothing; if it dies, another one gets its batch."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from radio.system.errors import ModelError
from radio.system.messages import _
from radio.text.transcript import Segment
from radio.transcribe import engines, extras
from radio.transcribe.engines.interface import DecodeOptions, Engine, Provenance, provenance
from radio.transcribe.fallback import decode_with_fallback
from radio.transcribe.windows import Windows

log = logging.getLogger(__name__)

AHEAD = 16  # batches: enough for as many cores, some hundred megabytes at the scheduler
TIMEOUT = 10  # seconds until a scheduler must have answered
RESUME = _("ce qui est fait est gardé : `radio transcribe` reprendra là")

FutureSegments = Future[list[Segment]]  # segments of a batch, or a ModelError
Result = TypeVar("Result")
_loading = threading.Lock()


@dataclass(frozen=True)
class Pool:
    """Decodes batches."""

    provenance: Provenance
    ahead: int  # batches to send before waiting for the first
    send: Callable[[Windows, DecodeOptions], FutureSegments]


@contextlib.contextmanager
def local_pool(engine: Engine) -> Iterator[Pool]:
    """Decode in threads of this process; at the end, running batches are finished."""

    def send(windows: Windows, options: DecodeOptions) -> FutureSegments:
        return executor.submit(decode_with_fallback, windows, engine, options)

    with ThreadPoolExecutor(engine.workers) as executor:
        try:
            yield Pool(provenance(engine), engine.workers, send)
        finally:
            executor.shutdown(cancel_futures=True)


@contextlib.contextmanager
def connect(address: str, engine: str, model: str | None = None) -> Iterator[Pool]:
    """Decode on the helpers of the scheduler at `tcp://HOST:PORT` or `tls://HOST:PORT`. Waits for a
    first helper; the others must have its provenance. By default, the model is the best one that it
    has. Raises ModelError if no scheduler answers, or something is not installed here or there."""
    extras.require("distributed")
    import distributed

    for name in ("distributed", "distributed.client"):  # we report errors ourselves
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        message = _(
            "{address} : aucun ordonnanceur ne répond ({error}) ; lancez-en un par `dask scheduler`"
        )
        raise ModelError(message, address=address, error=error) from error
    try:
        if not client.scheduler_info()["workers"]:
            log.warning(_("%s : aucune machine n’est encore là ; j’en attends une"), address)
        executor = client.get_executor(pure=False)
        first = _answer(executor.submit(introduce, engine, model), address).result()

        def send(windows: Windows, options: DecodeOptions) -> FutureSegments:
            task = executor.submit(decode, engine, first.model, first, windows, options)
            return _answer(task, address)

        yield Pool(first, AHEAD, send)
    finally:
        with contextlib.suppress(TimeoutError):
            client.close(timeout=TIMEOUT)


def introduce(engine: str, model: str | None = None) -> Provenance:
    """Give, on a helper, its provenance. Raises ModelError if engine or weights are missing."""
    return provenance(_load(engine, model)[0])


def decode(
    engine: str, model: str, reference: Provenance, windows: Windows, options: DecodeOptions
) -> list[Segment]:
    """Decode a batch on a helper. Raises ModelError if its provenance is not the first helper's."""
    loaded_engine, slots = _load(engine, model)
    if (own := provenance(loaded_engine)) != reference:
        mine, wanted = (
            ", ".join([*map(" ".join, of.versions.items()), f"{of.model} {of.weights[:12]}…"])
            for of in (own, reference)
        )
        message = _(
            "{gethostname} : il a {mine}, et la première machine {wanted} ; installez la même "
            "version des deux côtés"
        )
        raise ModelError(message, gethostname=socket.gethostname(), mine=mine, wanted=wanted)
    with slots:
        return decode_with_fallback(windows, loaded_engine, options)


def _load(engine: str, model: str | None) -> tuple[Engine, threading.Semaphore]:
    """Load an engine once for each process, with a semaphore for its batches."""
    with _loading:
        return _load_once(*engines.pick(engine, model))


@cache
def _load_once(engine: str, model: str) -> tuple[Engine, threading.Semaphore]:
    loaded_engine = engines.load(engine, model)
    return loaded_engine, threading.Semaphore(loaded_engine.workers)


def _answer(task: "Future[Result]", address: str) -> "Future[Result]":
    """Give the result of a task, with errors of distributed as ModelError."""
    import distributed

    result: Future[Result] = Future()

    def explained(error: BaseException | None) -> BaseException | None:
        if task.cancelled():
            message = _("{address} : l’ordonnanceur a disparu ; {go_on}")
        elif isinstance(error, distributed.KilledWorker):
            message = _(
                "{address} : des machines tombent sans cesse sur le même lot ; {remedy} ; {go_on}"
            )
        elif isinstance(error, ImportError):
            message = _("{address} : le programme manque à une machine ({error}) ; installez-le là")
        else:
            return error
        remedy = _("donnez-leur plus de mémoire ou un modèle plus petit")
        return ModelError(message, address=address, error=error, remedy=remedy, go_on=RESUME)

    def settle(task: "Future[Result]") -> None:
        error = explained(None if task.cancelled() else task.exception())
        if error is None:
            result.set_result(task.result())
        else:
            result.set_exception(error)

    task.add_done_callback(settle)
    return result
