"""Counts for Prometheus: how many answers of which kind of page, how fast, how work and disk stand.
They are given on a port of their own, to this machine alone. No address, path, query or browser is
in them, nor which episode was asked for. Imports prometheus_client, where asked."""

import time
from collections.abc import Iterable, Iterator

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from radio.archive import Archive
from radio.work.status import is_running
from radio.work.waiting import State

HOST = "127.0.0.1"
STEPS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0)  # seconds until an answer begins
NOWHERE = "none"  # what no page answers


class Metrics:
    """The counts of a site."""

    def __init__(self, archive: Archive):
        self._registry = CollectorRegistry()
        self._registry.register(_OfArchive(archive))
        kind, told = "kind", "Answers, by kind of page"
        self._answers = Counter("radio_answers", told, (kind, "status"), registry=self._registry)
        self._seconds = Histogram(
            "radio_answer_seconds",
            "Seconds until an answer began",
            (kind,),
            buckets=STEPS,
            registry=self._registry,
        )

    def count(self, app: Flask) -> None:
        """Count the answers of an application."""

        @app.before_request
        def begin() -> None:
            g.began = time.perf_counter()

        @app.after_request
        def end(response: Response) -> Response:
            kind = request.blueprint or request.endpoint or NOWHERE
            self._answers.labels(kind, response.status_code).inc()
            if "began" in g:
                self._seconds.labels(kind).observe(time.perf_counter() - g.began)
            return response

    def listen(self, port: int) -> None:
        """Give the counts to this machine. Raises OSError if the port can't be had."""
        start_http_server(port, HOST, self._registry)


class _OfArchive(Collector):
    """How an archive is, looked at when it is asked for."""

    def __init__(self, archive: Archive):
        self._archive = archive

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Give each measure; one that nobody knows is left out."""
        state = State(self._archive)
        left = GaugeMetricFamily("radio_left", "What is left to do, by kind", labels=("kind",))
        for each in state.work.left:
            left.add_metric((each.kind,), each.number)
        yield left
        for name, told, value in _measures(state):
            if value is not None:
                yield GaugeMetricFamily(f"radio_{name}", told, value)


def _measures(state: State) -> Iterator[tuple[str, str, float | None]]:
    found = state.condition
    yield "episodes", "Episodes, drafts too", len(state.episodes)
    yield "work_running", "Whether `radio work` is at it", is_running(state.archive)
    yield "failures", "What failed and is tried again", len(state.work.troubles)
    yield "damaged", "Findings of the last reading of all files", found.findings
    yield "checked_days", "Days since all files were read", found.days
    yield "copied_days", "Days since the last copy elsewhere", found.saved
    yield "free_bytes", "Free bytes of the disk", found.free
    yield "free_hours", "Hours of sound that fit there", found.hours
    yield "vanished", "Files that vanished at once", found.away
