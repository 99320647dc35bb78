"""The manual as a site: `make docs`. Of the two languages, `-D language=` chooses one."""

import re
from typing import Any

from sphinx.application import Sphinx

project = "Radio archive"
extensions = ["myst_parser"]
myst_heading_anchors = 4
html_theme = "furo"
html_show_sphinx = html_copy_source = html_show_sourcelink = False
html_static_path: list[str] = []
TITLES = {"fr": "Archive de radio : le manuel", "en": "Radio archive: the manual"}
OTHER = {"fr": ("en", "English"), "en": ("fr", "Français")}


def grow(_app: Sphinx, name: str, source: list[str]) -> None:
    """Make the tree of pages of the lists of the first page, which other readers see as lists."""
    for part in source[0].split("\n## ")[1:] if name == "index" else ():
        pages = "\n".join(re.findall(r"\]\(([a-z-]+)\.md\)", part))
        caption = part.partition("\n")[0]
        source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{pages}\n```\n"


def lead(app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object) -> None:
    """Have each page lead to itself in the other language."""
    code, name = OTHER[app.config.language]
    path = "../" * (page.count("/") + 1)
    context["theme_announcement"] = f'<a href="{path}{code}/{page}.html" lang="{code}">{name}</a>'


def name(_app: Sphinx, config: Any) -> None:
    """Name the site in its language."""
    config.html_title = TITLES[config.language]


def setup(app: Sphinx) -> None:
    """Have the above done."""
    app.connect("source-read", grow)
    app.connect("html-page-context", lead)
    app.connect("config-inited", name)
