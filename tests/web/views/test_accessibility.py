"""What the site says of its accessibility is what was found, criterion by criterion."""

import re
from collections import Counter

from flask.testing import FlaskClient

from tests.samples import ROOT
from tests.visits import Links, text

DOCUMENT = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+\.\d+) \| (C|NC|NA) \| ([a-z]*) \| (.*) \|$", re.MULTILINE)
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)  # criteria of each theme of RGAA 4.1


def test_each_of_the_106_criteria_is_judged_once() -> None:
    criteria = [f"{theme}.{n}" for theme, many in enumerate(THEMES, 1) for n in range(1, many + 1)]
    assert len(criteria) == 106
    assert [row[0] for row in ROW.findall(DOCUMENT)] == criteria
    for criterion, state, how, what in ROW.findall(DOCUMENT):
        assert (state == "NA") is not (bool(how) and bool(what)), criterion


def test_the_statement_says_what_was_found(client: FlaskClient) -> None:
    states = Counter(row[1] for row in ROW.findall(DOCUMENT))
    share = 100 * states["C"] // (states["C"] + states["NC"])
    page = client.get("/accessibility")
    told = (
        f"ils en tiennent {states['C']} pour respectés, {states['NC']} ne le sont pas, "
        f"{states['NA']} sont sans objet, soit {share}\u00a0% des critères applicables"
    )
    assert told.replace("\u00a0", " ") in text(page)
    proven = sum(
        row[2] in ("axe", "vnu", "browser") for row in ROW.findall(DOCUMENT) if row[1] == "C"
    )
    assert f"un outil ou un test en vérifie {proven}" in text(page)
    assert f"Des {states['C']}, {proven} sont vérifiés" in DOCUMENT
    assert "Aucun lecteur d’écran n’a servi" in text(page)
    unmet = {row[0] for row in ROW.findall(DOCUMENT) if row[1] == "NC"}
    assert set(re.findall(r"\(critère (\d+\.\d+)\)", text(page))) == unmet
    assert "Partiellement conforme" in text(page)


def test_every_page_says_how_accessible_the_site_is(client: FlaskClient) -> None:
    for path in ("/", "/nope", "/help"):
        answer = client.get(path)
        assert "/accessibility" in Links(answer.text).found
        assert "Accessibilité : partiellement conforme" in text(answer)
