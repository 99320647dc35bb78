"""Take what `radio export documents` writes into OpenSearch, with Python alone.

python3 opensearch.py known http://127.0.0.1:9200 > known
radio export documents --known known | python3 opensearch.py load http://127.0.0.1:9200

Words are cut already (`whitespace`). The index `radio` has episodes and passages, `radio-words` the
forms: those of a word that is asked become its spellings, before `radio` is asked for one of them.
"""

import itertools
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Any

KEYWORDS = ("kind", "key", "stamp", "show", "people", "tags", "voices", "spelling", "forms")
FIELDS = {each: {"type": "keyword"} for each in KEYWORDS} | {
    "words": {"type": "text", "analyzer": "whitespace"},
    "text": {"type": "text", "index": False},
    "day": {"type": "date"},
}
MOST = 1_000  # lines of a request, episodes of an answer


def ask(method: str, url: str, body: str = "", kind: str = "application/json") -> Any:
    """Send a request; give its answer. Raises urllib's HTTPError."""
    head = {"Content-Type": kind}
    request = urllib.request.Request(url, body.encode(), head, method=method)  # noqa: S310
    with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
        return json.load(answer)


def known(site: str) -> Iterator[str]:
    """Name the episodes that are there, with their stamps."""
    query: dict[str, Any] = {"query": {"term": {"kind": "episode"}}, "sort": ["key"], "size": MOST}
    while found := ask("POST", f"{site}/radio/_search", json.dumps(query))["hits"]["hits"]:
        yield from (f"{each['_source']['key']} {each['_source']['stamp']}" for each in found)
        query["search_after"] = found[-1]["sort"]


def load(site: str, lines: Iterable[str]) -> None:
    """Forget what is gone, then add the rest; a document that is refused ends it."""
    for index in ("radio", "radio-words"):
        try:
            ask("GET", f"{site}/{index}")
        except urllib.error.HTTPError:
            ask("PUT", f"{site}/{index}", json.dumps({"mappings": {"properties": FIELDS}}))
    documents = map(json.loads, lines)
    for some in iter(lambda: list(itertools.islice(documents, MOST)), []):
        gone = [each["key"] for each in some if each["kind"] == "gone"]
        if gone:
            terms = json.dumps({"query": {"terms": {"key": gone}}})
            ask("POST", f"{site}/radio/_delete_by_query?refresh=true", terms)
        body = "".join(itertools.chain.from_iterable(map(_bulk, some)))
        if body and ask("POST", f"{site}/_bulk", body, "application/x-ndjson")["errors"]:
            raise SystemExit("OpenSearch refused a document; load all of it again")
    ask("POST", f"{site}/radio,radio-words/_refresh")


def _bulk(document: dict[str, Any]) -> Iterator[str]:
    if document["kind"] == "gone":
        return
    index = "radio-words" if document["kind"] == "word" else "radio"
    name = document.get("spelling") or f"{document['key']} {document.get('number', '')}"
    yield json.dumps({"index": {"_index": index, "_id": name}}) + "\n"
    yield json.dumps(document) + "\n"


if __name__ == "__main__":
    if sys.argv[1] == "known":
        print("\n".join(known(sys.argv[2])))  # noqa: T201
    else:
        load(sys.argv[2], sys.stdin)
