"""How Babel finds messages that are not marked as elsewhere.

What the command says: `_("…")`, and the docstrings of commands (radio/translations/babel.cfg). What
books and reports say: `say("…")`, translated in the catalogue of the site (radio/web/babel.cfg).
"""

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from babel.messages.extract import extract_python

SYSTEM = (
    "Address already in use",
    "Cannot assign requested address",
    "File exists",
    "File name too long",
    "Input/output error",
    "Is a directory",
    "No space left on device",
    "No such file or directory",
    "Not a directory",
    "Operation not permitted",
    "Permission denied",
    "Read-only file system",
)
"""What the system says most often."""


def extract(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the messages of a module as Babel wants them."""
    yield from extract_python(file, keywords, comment_tags, options)
    file.seek(0)
    source = file.read()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and any(map(_makes_a_command, node.decorator_list)):
            yield node.lineno, None, inspect.cleandoc(ast.get_docstring(node) or ""), []
    if b'DOMAIN = "radio"' in source:
        for message in SYSTEM:
            yield 1, None, message, []


def extract_said(file: Any, _keywords: Any, tags: Any, options: Any) -> Iterator[tuple[Any, ...]]:
    """Yield what a book or a report says."""
    for line, _name, message, comments in extract_python(file, {"say": None}, tags, options):
        yield line, None, message, comments


def _makes_a_command(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ("command", "group")
    )
