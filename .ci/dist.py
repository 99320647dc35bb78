"""Write dist/: the source package and the wheel of what is committed, made twice and equal.

URL=https://… is where this repository is published: their metadata and manual then name it.
"""

import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import unquote

PLACEHOLDER = "https://exemple.org/radio.git"  # in the manual
PAGES = ("*.md", "docs/*/*.md")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def git(*words: str) -> bytes:
    """Give what git says of this checkout."""
    return subprocess.run(["/usr/bin/git", *words], capture_output=True, check=True).stdout


def lay(folder: Path, url: str) -> None:
    """Lay out what is committed, with the address where it is published."""
    with tarfile.open(fileobj=io.BytesIO(git("archive", "HEAD"))) as archive:
        archive.extractall(folder, filter="tar")
    if url:
        project = folder / "pyproject.toml"
        urls = f'[project.urls]\nSource = "{url}"\n\n[project.scripts]'
        project.write_text(project.read_text("utf-8").replace("[project.scripts]", urls), "utf-8")
        citation = folder / "CITATION.cff"
        citation.write_text(f"{citation.read_text('utf-8')}repository-code: {url}\n", "utf-8")
        for page in folder.glob("docs/*/install.md"):
            page.write_text(page.read_text("utf-8").replace(PLACEHOLDER, url), "utf-8")


def settle(path: Path, moment: int) -> None:
    """Write a source package anew: its files in one order, of one moment and of nobody."""
    with tarfile.open(path) as archive:
        members = sorted(archive.getmembers(), key=lambda each: each.name)
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as settled:
            for each in members:
                each.mtime, each.uid, each.gid, each.uname, each.gname = moment, 0, 0, "", ""
                each.mode = 0o755 if each.isdir() or each.mode & 0o100 else 0o644
                each.pax_headers = {}
                settled.addfile(each, archive.extractfile(each) if each.isfile() else None)
    path.write_bytes(gzip.compress(packed.getvalue(), mtime=moment))


def build(into: Path, url: str) -> dict[str, str]:
    """Make both in a folder; give their sha256 by name."""
    moment = git("log", "-1", "--format=%ct").decode().strip()
    with tempfile.TemporaryDirectory() as folder:
        lay(Path(folder), url)
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(into), folder]
        env = {**os.environ, "SOURCE_DATE_EPOCH": moment}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
    for path in into.glob("*.tar.gz"):
        settle(path, int(moment))
    found = sorted(into.iterdir())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def fill_yunohost(into: Path, package: str, digest: str, url: str) -> None:
    """Write the package for YunoHost, which takes this source package from where it is released."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree("deploy/yunohost", into)
    manifest = into / "manifest.toml"
    version = package.removeprefix("radio_archive-").removesuffix(".tar.gz")
    text = manifest.read_text("utf-8")
    text = text.replace(
        "https://exemple.org/radio.tar.gz", f"{url}/releases/download/{version}/{package}"
    )
    manifest.write_text(text.replace("0" * 64, digest), "utf-8")


def missing(package: Path) -> list[str]:
    """Name what pages of a source package lead to and it lacks."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(package) as archive:
        archive.extractall(folder, filter="data")
        (root,) = Path(folder).iterdir()
        pages = [page for pattern in PAGES for page in root.glob(pattern)]
        links = [(page, unquote(each)) for page in pages for each in LINK.findall(page.read_text())]
        lost = [(page, link) for page, link in links if not (page.parent / link).exists()]
        return [f"{page.relative_to(root)}: {link}" for page, link in lost]


def main() -> None:
    """Make them twice, keep the first pair."""
    url, into = os.environ.get("URL", ""), Path("dist")
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        sums = build(Path(first), url)
        if sums != (again := build(Path(second), url)):
            sys.exit(f"two builds differ: {sums} {again}")
        (package,) = Path(first).glob("*.tar.gz")
        if lost := missing(package):
            sys.exit("\n".join(["the source package lacks", *lost]))
        into.mkdir(exist_ok=True)
        if url:
            fill_yunohost(into / "yunohost", package.name, sums[package.name], url)
        for path in Path(first).iterdir():
            (into / path.name).write_bytes(path.read_bytes())
    lines = [f"{value}  {name}\n" for name, value in sums.items()]
    (into / "SHA256SUMS").write_text("".join(lines), "utf-8")
    sys.stdout.writelines(lines)


if __name__ == "__main__":
    main()
