"""A text goes through a word processor: what is changed there comes back, and nothing else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from radio.archive import Archive, acts
from radio.proposals.rereading import save
from radio.proposals.revision import Revision, revise
from radio.system.errors import ReaderError, TranscriptError
from radio.text.sentences import sentence_of
from radio.transcribe import manuscripts
from tests.heard import KEY, edit, hear, transcript_of
from tests.processes import command
from tests.tables import for_each

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TEXT = {
    10: "La kni dit non à tout le monde. L’affaire est close, dit-on.",
    20: "Euh oui, la kni dit peut-être.",
    130: "Et voilà « la suite » de notre émission. On écoute : c’est Zoé.",
    140: "La suite de tout cela vient demain matin.",
}
Change = Callable[[Any, list[Any]], object]  # of a document, with its paragraphs


@pytest.fixture
def heard(archive: Archive) -> Archive:
    hear(archive, TEXT, voice=lambda second: "Voix 1" if second < 15 else "Voix 2")
    return archive


def say(paragraph: Any, words: str) -> None:
    """Write other words after the name of who speaks."""
    *_head, said = paragraph.runs
    said.text = f"\u00a0: {words}"


def say_all(paragraphs: list[Any], words: str) -> None:
    for each in paragraphs:
        say(each, words)


def sent(archive: Archive, folder: Path, *changes: Change) -> Path:
    """Take the text out, have it changed in a word processor, and give the document."""
    path, title = folder / "texte.docx", archive.episode(KEY).title
    path.write_bytes(manuscripts.write(KEY, title, transcript_of(archive), "fr"))
    document = docx.Document(str(path))
    for change in changes:
        change(document, document.paragraphs[3:])
    document.save(str(path))
    return path


def told(revision: Revision) -> list[tuple[str, str]]:
    return [(each.before, each.after) for each in revision.changes]


def said(archive: Archive) -> Iterator[tuple[float, str, str]]:
    return ((cue.start, cue.voice, cue.text) for cue in transcript_of(archive).cues)


def lose_spaces_and_quotes(document: Any, paragraphs: list[Any]) -> None:
    """What a word processor does by itself."""
    for each in paragraphs:
        text = each.text.replace("\u00a0", " ").replace("’", "'").replace("« ", "“")
        for run in each.runs[1:]:
            run.text = ""
        each.runs[0].text = text.replace(" »", "”").replace(" :", "\u202f:")


def join_paragraphs(document: Any, paragraphs: list[Any]) -> None:
    paragraphs[0].add_run(f" {TEXT[20]}")
    paragraphs[1]._element.getparent().remove(paragraphs[1]._element)


def split(document: Any, paragraphs: list[Any]) -> None:
    say(paragraphs[0], "La kni dit non à tout le monde.")
    paragraphs[1].insert_paragraph_before("L’affaire est close, dit-on.")


def track(document: Any, paragraphs: list[Any]) -> None:
    deleted = f'<w:del {W}><w:r><w:delText xml:space="preserve"> tout</w:delText></w:r></w:del>'
    added = f'<w:ins {W}><w:r><w:t xml:space="preserve"> bien</w:t></w:r></w:ins>'
    paragraphs[-1]._element.extend([parse_xml(deleted), parse_xml(added)])


@for_each("change", [lambda *_: None, lose_spaces_and_quotes, split])
def test_what_word_processors_do_by_themselves_changes_nothing(
    archive: Archive, tmp_path: Path, change: Change
) -> None:
    hear(archive, TEXT, voice=lambda second: "Voix 1" if second < 15 else "Voix 2")
    revision = revise(archive, KEY, sent(archive, tmp_path, change))
    assert (told(revision), revision.unplaced) == ([], ())


def test_what_is_corrected_in_a_word_processor_is_written_in_one_act(
    heard: Archive, tmp_path: Path
) -> None:
    before = heard.vtt_path(KEY).read_bytes()
    path = sent(
        heard,
        tmp_path,
        lambda _, them: say(them[0], "La CNIL dit non. À tout le monde. L’affaire est close."),
        lambda _, them: say(them[1], "Euh oui, la CNIL dit peut-être, bien."),
        lambda _, them: setattr(them[2].runs[1], "text", "Zoé Durand"),
        track,
    )
    revision = revise(heard, KEY, path)
    assert [each.start for each in revision.changes] == [10.0, 13.2, 20.0, 130.0, 133.6, 140.0]
    assert told(revision)[2][1] == "Euh oui, la CNIL dit peut-être, bien."
    assert told(revision)[3][1].startswith("Zoé Durand\u00a0: Et voilà")
    shown = command(heard, "text", "document", KEY, str(path), "--dry-run").stdout
    assert "0:20  Euh oui, la kni dit peut-être. → Euh oui, la CNIL dit" in shown
    assert heard.vtt_path(KEY).read_bytes() == before
    command(heard, "text", "document", KEY, str(path))
    assert [*said(heard)][:4] == [
        (10.0, "Voix 1", "La CNIL dit non."),
        (11.6, "Voix 1", "À tout le monde."),
        (13.2, "Voix 1", "L’affaire est close."),
        (20.0, "Voix 2", "Euh oui, la CNIL dit peut-être, bien."),
    ]
    assert {voice for start, voice, _ in said(heard) if start > 100} == {"Zoé Durand", "Voix 2"}
    assert told(revise(heard, KEY, path)) == [], "a document that comes twice changes nothing"
    acts.undo(heard)
    assert heard.vtt_path(KEY).read_bytes() == before


def test_what_somebody_changed_meanwhile_is_never_written_over(
    heard: Archive, tmp_path: Path
) -> None:
    path = sent(
        heard,
        tmp_path,
        lambda _, them: say(them[1], "Euh oui, la CNIL dit peut-être."),
        lambda _, them: say(them[3], "La suite de tout ceci vient demain matin."),
    )
    desk = revise(heard, KEY, path).changes[0].edit
    save(heard, KEY, [replaced(desk, "Ah oui, la Cnil dit peut-être.")], alone=True)
    revision = revise(heard, KEY, path)
    (met,) = revision.open
    assert (met.was, met.before) == (TEXT[20], "Ah oui, la Cnil dit peut-être.")
    assert save(heard, KEY, revision.free, alone=True).changed == 1
    words = sentence_of(transcript_of(heard).cues)
    assert "Ah oui, la Cnil" in words
    assert "tout ceci" in words
    names = {"Voix 2": "Zoé"}
    edit(heard, *names.items())
    assert {each.is_open for each in revise(heard, KEY, path).changes} == {True}
    edit(heard, ("Ah oui", "Oh oui"))  # in an editor: the history knows nothing of it
    unknown = revise(heard, KEY, sent(heard, tmp_path, lambda doc, _: drop_mark(doc), track))
    assert (unknown.is_known, unknown.free, len(unknown.open)) == (False, [], 1)


def replaced(edit: Any, words: str) -> Any:
    return type(edit)(edit.places, words)


def drop_mark(document: Any) -> None:
    element = document.paragraphs[2]._element
    element.getparent().remove(element)


def test_what_has_no_place_and_what_is_missing_is_told(heard: Archive, tmp_path: Path) -> None:
    long = "Ceci n’a jamais été dit par personne et prendrait bien plus de temps. " * 9
    revision = revise(
        heard, KEY, sent(heard, tmp_path, lambda _, them: them[1].insert_paragraph_before(long))
    )
    assert len(revision.unplaced) == 9
    hear(heard, {10 * each: f"Phrase numéro {each} du texte." for each in range(1, 12)})
    cut = sent(heard, tmp_path, lambda _, them: [each.clear() for each in them[4:]])
    revision = revise(heard, KEY, cut)
    assert (revision.free, len(revision.open)) == ([], 1), "half a document takes nothing away"


def test_no_wrong_or_hostile_document_changes_a_text(heard: Archive, tmp_path: Path) -> None:
    other = "Autre chose, vraiment."
    path = sent(heard, tmp_path, lambda _, them: say_all(them, other))
    with pytest.raises(TranscriptError):
        revise(heard, KEY, path)
    content = manuscripts.write("emission/autre", "Autre", transcript_of(heard), "fr")
    path.write_bytes(content)
    with pytest.raises(TranscriptError):
        revise(heard, KEY, path)
    told = command(heard, "text", "document", KEY, str(path), check=False)
    assert "emission/autre" in told.stderr
    for harm in (content[:400], b"PK\x03\x04", content.replace(b"word/document", b"word/documenz")):
        path.write_bytes(harm)
        with pytest.raises((TranscriptError, ReaderError)):
            revise(heard, KEY, path)
