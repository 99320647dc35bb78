"""Print the lowest releases that pyproject.toml admits, as constraints for pip.

Tools of the tests (`dev`) are left out: they may be of any release.
"""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
extras = project["optional-dependencies"]
tested = ("whisper", "faster", "conformer", "cluster", "sense", "books", "metrics")
bounds = [*project["dependencies"], *(bound for name in tested for bound in extras[name])]
sys.stdout.writelines(f"{bound.replace('>=', '==')}\n" for bound in bounds)
