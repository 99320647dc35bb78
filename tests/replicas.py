"""Sites that keep shows, as they answer, on this machine."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.ingest.site import Page, Site

TYPES = {"post": ("posts", ["category", "post_tag"]), "page": ("pages", [])}
TYPES |= {"attachment": ("media", []), "wp_block": ("blocks", []), "podcast": ("episodes", [])}
TYPES["wp_font_face"] = ("font-families/(?P<font_family_id>[\\d]+)/font-faces", [])
TYPES["podcasts"] = ("podcasts", ["emission", "post_tag"])
TAXONOMIES = {"category": "categories", "post_tag": "tags", "emission": "emission"}
Term = dict[str, Any]


@dataclass
class WordPress:
    """A site of WordPress and its REST API, with links by name if `pretty`; a broken post fails."""

    site: Site
    pretty: bool = True
    folder: str = ""  # where it lies on its host
    posts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by type
    terms: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by taxonomy
    broken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.root = self.site.address + self.folder
        self.site.otherwise = self._answer

    def page(self, target: str, text: str, **head: str) -> None:
        named = {"Content-Type": "text/html; charset=UTF-8", **head}
        content = text.replace("{root}", self.root).encode()
        self.site.pages[self.folder + target] = (200, named, content)

    @property
    def api(self) -> str:
        return f"{self.root}/wp-json/" if self.pretty else f"{self.root}/index.php?rest_route=/"

    def _answer(self, target: str) -> Page:
        parts = urlsplit(target.removeprefix(self.folder))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.pretty and parts.path.startswith("/wp-json/"):
            return self._rest(parts.path.removeprefix("/wp-json/"), query)
        if not self.pretty and "rest_route" in query:
            return self._rest(query.pop("rest_route").lstrip("/"), query)
        return 404, {"Content-Type": "text/html"}, b"<html><body>rien ici"

    def _rest(self, route: str, query: dict[str, str]) -> Page:
        bases = {base: kind for kind, (base, _) in TYPES.items()}
        taxonomies = {base: name for name, base in TAXONOMIES.items()}
        *_, base, number = ["", "", *route.split("/")]
        if route == "wp/v2/types":
            return _json({kind: _type(kind, *told) for kind, told in TYPES.items()})
        if route == "wp/v2/taxonomies":
            return _json({name: _taxonomy(name, base) for name, base in TAXONOMIES.items()})
        if number in bases:
            return self._list(bases[number], query)
        if number in taxonomies:
            named = self.terms.get(taxonomies[number], [])
            slug = query.get("slug")
            return _json([each for each in named if slug in (None, each["slug"])])
        known = self.posts.get(bases.get(base, ""), [])
        found = [each for each in known if str(each["id"]) == number]
        return _json(found[0]) if found else _json({"code": "rest_post_invalid_id"}, 404)

    def _list(self, kind: str, query: dict[str, str]) -> Page:
        found = list(self.posts.get(kind, []))
        for taxonomy, base in TAXONOMIES.items():
            if base in query:
                number = int(query[base])
                found = [each for each in found if number in each["terms"].get(taxonomy, [])]
        if "slug" in query:
            found = [each for each in found if each["slug"] == query["slug"]]
        if "search" in query:
            found = [each for each in found if query["search"] in each["content"]["rendered"]]
        size, number = int(query.get("per_page", "10")), int(query.get("page", "1"))
        total, pages = len(found), -(-len(found) // size)
        if number > max(1, pages):
            return _json({"code": "rest_post_invalid_page_number"}, 400)
        shown = found[(number - 1) * size : number * size]
        if self.broken & {each["id"] for each in shown}:
            return 500, {}, b"<p>Il y a eu une erreur critique sur ce site.</p>"
        return _json(shown, head={"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)})

    def term(self, taxonomy: str, number: int, slug: str, name: str) -> Term:
        known = {"id": number, "slug": slug, "name": name, "taxonomy": taxonomy}
        self.terms.setdefault(taxonomy, []).append(known)
        return known

    def post(
        self, kind: str, number: int, title: str, day: str, content: str, *terms: Term, **more: Any
    ) -> str:
        """Add a post and its page; give the address of that."""
        folder = "podcasts/" if kind == "podcasts" else ""
        path = f"/{folder}article-{number}/" if self.pretty else f"/?p={number}"
        by_taxonomy: dict[str, list[int]] = {}
        for each in terms:
            by_taxonomy.setdefault(each["taxonomy"], []).append(each["id"])
        embedded = {"wp:term": [list(terms)], "author": [{"id": 1, "name": "admin"}]}
        if picture := more.pop("picture", ""):
            embedded["wp:featuredmedia"] = [{"source_url": picture, "media_type": "image"}]
        told = {
            "id": number,
            **dict.fromkeys(("date", "date_gmt"), f"{day}T00:30:00"),
            "guid": {"rendered": f"{self.root}/?p={number}"},
            "slug": f"article-{number}",
            "status": "publish",
            "type": kind,
            "link": self.root + path,
            "title": {"rendered": title},
            "content": {"rendered": content.replace("{root}", self.root), "protected": False},
            "excerpt": {"rendered": "", "protected": False},
            "meta": [],
            "terms": by_taxonomy,
            "_embedded": embedded,
        }
        self.posts.setdefault(kind, []).append(told | more)
        route = f"{self.api}wp/v2/{TYPES[kind][0]}/{number}"
        self.page(
            path,
            f"<html><head><title>{title} – Site</title>"
            f'<link rel="https://api.w.org/" href="{self.api}">'
            f'<link rel="alternate" type="application/json" href="{route}"></head>'
            f'<body class="single single-{kind} postid-{number}">'
            f'<nav><a href="/direct.mp3">Direct</a></nav>'
            f"<main><article><h1>{title}</h1>{more.get('shown', content)}</article></main>"
            "</body></html>",
        )
        return self.root + path


def _type(kind: str, base: str, taxonomies: list[str]) -> dict[str, Any]:
    named = {"slug": kind, "name": kind, "rest_base": base, "rest_namespace": "wp/v2"}
    return {**named, "taxonomies": taxonomies}


def _taxonomy(name: str, base: str) -> dict[str, Any]:
    types = [kind for kind, (_, taxonomies) in TYPES.items() if name in taxonomies]
    return {"slug": name, "name": name, "rest_base": base, "types": types}


def _json(value: Any, status: int = 200, head: dict[str, str] | None = None) -> Page:
    named = {"Content-Type": "application/json; charset=UTF-8", **(head or {})}
    return status, named, json.dumps(value).encode()
