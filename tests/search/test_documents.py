"""Documents for an engine elsewhere. These tests take half a second."""

import json
import subprocess
import sys
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from radio.archive import Archive
from tests.processes import command
from tests.search.episodes import begun, put, say_again

FIRST, SECOND = "2024-01-16-rue", "2024-02-20-ville"
LOADER = Path(__file__).parents[2] / "deploy/search/opensearch.py"
Lines = list[dict[str, Any]]


def export(archive: Archive, *known: str) -> Lines:
    path = archive.root.with_name("known")
    path.write_text("".join(f"{each}\n" for each in known), encoding="utf-8")
    done = command(archive, "export", "documents", "--known", str(path))
    return [json.loads(line) for line in done.stdout.splitlines()]


def stamps(lines: Lines) -> list[str]:
    return [f"{each['key']} {each['stamp']}" for each in lines if each["kind"] == "episode"]


def test_an_engine_elsewhere_follows_corrections_and_withdrawals(tmp_path: Path) -> None:
    archive = begun(tmp_path / "archive", "Rue")
    first, second = put(archive, FIRST, "Des caméras, aujourd’hui."), put(archive, SECOND, "Rien.")
    lines = export(archive)
    has = stamps(lines)
    assert [each["key"] for each in lines if each["kind"] == "passage"] == [second, first]
    passage = next(each for each in lines if each.get("number") == 0 and each["key"] == first)
    assert passage["words"] == "des caméras aujourd'hui"
    assert (passage["start"], passage["end"]) == (0.0, 4.5)
    forms = {each["spelling"]: each["forms"] for each in lines if each["kind"] == "word"}
    assert forms["caméras"][:3] == ["=caméras", "-cameras", "~camera"]
    assert export(archive, *has) == []
    say_again(archive, first, "Des caméras, demain.")
    put(archive, SECOND, "Rien.", status="withdrawn")
    lines = export(archive, *has)
    assert {each["key"] for each in lines if each["kind"] == "gone"} == {first, second}
    assert {each["key"] for each in lines if each["kind"] in ("episode", "passage")} == {first}


class OpenSearch(BaseHTTPRequestHandler):
    """Keeps documents as OpenSearch does, by the few requests that the loader makes."""

    kept: dict[str, dict[str, Any]]

    def do_GET(self) -> None:
        index = self.path.strip("/")
        self.answer({}, 200 if index in self.kept else 404)

    def do_PUT(self) -> None:
        self.kept[self.path.strip("/")] = {}
        self.answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        path = self.path.partition("?")[0]
        if path == "/_bulk":
            lines = [json.loads(line) for line in body.splitlines()]
            for act, document in zip(lines[::2], lines[1::2], strict=True):
                self.kept[act["index"]["_index"]][act["index"]["_id"]] = document
            self.answer({"errors": False})
        elif path == "/radio/_delete_by_query":
            keys = json.loads(body)["query"]["terms"]["key"]
            kept = self.kept["radio"].items()
            self.kept["radio"] = {name: each for name, each in kept if each["key"] not in keys}
            self.answer({})
        elif path == "/radio/_search":
            after = json.loads(body).get("search_after", [""])[0]
            found = {e["key"]: e for e in self.kept["radio"].values() if e["kind"] == "episode"}
            hits = [{"_source": found[k], "sort": [k]} for k in sorted(found) if k > after]
            self.answer({"hits": {"hits": hits}})
        else:
            self.answer({})

    def answer(self, value: object, status: int = 200) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def test_the_loader_of_opensearch_forgets_what_is_gone(tmp_path: Path) -> None:
    archive = begun(tmp_path / "archive", "Rue")
    first, _ = put(archive, FIRST, "Des caméras."), put(archive, SECOND, "Rien.")
    OpenSearch.kept = defaultdict(dict)
    with ThreadingHTTPServer(("127.0.0.1", 0), OpenSearch) as site:
        Thread(target=site.serve_forever, daemon=True).start()

        def run(act: str, lines: Lines) -> list[str]:
            command = [sys.executable, str(LOADER), act, f"http://127.0.0.1:{site.server_port}"]
            given = "".join(f"{json.dumps(each)}\n" for each in lines)
            done = subprocess.run(command, input=given, text=True, capture_output=True, check=True)
            return done.stdout.splitlines()

        run("load", export(archive))
        assert sorted(run("known", [])) == sorted(stamps(export(archive)))
        put(archive, SECOND, "Rien.", status="withdrawn")
        run("load", export(archive, *run("known", [])))
        site.shutdown()
    assert {each["key"] for each in OpenSearch.kept["radio"].values()} == {first}
    assert "caméras" in OpenSearch.kept["radio-words"]
