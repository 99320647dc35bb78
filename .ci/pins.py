"""Write requirements/: for each extra the newest releases that fit all of them, with their hashes.

An engine's file has the whole program, the others what an extra adds. Then the bill of materials of
each (CycloneDX), where a folder for it is given. uv resolves, cyclonedx-py writes.
"""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
ADDED = PROJECT["optional-dependencies"]
ENGINES = ("faster", "whisper")
EXTRAS = (*ENGINES, "books", "cluster", "conformer", "metrics", "names", "sense", "sites")
BUILD = "setuptools>=77"  # which the program itself is installed with
FOLDER = Path("requirements")
TOOLS = Path(sys.executable).parent


def resolve(wanted: list[str], path: Path, *options: str) -> None:
    """Write a file of requirements with the releases, for every system and Python."""
    compiler = [str(TOOLS / "uv"), "pip", "compile", "--quiet", "--universal", "--no-annotate"]
    own = ["--python-version", "3.11", "--generate-hashes", "--output-file", str(path), *options]
    env = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make pins"}
    subprocess.run([*compiler, *own, "-"], input="\n".join(wanted), text=True, check=True, env=env)


def pin() -> None:
    """Resolve all extras together, then each as far as the whole allows."""
    base = [*PROJECT["dependencies"], BUILD]
    whole = FOLDER / ".whole.txt"
    resolve([*base, *(each for extra in EXTRAS for each in ADDED[extra])], whole, "--upgrade")
    for extra in EXTRAS:
        wanted = [*(base if extra in ENGINES else ()), *ADDED[extra]]
        resolve(wanted, FOLDER / f"{extra}.txt", "--upgrade", "--constraint", str(whole))
    whole.unlink()


def bill(into: Path) -> None:
    """Write the bill of materials of each file of pins."""
    into.mkdir(exist_ok=True)
    for path in sorted(FOLDER.glob("*.txt")):
        told = ["--pyproject", "pyproject.toml", "--output-reproducible", "--spec-version", "1.6"]
        out = ["--output-file", str(into / f"radio-archive-{path.stem}.cdx.json"), str(path)]
        subprocess.run([str(TOOLS / "cyclonedx-py"), "requirements", *told, *out], check=True)


if __name__ == "__main__":
    bill(Path(sys.argv[1])) if sys.argv[1:] else pin()
