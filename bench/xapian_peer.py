"""A library for searching, to compare with: Xapian over cues, French stems, answering as JSON.

Debian's Python has it (`python3-xapian`), ours has not: this file needs nothing else.

python3 bench/xapian_peer.py build DATABASE < LINES   (key, day, second and text, with tabs between)
python3 bench/xapian_peer.py serve DATABASE PORT
"""

import json
import re
import sys
import unicodedata
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LOOKED_AT = 1_000  # cues, the best
EPISODES = 20
DAY = 0  # the slot of the day


def folded(text: str) -> str:
    """Take the accents off letters."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def build(database: str) -> None:
    """Index every cue of the standard input."""
    import xapian  # type: ignore[import-not-found]

    base = xapian.WritableDatabase(database, xapian.DB_CREATE_OR_OVERWRITE)
    terms = xapian.TermGenerator()
    terms.set_stemmer(xapian.Stem("french"))
    for line in sys.stdin:
        key, day, second, text = line.rstrip("\n").split("\t")
        document = xapian.Document()
        terms.set_document(document)
        terms.index_text(folded(text))
        document.add_value(DAY, day)
        document.set_data(f"{key}\t{second}\t{text}")
        base.add_document(document)
    base.commit()


def serve(database: str, port: str) -> None:
    """Answer `/search?q=` on this machine."""
    import xapian

    stem = xapian.Stem("french")

    def find(asked: str) -> dict[str, list[tuple[float, str]]]:
        base = xapian.Database(database)
        parser = xapian.QueryParser()
        parser.set_stemmer(stem)
        parser.set_database(base)
        parser.set_default_op(xapian.Query.OP_AND)
        after = re.search(r"après:(\d+)", asked)
        words = re.sub(r"après:\d+", "", asked).replace(" OU ", " OR ")
        flags = parser.FLAG_DEFAULT | parser.FLAG_WILDCARD
        query = parser.parse_query(folded(words), flags)
        if after:
            later = xapian.Query(xapian.Query.OP_VALUE_GE, DAY, f"{int(after[1]) + 1}-01-01")
            query = xapian.Query(xapian.Query.OP_FILTER, query, later)
        enquire = xapian.Enquire(base)
        enquire.set_query(query)
        found: dict[str, list[tuple[float, str]]] = {}
        matches = enquire.get_mset(0, LOOKED_AT)
        for match in matches:
            key, second, text = match.document.get_data().decode().split("\t")
            if key in found or len(found) < EPISODES:
                said = matches.snippet(folded(text), 160, stem, 0, "<mark>", "</mark>", "…")
                found.setdefault(key, []).append((float(second), said.decode()))
        return found

    class Answer(BaseHTTPRequestHandler):
        protocol_version, wbufsize = "HTTP/1.1", 1 << 16  # head and body in one packet

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
            body = json.dumps(find(asked)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    ThreadingHTTPServer(("127.0.0.1", int(port)), Answer).serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "build":
        build(sys.argv[2])
    else:
        serve(*sys.argv[2:])
