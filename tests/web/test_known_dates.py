"""What is known of a date is shown, and no more: a guess is shown as no day."""

from typing import Any

from radio.archive import Archive
from tests.samples import STREET, put
from tests.tables import for_each
from tests.web.sites import visit

KEY = f"emission/{STREET}"
SITE = "https://radio.example"


@for_each(
    ("date", "shown", "known"),
    [
        ({}, "16 janvier 2024", "2024-01-16"),
        ({"date_precision": "month"}, "janvier 2024", "2024-01"),
        ({"date_precision": "year"}, "2024", "2024"),
        ({"date_sure": False}, "date inconnue", ""),
    ],
)
def test_a_date_is_shown_as_far_as_it_is_known(
    archive: Archive, date: dict[str, Any], shown: str, known: str
) -> None:
    title = put(archive, STREET, **date).title
    client = visit(archive, SITE)
    moment = f'<time datetime="{known}">{shown}</time>' if known else f"<span>{shown}</span>"
    search = f"/search?q={title}&show=emission"
    for page in ("/", "/shows/emission/", f"/shows/{KEY}", f"/embed/{KEY}", search):
        text = client.get(page).text.replace(">mardi ", ">")  # lists name no weekday
        assert moment in text, page
        assert known == "2024-01-16" or "16 janvier 2024" not in text, page
    cited = client.get(f"/shows/{KEY}").text
    assert (f'"datePublished": "{known}"' in cited.replace('":"', '": "')) == bool(known)


def test_a_guess_is_given_to_programs_as_a_guess(archive: Archive) -> None:
    put(archive, STREET, date_sure=False)
    client = visit(archive, SITE)
    found = client.get("/api/v1/search", query_string={"q": STREET}).get_json()["episodes"][0]
    assert (found["date"], found["date_sure"]) == ("2024-01-16", False)
    assert "<pubDate>Tue, 16 Jan 2024" in client.get("/shows/emission/feed.xml").text
    assert client.get("/search", query_string={"q": "après:2023"}).text.count(KEY)
