"""Pages and headers made to keep the machine busy are read in no time, in little room."""

import time
from email.message import Message

from radio.ingest import reading, wordpress
from radio.ingest.names import file_name
from radio.ingest.pages import WebPage
from radio.system import sandbox
from radio.system.connection.fetch import Answer

MUCH = 5.0  # seconds of computing; all of it takes far less


def test_many_links_in_the_header_of_a_page_hold_nobody_up() -> None:
    (headers := Message())["Link"] = "<a>;" * 16_000
    answer, begun = Answer("https://a.example/", 200, headers, b""), time.process_time()
    assert wordpress.api_of(answer, WebPage()) == ""
    assert time.process_time() - begun < MUCH
    assert reading.SECONDS * sandbox.PATIENCE <= 30  # then any page is given up


def test_a_long_name_in_any_script_is_the_name_of_a_file() -> None:
    name = file_name("放送録音" * 60 + ".mp3")
    assert len(name.encode()) < 200
    assert name.endswith(".mp3")
