"""A pool decodes batches of windows, several at the same time, on this machine or on many.

The transcription sends batches and waits for their segments in order. They are the same wherever
they are decoded. `local_pool` uses this machine, `cluster.connect` many.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from radio.text.transcript import Segment
from radio.transcribe.engines.interface import DecodeOptions, Engine, Provenance, provenance
from radio.transcribe.fallback import decode_with_fallback
from radio.transcribe.windows import Window

FutureSegments = Future[list[Segment]]
"""The future segments of a batch, or a ModelError."""


@dataclass(frozen=True)
class Pool:
    """Decodes batches."""

    provenance: Provenance
    ahead: int  # batches to send before waiting for the first
    send: Callable[[Sequence[Window], DecodeOptions], FutureSegments]


@contextlib.contextmanager
def local_pool(engine: Engine) -> Iterator[Pool]:
    """Decode in threads of this process; at the end, running batches are finished."""

    def send(windows: Sequence[Window], options: DecodeOptions) -> FutureSegments:
        return executor.submit(decode_with_fallback, windows, engine, options)

    with ThreadPoolExecutor(engine.workers) as executor:
        try:
            yield Pool(provenance(engine), engine.workers, send)
        finally:
            executor.shutdown(cancel_futures=True)
