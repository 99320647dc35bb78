"""The crew: who decodes batches of windows, several at the same time, on this machine or on many.

Whoever transcribes an episode sends batches and waits for them in turn; where they are decoded
makes no difference to what comes back. `here` is this machine, `cluster.connect` many.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from radio.transcribe.engines.interface import Ask, Engine, Provenance, provenance
from radio.transcribe.fallback import hear
from radio.transcribe.windows import Window
from radio.transcript import Segment

Heard = Future[list[Segment]]
"""The segments of a batch to come, or the ModelError that kept it from being decoded."""


@dataclass(frozen=True)
class Crew:
    """Decodes batches."""

    provenance: Provenance
    ahead: int  # batches to send before the first is waited for
    send: Callable[[Sequence[Window], Ask], Heard]


@contextlib.contextmanager
def here(engine: Engine) -> Iterator[Crew]:
    """Decode in this process; what is being decoded at the end is still finished."""

    def send(windows: Sequence[Window], ask: Ask) -> Heard:
        return executor.submit(hear, windows, engine, ask)

    with ThreadPoolExecutor(engine.workers) as executor:
        try:
            yield Crew(provenance(engine), engine.workers, send)
        finally:
            executor.shutdown(cancel_futures=True)
