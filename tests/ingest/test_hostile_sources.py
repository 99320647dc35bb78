"""Pages and headers made to keep the machine busy are read in no time, in little room."""

import time
from email.message import Message

from radio.ingest import reading, sources, wordpress
from radio.ingest.names import file_name
from radio.ingest.pages import WebPage
from radio.system import sandbox
from radio.system.connection.fetch import Answer
from tests.tables import for_each

MUCH = 5.0  # seconds of computing; all of it takes far less


def answer(content: bytes = b"", link: str = "") -> Answer:
    headers = Message()
    if link:
        headers["Link"] = link
    return Answer("https://a.example/", 200, headers, content)


@for_each("content", [b"<a " + b"a" * 1990 + b">", b"<link a" + b" " * 1990 + b">"])
def test_a_page_of_long_names_holds_nobody_up_when_its_feed_is_sought(content: bytes) -> None:
    begun = time.process_time()
    assert sources.feed_of(answer(content * 500)) == ""
    assert time.process_time() - begun < MUCH


def test_a_header_of_many_links_holds_nobody_up() -> None:
    begun = time.process_time()
    assert wordpress.api_of(answer(link="<a>;" * 16_000), WebPage()) == ""
    assert time.process_time() - begun < MUCH


def test_a_page_that_takes_long_is_given_up_within_half_a_minute() -> None:
    assert reading.SECONDS * sandbox.PATIENCE <= 30


def test_a_long_name_in_any_script_is_the_name_of_a_file() -> None:
    name = file_name("放送録音" * 60 + ".mp3")
    assert len(name.encode()) < 200
    assert name.endswith(".mp3")
