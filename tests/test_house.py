"""The house: imports point one way, and each third-party library enters by one room."""

import ast
import sys
from pathlib import Path

import radio
from tests.order import HEAVIEST

PACKAGE = Path(radio.__file__).parent
TESTS = Path(__file__).parent
FLOORS = [
    {"__main__"},
    {"cli"},
    {"demo", "server"},
    {"static_site", "upkeep"},
    {"web", "caches", "listening"},
    {
        *{"ingest", "transcribe", "search", "bags", "mirror", "chapters", "downloads"},
        *{"check", "audit"},
    },
    {"covers", "standing"},
    {"holdings"},
    {"archive", "audio", "formats", "imprint", "losses", "tags", "tree"},
    {"addresses", "paths", "shows"},
    {"checksums", "edition", "episode", "palette", "pictures", "transcript"},
    {"captions", "connection", "dates", "disk", "process", "records", "sandbox"},
    {"errors", "messages", "progress"},
]
ROOMS = {
    "PIL": "pictures",
    "av": "audio",
    "click": "cli",
    "ctranslate2": "transcribe",
    "faster_whisper": "transcribe",
    "distributed": "transcribe",
    "flask": "web",
    "flask_babel": "web",
    "font_source_serif_pro": "pictures",
    "msgspec": "records",
    "markupsafe": "web",
    "mutagen": "tags",
    "onnxruntime": "transcribe",
    "silero_vad": "transcribe",
    "simplemma": "search",
    "Stemmer": "search",
    "tantivy": "search",
    "torch": "transcribe",
    "waitress": "listening",
    "webvtt": "captions",
    "werkzeug": "web",
    "whisper": "transcribe",
}
EVERYWHERE = {"numpy"}
HEAVY = {
    "ctranslate2",
    "distributed",
    "faster_whisper",
    "torch",
    "whisper",
    "silero_vad",
    "onnxruntime",
}


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


def floor_of(room: str) -> int:
    return next(number for number, floor in enumerate(FLOORS) if room in floor)


def test_every_room_has_its_floor() -> None:
    assert {room_of(path) for path in files()} == set().union(*FLOORS)


def test_imports_point_down() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in files()
        for name, _ in imports(path)
        if name.startswith("radio.") and name != "radio.__version__"
        if (other := name.split(".")[1]) != room_of(path)
        if floor_of(other) <= floor_of(room_of(path))
    ]
    assert wrong == []


def test_each_library_enters_by_one_room() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in files()
        for name, _ in imports(path)
        if (library := name.split(".")[0]) not in sys.stdlib_module_names
        if library != "radio" and library not in EVERYWHERE
        if ROOMS.get(library) != room_of(path)
    ]
    assert wrong == []


def test_nothing_heavy_is_imported_at_start() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name} at its top"
        for path in files()
        for name, at_top in imports(path)
        if at_top and name.split(".")[0] in HEAVY
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
