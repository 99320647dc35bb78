"""A run of ingest, noted in the history as an act: which episodes came in together."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from radio.archive import history, journal
from radio.archive.history import Act

TAKEN = "taken"  # fact of a run: seconds since the epoch, when the last of a bag was taken
Origin = Literal["keeper", "inbox", "source"]  # who has it done; a source that is followed


@dataclass
class IngestRun:
    """What comes in together, by a command, a page of the desk, a look at the inbox or a source."""

    root: Path
    origin: Origin = "keeper"
    who: str = ""
    name: str = ""  # of its act, once it has an episode

    def note(self, key: str, is_taken: bool = False) -> None:
        """Note an episode that is about to be written, under the archive's lock; of a bag, whose
        sidecars are older, once more when it was taken."""
        act = history.find(self.root, self.name) if self.name else None
        if act is None or not act.is_run:  # forgotten or undone meanwhile: begin another one
            begun = Act("ingest", facts={"origin": self.origin}, who=self.who)
            act = history.named(self.root, begun)
            self.name = act.name
            journal.note(self.root, "ingest", key=key, facts={"run": act.name}, who=self.who)
        keys = tuple(dict.fromkeys((*act.keys, key)))
        facts = {**act.facts, TAKEN: time.time()} if is_taken else act.facts
        history.keep(self.root, replace(act, keys=keys, facts=facts))
