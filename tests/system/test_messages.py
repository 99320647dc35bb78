"""One catalogue: what the source says in French has its English, complete and compiled."""

import ast
import re
import string
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from radio.french.letters import bind
from radio.system.messages import FOLDER, language
from tests.messages import MARKED, SAID, extract, extract_said
from tests.samples import ROOT

METHODS: list[tuple[str, Any]] = [  # as babel.cfg has them
    ("books/**.py", extract_said),
    ("audit/**.py", extract_said),
    ("**.py", extract),
    ("web/templates/**.html", "jinja2"),
]
MARKS = {*MARKED, *SAID}
CATALOGUES = {"en": "radio", "fr": "click"}


def read(name: str) -> Catalog:
    with (FOLDER / name / "LC_MESSAGES" / f"{CATALOGUES[name]}.po").open("rb") as file:
        return read_po(file, locale=name)


@pytest.fixture(scope="module")
def said() -> set[Any]:
    found = extract_from_dir(ROOT / "radio", METHODS)
    return {message for _, _, message, _, _ in found}


def forms(text: Any) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def messages(name: str) -> Iterator[Message]:
    return (message for message in read(name) if message.id)


def test_every_message_has_its_english_and_no_other_is_there(said: set[Any]) -> None:
    """Else somebody reads the other language, for want of words."""
    assert len(said) > 2000
    assert {message.id for message in messages("en")} == said, "make translations"
    lacking = [each.id for each in messages("en") if not all(forms(each.string)) or each.fuzzy]
    assert lacking == [], "make translations, then complete radio/translations"


def test_no_message_stands_where_it_is_not_found() -> None:
    """Within an f-string Babel finds none, so the catalogue would lose it."""
    found = {
        f"{path.name}:{call.lineno}"
        for path in (ROOT / "radio").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in MARKS
        if any(isinstance(each, ast.Constant) for each in call.args)
    }
    assert found == set()


@pytest.mark.parametrize("name", CATALOGUES)
def test_what_is_filled_in_is_the_same_in_both(name: str) -> None:
    for message in messages(name):
        allowed = [places(each) for each in forms(message.id)]
        for each in filter(None, forms(message.string)):
            found = places(each)  # « once » needs no number
            is_single = each == forms(message.string)[0] and len(allowed) > 1
            assert any(found == one or (is_single and found < one) for one in allowed), message.id


def places(text: str) -> set[tuple[str, str, str]]:
    """Give the values of a text, as « {name} » or « %(name)s »."""
    percent = {(each, "", "") for each in re.findall(r"%(?:\(\w+\))?[a-z]", text)}
    if percent or "{" not in text:
        return percent
    fields = string.Formatter().parse(text)
    return {(name, spec or "", way or "") for _, name, spec, way in fields if name}


@pytest.mark.parametrize("name", CATALOGUES)
def test_what_is_compiled_is_what_is_written(name: str) -> None:
    written = BytesIO()
    write_mo(written, read(name))
    written.seek(0)
    with (FOLDER / name / "LC_MESSAGES" / f"{CATALOGUES[name]}.mo").open("rb") as file:
        assert sentences(read_mo(file)) == sentences(read_mo(written))


def sentences(catalogue: Catalog) -> set[str]:
    return {f"{message.id} -> {message.string}" for message in catalogue if message.id}


def test_no_line_of_french_begins_with_its_sign() -> None:
    """On a page « : » would wrap alone to the next line after an ordinary space."""
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    found = extract_from_dir(ROOT / "radio" / "web", methods)
    texts = {text for _, _, message, _, _ in found for text in forms(message)}
    assert len(texts) > 300
    assert {text for text in texts if bind(text) != text} == set()


def test_the_first_language_that_is_set_counts() -> None:
    french = [{"LC_ALL": "fr_FR.UTF-8", "LANG": "en_US"}, {"LC_MESSAGES": "fr", "LANG": "en_US"}]
    french += [{"LANG": "en_US", "LANGUAGE": "fr:en"}]
    assert [language(each) for each in french] == ["fr"] * 3
    assert language({"LC_ALL": "POSIX", "LANG": "fr_FR", "LANGUAGE": "fr"}) == "en"
