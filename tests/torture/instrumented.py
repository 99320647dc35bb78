"""A reader of foreign bytes, led by the code that a change of the bytes reaches (atheris). Nothing
of the program is imported before that watches it.

python -m tests.torture.instrumented READER FOLDER [options of libFuzzer]

FOLDER gets a text that is read, and those that reached more.
"""

import contextlib
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

SITE = "https://radio.example/"
DAY = dt.date(2026, 11, 30)
Reader = Callable[[bytes], object]
POST = b'[{"link":"/a","title":{"rendered":"A"},"content":{"rendered":"<a href=a.mp3>a</a>"}}]'
PAGE = b'<p>16 mars 2024 <a href="a.mp3">La rue</a><audio src="b.mp3"></audio>'
FEED = b"<rss><channel><title>a</title><item><enclosure url='a.mp3'/></item></channel></rss>"
TABLE = b"key;title\na/b;c\n"


def readers() -> dict[str, tuple[Reader, bytes]]:
    """Give each reader, with a text that it reads."""
    import atheris

    with atheris.instrument_imports(include=["radio"]):
        from radio.formats.markdown import plain, render_html
        from radio.formats.podcast_json import read_chapters, read_segments
        from radio.formats.tables import read_table
        from radio.french.dates import find_dates
        from radio.ingest import feed_page, feeds, markup, pages, richtext, sites, wordpress
        from radio.ingest.plan import read_plan
        from radio.mirror.manifest import read_line
        from radio.search.days import read_periods
        from radio.search.questions import asked
        from radio.search.syntax import aired, items, read
        from radio.text.transcript import read_any, read_evidence, render_srt, render_vtt

    def said(content: bytes) -> object:
        found = read_any(content, "x.vtt")
        return render_srt(found), read_any(render_vtt(found).encode(), "x.vtt")

    def question(text: str) -> object:
        return asked(text), items(text), aired(read(text)), read_periods(text, DAY)

    def prose(text: str) -> object:
        return render_html(text), plain(text), find_dates(text, DAY)

    def letters(read: Callable[[str], object]) -> Reader:
        return lambda content: read(content.decode(errors="replace"))

    return {
        "captions": (said, b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Zo\xc3\xa9>Oui\n"),
        "evidence": (lambda it: read_evidence(it, "x.json"), b'{"version":1,"segments":[]}'),
        "segments": (
            lambda it: read_segments(it, "x.json"),
            b'{"segments":[{"startTime":1,"body":"Oui"}]}',
        ),
        "chapters": (lambda it: read_chapters(it, "x.json"), b'{"chapters":[{"startTime":1}]}'),
        "table": (lambda it: read_table(it, "x.csv", ("key",)), TABLE),
        "plan": (lambda it: list(read_plan(it, "x.csv")), TABLE),
        "mirror": (read_line, b'{"path":"media/a/b.json","sha256":"00","size":1}'),
        "feed": (lambda it: feed_page.read(it, SITE), FEED),
        "feeds": (lambda it: feeds.read_list(it, SITE), b"<opml><outline xmlUrl='a'/></opml>"),
        "page": (lambda it: pages.read(it, SITE), PAGE),
        "posts": (lambda it: wordpress.read_posts(it, SITE), POST),
        "blog": (lambda it: sites.read_blog(it, SITE), PAGE),
        "item": (lambda it: sites.read_item(it, SITE), b'{"files":[{"name":"a.mp3"}]}'),
        "markup": (letters(lambda it: markup.scan(it, SITE)), PAGE),
        "rich text": (letters(lambda it: richtext.markdown(it, SITE)), PAGE),
        "prose": (letters(prose), b"*a* [b](https://c)\n\n- d\n16 mars 2024"),
        "question": (letters(question), 'qui a dit "la rue" OU -police après:2023 ?'.encode()),
    }


def main(name: str, folder: str, *options: str) -> None:
    """Have one reader read until the options end it."""
    import atheris

    reader, example = readers()[name]
    from radio.system.errors import RadioError

    def once(content: bytes) -> None:
        with contextlib.suppress(RadioError):
            reader(content)

    once(example)
    Path(folder).mkdir(exist_ok=True)
    Path(folder, "example").write_bytes(example)
    atheris.Setup([sys.argv[0], *options, folder], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
