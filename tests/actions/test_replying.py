"""The right of reply stands wherever the episode does, and no letter of it is a tag."""

import datetime as dt
import io
from dataclasses import replace

import mutagen.id3

from radio.archive import Archive
from radio.archive.episode import read_episode, render_episode
from radio.archive.protection import LONGEST_REPLY, Protection, PublicReply
from tests.processes import call, command
from tests.samples import CITY, STREET, put
from tests.web.sites import visit

KEY = f"emission/{STREET}"
SITE = "https://radio.example"


def test_a_reply_stands_with_the_episode_everywhere(archive: Archive) -> None:
    put(archive, STREET, description="Des micros.")
    put(archive, CITY)
    letter = archive.root / "lettre.txt"
    letter.write_text("C’est <b>faux</b>.\nJe n’ai *rien* dit.", encoding="utf-8")
    given = ("--text", str(letter), "--from", "Zoé <i>", "--at", "0:01", "--date", "12 mai 2026")
    command(archive, "reply", KEY, *given, "--note", "courrier")
    assert archive.episode(KEY).protection.replies[0].date == dt.date(2026, 5, 12)
    client = visit(archive, SITE)
    page = client.get(f"/shows/{KEY}").text
    assert '<h2 id="replies">Droit de réponse</h2>' in page
    assert "C’est &lt;b&gt;faux&lt;/b&gt;." in page and "<em>rien</em>" in page
    assert "Zoé &lt;i&gt;" in page and "<b>faux" not in page and "courrier" not in page
    assert '<a href="#reply-1">Droit de réponse</a>' in page  # beside the passage
    assert "#replies" in client.get(f"/embed/{KEY}").text
    feed = client.get("/shows/emission/feed.xml").text
    assert "Droit de réponse, Zoé &amp;lt;i&gt;, 2026-05-12, à propos de ce qui est dit à" in feed
    assert feed.index("C’est &amp;lt;b&gt;faux") < feed.index("Des micros.")
    (told,) = client.get(f"/api/v1/episodes/{KEY}").get_json()["replies"]
    assert told["text"].startswith("C’est <b>") and (told["at"], told["date"]) == (1, "2026-05-12")
    content = client.get(f"/download/{KEY}.mp3").data
    comments = mutagen.id3.ID3(io.BytesIO(content)).getall("COMM")
    assert "Je n’ai rien dit." in comments[0].text[0]
    assert "Droit de réponse" not in client.get(f"/shows/emission/{CITY}").text
    head, said = client.get(f"/transcripts/{KEY}.txt").text.split("Je n’ai rien dit.")
    assert "Droit de réponse, Zoé <i>, 2026-05-12" in head and "Bonjour, voici" in said
    alone = client.get(f"/transcripts/{KEY}.html").text
    assert alone.index("C’est &lt;b&gt;faux") < alone.index("Bonjour, voici")
    letter.write_text("Je n’ai rien dit, ou peu.", encoding="utf-8")
    command(archive, "reply", KEY, "--number", "1", "--text", str(letter))
    listed = command(archive, "reply", KEY).stdout.split("  ")
    assert (listed[0], listed[-1].strip()) == ("1", "Je n’ai rien dit, ou peu.")
    command(archive, "undo")
    assert "ou peu" not in client.get(f"/shows/{KEY}").text
    command(archive, "reply", KEY, "--number", "1", "--remove")
    assert "Droit de réponse" not in client.get(f"/transcripts/{KEY}.txt").text
    command(archive, "undo")
    command(archive, "undo")
    assert "Droit de réponse" not in client.get(f"/shows/{KEY}").text


def test_what_is_no_reply_is_refused(archive: Archive) -> None:
    episode = put(archive, STREET)
    replies = (PublicReply("Non.", "Zoé", 1.5, dt.date(2026, 5, 12)), PublicReply("Si."))
    kept = replace(episode, protection=Protection(replies=replies))
    assert read_episode("emission", STREET, render_episode(kept), "sidecar") == kept
    letter = archive.root / "lettre.txt"
    root = ("--root", str(archive.root), KEY, "--text", str(letter))
    for content, more, code in (
        (b"x" * (LONGEST_REPLY + 1), (), 1),
        (b"\xff\xfe\xfa", (), 1),
        (b"Non.", ("--at", "tôt"), 2),
        (b"Non.", ("--number", "1"), 1),
        (b"Non.", ("--number", "1", "--remove"), 2),
    ):
        letter.write_bytes(content)
        assert call("reply", *root, *more, check=False).returncode == code
    assert archive.episode(KEY).protection == Protection()
