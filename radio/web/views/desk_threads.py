"""The page of the desk on which keepers make, change and remove threads."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Response as AnyResponse

from radio.actions import sewing
from radio.archive.threads import THREADS, Thread
from radio.web.action_page import ListPage
from radio.web.gate import LONG


class _Threads(ListPage[Thread]):
    """List the threads; make a new one, change one, remove one."""

    endpoint, place, template, is_of_episode = "threads", "threads", "desk_threads.html", False
    fields, most = sewing.FIELDS, LONG

    def several(self) -> Sequence[Thread]:
        return THREADS.read(self.archive.root).threads

    def written(self, thing: Thread) -> Mapping[str, str]:
        return sewing.written(thing)

    def mean(self) -> Thread:
        return sewing.read_thread(self.archive, self.texts, self.old)

    def context(self) -> dict[str, Any]:
        return {"known": self.several(), "least": sewing.LEAST, "most": sewing.MOST}

    def act(self) -> AnyResponse:
        sewing.sew(self.archive, self.meant, self.old, **self.by)
        return self.done()


_Threads.register()
