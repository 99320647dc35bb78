"""How Babel finds messages (radio/translations/babel.cfg): `_("…")`, docstrings of commands, and of
books and reports `say("…")` and `count("…", "…")`."""

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from babel.messages.extract import extract_python

MARKED = {"_": None, "gettext": None, "ngettext": (1, 2), "counted": (2, 3)}
SAID = {"say": None, "count": (1, 2)}
COMMANDS = {"acting", "argument", "chosen", "command", "group", "on_episode", "option"}
COMMANDS |= {"with_archive", "with_folder"}
"""What functions are given that the table of commands names: it makes their docstrings help."""


def extract(file: Any, _keywords: Any, tags: Any, options: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the messages of a module as Babel wants them."""
    yield from _marked(file, MARKED, tags, options)
    file.seek(0)
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.FunctionDef) and any(map(_makes_a_command, node.decorator_list)):
            yield node.lineno, None, inspect.cleandoc(ast.get_docstring(node) or ""), []


def extract_said(file: Any, _keywords: Any, tags: Any, options: Any) -> Iterator[tuple[Any, ...]]:
    """Yield what a book or a report says, too."""
    yield from extract(file, None, tags, options)
    file.seek(0)
    yield from _marked(file, SAID, tags, options)


def _marked(file: Any, keywords: Any, tags: Any, options: Any) -> Iterator[tuple[Any, ...]]:
    """Yield what functions are called with, by the places of what they say; all alike to Babel."""
    for line, name, message, comments in extract_python(file, keywords, tags, options):
        places = keywords[name]
        texts = message if isinstance(message, tuple) else (message,)
        if places:
            yield line, "ngettext", tuple(texts[at - 1] for at in places), comments
        else:
            yield line, "gettext", texts[0], comments


def _makes_a_command(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).partition("(")[0].rpartition(".")[2] in COMMANDS
