"""The plugin on a real WordPress, with PHP and MariaDB: what its pages show, call and keep."""

import contextlib
import gzip
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive
from radio.archive.episode import Show
from tests.patience import until
from tests.processes import free_port, running, wait_for
from tests.samples import CITY, MEMORY, ROOT, STREET, put
from tests.servers import CHUNKED, OK, Act, byte_by_byte, forever, get, serving
from tests.tables import for_each
from tests.torture.air import YEAR, on_days_of_year, year
from tests.visits import faults, watch
from tests.web.sites import visit

pytestmark = pytest.mark.torture

PLUGIN = ROOT / "deploy" / "wordpress" / "radio-archive" / "radio-archive.php"
DEBIAN = Path("/usr/share/wordpress")
PHP = shutil.which("php") or "php"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> [caption]x[/caption] &amp;"
SETTINGS = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:SOCKET'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', 'ADDRESS'); define('WP_SITEURL', 'ADDRESS'); define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true); define('FS_METHOD', 'direct');
define('WP_DEBUG', true); define('WP_DEBUG_LOG', 'LOG'); define('WP_DEBUG_DISPLAY', false);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Radio', 'keeper', 'keeper@radio.example', false, '', 'secret of a test');
"""
UPLOAD = """
require ABSPATH . 'wp-admin/includes/admin.php';
require ABSPATH . 'wp-admin/includes/class-wp-upgrader.php';
$done = (new Plugin_Upgrader(new Automatic_Upgrader_Skin()))->install('ZIP');
$failed = activate_plugin('radio-archive/radio-archive.php');
if ($done !== true || $failed) { var_dump($done, $failed, get_plugins()); exit(1); }
"""
REMOVE = """
require ABSPATH . 'wp-admin/includes/admin.php';
deactivate_plugins('radio-archive/radio-archive.php');
uninstall_plugin('radio-archive/radio-archive.php');
"""


@dataclass(frozen=True)
class WordPress:
    """A WordPress in a folder, at work on a port."""

    folder: Path
    port: int

    def php(self, code: str, *options: str) -> str:
        """Run some PHP inside of it, and give what that writes."""
        before = "" if code != INSTALL else "define('WP_INSTALLING', true);"
        whole = f"{before} require '{self.folder}/site/wp-load.php'; {code}"
        command = [PHP, *options, "-r", whole]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def use(self, address: str, locale: str = "") -> None:
        """Have it ask another archive, of which nothing is kept, in the language of a locale."""
        self.php(
            f"RadioArchive\\forget(); update_option('radio_archive_address', '{address}');"
            f"update_option('WPLANG', '{locale}'); update_option('date_format', 'j F Y');"
        )

    def write(self, content: str) -> int:
        """Publish a page, and give its number."""
        post = {"post_type": "page", "post_status": "publish", "post_title": "Nos émissions"}
        given = json.dumps({**post, "post_content": content})
        code = f"echo wp_insert_post(wp_slash(json_decode(<<<'J'\n{given}\nJ, true)));"
        return int(self.php(code))

    def read(self, number: int) -> str:
        """Give what the plugin wrote in a page."""
        status, page = get(self.port, f"/?page_id={number}")
        assert status == 200
        parts = re.findall(r'<div class="radio-archive.*?</div>', page.decode(), re.DOTALL)
        return "\n".join(parts)

    def show(self, content: str) -> str:
        return self.read(self.write(content))

    def age(self) -> None:
        """Let five minutes go by for what is kept."""
        self.php(
            'global $wpdb; foreach ($wpdb->get_col("SELECT option_name FROM $wpdb->options'
            " WHERE option_name LIKE '\\_transient\\_radio%'\") as $name) {"
            "$kept = get_option($name); if (is_array($kept)) { $kept['at'] -= 301;"
            "update_option($name, $kept); } }"
        )

    def kept(self) -> str:
        """Give the options that are left of the plugin, by name."""
        return self.php(
            "global $wpdb; echo implode(' ', $wpdb->get_col(\"SELECT option_name FROM"
            " $wpdb->options WHERE option_name LIKE '%radio_archive%'\"));"
        )

    def log(self) -> list[str]:
        """Give what PHP has to say of the plugin."""
        path = self.folder / "debug.log"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line for line in lines if "radio-archive" in line]


@contextlib.contextmanager
def database(folder: Path) -> Iterator[Path]:
    """Run MariaDB with all its files in a folder and no port; give its socket."""
    user = ["--user=root"] if os.geteuid() == 0 else []
    made = ["mariadb-install-db", "--no-defaults", f"--datadir={folder}/data", *user]
    made += ["--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(made, check=True, capture_output=True)
    path, socket = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin"), folder / "sock"
    assert path
    command = [path, "--no-defaults", f"--datadir={folder}/data", f"--socket={socket}", *user]
    command += ["--skip-networking", f"--pid-file={folder}/pid", f"--log-error={folder}/errors"]
    with subprocess.Popen(command) as process:
        try:
            create = ["mariadb", f"--socket={socket}", "--user=root", "-e"]
            create += ["CREATE DATABASE wordpress"]

            def answers() -> bool:
                return subprocess.run(create, capture_output=True, check=False).returncode == 0

            until(answers, (folder / "errors").read_text)
            yield socket
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def wordpress(tmp_path_factory: pytest.TempPathFactory, shows: Archive) -> Iterator[WordPress]:
    """Install WordPress, then the plugin as people do: by the ZIP that an archive gives."""
    missing = [each for each in ("php", "mariadb-install-db") if not shutil.which(each)]
    assert DEBIAN.is_dir() and not missing, "install what `torture` of the Makefile names: DEBIAN"
    folder, port = tmp_path_factory.mktemp("wordpress"), free_port()
    site, address = folder / "site", f"http://127.0.0.1:{port}"
    shutil.copytree(DEBIAN, site, ignore_dangling_symlinks=True)
    archived = folder / "radio-archive.zip"
    archived.write_bytes(visit(shows).get("/download/radio-archive.zip").data)
    with database(folder) as socket:
        text = SETTINGS.replace("SOCKET", str(socket)).replace("ADDRESS", address)
        (site / "wp-config.php").write_text(text.replace("LOG", f"{folder}/debug.log"))
        made = WordPress(folder, port)
        made.php(INSTALL)
        made.php(UPLOAD.replace("ZIP", str(archived)))
        command = [PHP, "-S", f"127.0.0.1:{port}", "-t", str(site)]
        with (
            (folder / "visits").open("w") as visits,
            subprocess.Popen(
                command, stderr=visits, env=os.environ | {"PHP_CLI_SERVER_WORKERS": "3"}
            ) as process,
        ):
            try:
                wait_for(f"{address}/wp-login.php", process)
                yield made
            finally:
                process.terminate()


@pytest.fixture(scope="module")
def shows(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive of three episodes in two shows: one with a title that harms, one of a month."""
    archive = Archive(tmp_path_factory.mktemp("shows"))
    archive.create()
    archive.write_show(Show("emission", "La ville", station="Radio"))
    archive.write_show(Show("autre", "Autre"))
    put(archive, STREET, title=HOSTILE, description="Un **mot** [lien](javascript:alert(1)).")
    put(archive, CITY, title="La ville", date_precision="month")
    put(archive, MEMORY, "autre", title="Garder", date_sure=False)
    return archive


def block(**attributes: object) -> str:
    return f"<!-- wp:radio-archive/show {json.dumps(attributes)} /-->"


TAGS = {
    *(
        "div",
        "ul",
        "li",
        "h2",
        "p",
        "a",
        "audio",
        "time",
        "span",
        "article",
        "strong",
        "q",
        "blockquote",
    ),
    *("form", "label", "br", "input", "button"),
}
ATTRIBUTES = {
    *("class", "lang", "href", "src", "datetime", "controls", "preload", "style", "aria-label"),
    *("role", "method", "action", "for", "type", "id", "name", "maxlength", "value"),
}


class Parts(HTMLParser):
    """What a browser makes of what the plugin wrote: tags, names of attributes, addresses."""

    def __init__(self, written: str):
        super().__init__()
        self.tags, self.attributes, self.called = set[str](), set[str](), set[str]()
        self.feed(written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.called |= {value or "" for name, value in attrs if name in ("href", "src", "action")}


def harmless(written: str, site: str) -> None:
    """Only such tags and attributes, and no address but of the archive; no shortcode either."""
    parts = Parts(written)
    assert parts.tags <= TAGS and parts.attributes <= ATTRIBUTES, written
    assert [each for each in parts.called if not each.startswith(f"{site}/") and each != site] == []
    assert "[" not in written


def test_php_takes_the_plugin() -> None:
    done = subprocess.run([PHP, "-l", PLUGIN], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_page_of_the_radio_shows_its_archive_and_asks_once(
    wordpress: WordPress, shows: Archive
) -> None:
    root, latest = str(shows.root), block(show="emission", number=2, level=2)
    with running("serve", "--root", root, idle=root) as site:
        wordpress.use(site, "fr_FR")
        page = f"/shows/emission/{STREET}"
        one, said = block(episode=f"{site}{page}?t=3"), block(words="micros", number=1)
        written = {
            "short": wordpress.show('[radio_archive show="emission" number="2" level="2"]'),
            "latest": wordpress.show(latest),
            "all": wordpress.show("[radio_archive]"),
            "one": wordpress.show(one),
            "said": wordpress.show(said),
            "search": wordpress.show(block(view="search", show="emission")),
            "gone": wordpress.show('[radio_archive episode="emission/2020-01-01-rien"]'),
        }
        number = wordpress.write(latest)
        wordpress.read(number)
    for text in written.values():
        harmless(text, site)
    short, listed = written["short"], written["latest"]
    assert re.sub(r"\s", "", short) == re.sub(r"\s", "", listed)
    assert f'<h2 lang="fr"><a href="{site}/shows/emission/{CITY}">La ville</a></h2>' in listed
    assert re.search(r'<time datetime="2024-02" lang="[\w-]+">\w+ 2024</time>', listed)
    assert "1 min" in listed and listed.count("<li>") == 2
    assert (
        '<audio controls preload="none"' in listed and f"{site}/media/emission/{CITY}.mp3" in listed
    )
    assert "&lt;script&gt;" in listed and "&#x5B;caption&#x5D;" in listed
    assert "Garder" in written["all"] and "2024-03" not in re.sub('"[^"]*"', "", written["all"])
    assert "<strong>mot</strong>" in written["one"] and "Lire ce qui est dit" in written["one"]
    assert "<q>" in written["said"] and f"{site}{page}?t=" in written["said"]
    assert (
        f'action="{site}/search"' in written["search"] and 'value="emission"' in written["search"]
    )
    assert "n’est plus" in written["gone"]
    # The archive is no longer there: what was asked for is still shown, at once, and the rest told.
    wordpress.age()
    began = time.monotonic()
    assert wordpress.read(number) == listed
    fails = wordpress.show('[radio_archive show="autre"]')
    assert "ne répond pas" in fails and f'href="{site}"' in fails
    assert time.monotonic() - began < 20
    assert wordpress.log() == []


def test_a_second_page_asks_nothing_and_what_is_withdrawn_goes(wordpress: WordPress) -> None:
    asked, given = list[str](), [{"key": "a/b", "title": "Dite", "audio": "/a.mp3", "page": "/b"}]

    def answer(path: str) -> Iterator[bytes]:
        yield OK + b"\r\n" + json.dumps({"episodes": given}).encode()

    with serving(answer, asked=asked) as site:
        wordpress.use(site)
        number = wordpress.write("[radio_archive]" + block())
        assert wordpress.read(number).count(f'src="{site}/a.mp3"') == 2
        wordpress.read(number)
        assert len(asked) == 1 and "127.0.0.1" not in asked[0].partition("Host:")[0]
        given.clear()
        wordpress.age()
        assert "Dite" not in wordpress.read(number)
        assert len(asked) == 2
    assert "radio_archive_address" in wordpress.kept()


LIES: dict[str, Any] = {
    "third": {"title": "T", "page": "https://evil.example/", "audio": "//evil.example/a.mp3"},
    "user": {"title": "T", "page": "http://127.0.0.1:80@evil.example/", "audio": "data:audio/mp3,"},
    "kinds": {"title": ["T"], "page": 3, "audio": {}, "date": [], "duration": "1e999", "key": None},
    "tags": {
        "title": HOSTILE,
        "language": '"><script>',
        "date": '2024-01-01"><b>',
        "show_title": "<b>",
    },
    "deep": {
        "description_html": '<iframe src="//evil.example"></iframe><p on=1>',
        "passages": [{"url": "https://evil.example/", "text": HOSTILE, "start": "<b>"}],
        "replies": [{"text": HOSTILE, "author": HOSTILE, "date": []}],
        "rights": {"reason": HOSTILE},
    },
}


def test_an_archive_that_lies_harms_no_page(wordpress: WordPress) -> None:
    def answer(path: str) -> Iterator[bytes]:
        given = LIES["deep"] | LIES["tags"] if "/episodes/" in path else None
        content = given or {"episodes": [*LIES.values(), "none", None, 7]}
        yield OK + b"\r\n" + json.dumps(content).encode()

    with serving(answer) as site:
        wordpress.use(site)
        for asked in (block(), block(episode="a/b"), '[radio_archive words="x"]'):
            harmless(wordpress.show(asked), site)
        assert "Right of reply" in wordpress.show(block(episode="a/b"))  # the law has it shown
        for view in ("latest", "search", '"><b>'):
            harmless(wordpress.show(block(show='"><script>x</script>', view=view, level="x")), site)
    assert wordpress.log() == []


def hang(_: str) -> Iterator[bytes]:
    time.sleep(30)
    yield b""


@for_each("transport", ((), ("-d", "disable_functions=curl_init")))  # curl; PHP's own sockets
def test_an_archive_that_never_ends_holds_no_page_up(
    wordpress: WordPress, transport: tuple[str, ...]
) -> None:
    bomb = gzip.compress(b"[" * 300_000_000, 1)
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    moved = b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
    inner, ask = list[str](), "echo do_shortcode(str_repeat('[radio_archive]', 4));"
    with serving(lambda _: iter([OK + b"\r\n{}"]), asked=inner) as private:
        answers: dict[str, tuple[Act, float]] = {
            "drips": (lambda _: byte_by_byte(OK + b"\r\n" + b" " * 10_000), 0.1),
            "endless": (lambda _: forever(CHUNKED + b"10000\r\n" + b" " * 65536 + b"\r\n"), 0.0),
            "hangs": (hang, 0.0),
            "closes": (lambda _: iter([]), 0.0),
            "unpacks": (lambda _: iter([head + bomb]), 0.0),
            "leads away": (lambda _: iter([moved % private.encode()]), 0.0),
        }
        for name, (act, pause) in answers.items():
            with serving(act, pause) as site:
                wordpress.use(site)
                began = time.monotonic()
                told = wordpress.php(ask, "-d", "memory_limit=128M", *transport)
                assert told.count("does not answer") == 4, name
                assert time.monotonic() - began < 12, name
    assert inner == [] and wordpress.log() == []


def test_a_keeper_sets_the_address_and_puts_a_block_in_a_page(
    wordpress: WordPress, shows: Archive, page: Page, browser: Browser
) -> None:
    root, home = str(shows.root), f"http://127.0.0.1:{wordpress.port}"
    with running("serve", "--root", root, idle=root) as site:
        wordpress.use("", "fr_FR")
        page.goto(f"{home}/wp-login.php")
        page.locator("#user_login").fill("keeper")
        page.locator("#user_pass").fill("secret of a test")
        page.locator("#wp-submit").click()
        page.goto(f"{home}/wp-admin/options-general.php?page=radio-archive")
        field = page.get_by_label("Adresse de l’archive")
        for typed, told in (("javascript:alert(1)", "rien n’est changé"), (site, "3 épisodes")):
            field.fill(typed)
            page.locator("#submit").click()
            expect(page.locator("#wpbody")).to_contain_text(told)
        number = wordpress.write(block(view="latest"))
        page.goto(f"{home}/wp-admin/post.php?post={number}&action=edit")
        page.evaluate(
            "wp.data.dispatch('core/preferences').set('core/edit-post','welcomeGuide',false)"
        )
        canvas = page.frame_locator("iframe[name=editor-canvas]")
        expect(canvas.locator(".radio-archive li")).to_have_count(3)
        chosen = "wp.data.select('core/block-editor').getBlocks()[0].clientId"
        page.evaluate(f"wp.data.dispatch('core/block-editor').selectBlock({chosen})")
        page.get_by_label("Montrer").select_option("episode")
        page.get_by_label("Épisode (adresse de sa page)").fill(f"{site}/shows/emission/{CITY}")
        expect(canvas.locator(".radio-archive article")).to_contain_text("La ville")
        page.evaluate("wp.data.dispatch('core/editor').savePost()")
        until(lambda: "<article>" in wordpress.read(number))
        stranger = browser.new_page()
        requests, messages = watch(stranger)
        stranger.goto(f"{home}/?page_id={number}")
        expect(stranger.locator("audio")).to_be_visible()
        stranger.wait_for_load_state("networkidle")
        own = (home, f"blob:{home}")
        assert [each for each in requests if not each.startswith(own)] == []
        theme = "document.querySelectorAll('header, footer').forEach((each) => each.remove())"
        stranger.evaluate(theme)
        assert (messages, faults(stranger)) == ([], "")
        stranger.locator("audio").evaluate("audio => audio.play()")
        until(lambda: any(each.startswith(f"{site}/media/") for each in requests))
        stranger.goto(f"{home}/wp-admin/options-general.php?page=radio-archive")
        expect(stranger.locator("#loginform")).to_be_visible()
        stranger.close()


def test_an_address_alone_in_a_page_becomes_a_player_that_is_dressed(
    wordpress: WordPress, shows: Archive, page: Page
) -> None:
    """WordPress puts whom it does not know in a sandbox: there even its own style is foreign."""
    root = str(shows.root)
    with running("serve", "--root", root, idle=root) as site:
        port, address = site.rpartition(":")[2], f"{site}/shows/emission/{CITY}?t=2"
        known = f"add_filter('http_allowed_safe_ports', fn() => [{port}]);"  # else 80, 443 and 8080
        frame = wordpress.php(f"{known} echo wp_oembed_get('{address}');")
        assert f'src="{site}/embed/emission/{CITY}?t=' in frame and "sandbox" in frame
        page.goto(f"http://127.0.0.1:{wordpress.port}/")
        _, messages = watch(page)
        page.evaluate("(html) => { document.body.innerHTML = html; }", frame)
        player = page.frame_locator("iframe")
        expect(player.locator("h1 a")).to_have_css("font-family", re.compile("Radio Serif"))
        audio = player.locator("audio")
        audio.evaluate("(audio) => audio.play()")
        until(lambda: audio.evaluate("(audio) => audio.currentTime") > 0)
        assert messages == []


def test_the_last_act_leaves_nothing(wordpress: WordPress) -> None:
    wordpress.use("http://127.0.0.1:9")
    wordpress.show("[radio_archive]")
    assert "_transient_radio_archive_silent" in wordpress.kept()
    wordpress.php(REMOVE)
    assert wordpress.kept() == ""


def test_a_year_of_a_small_station_is_in_its_feeds_and_on_its_page(
    wordpress: WordPress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the air, by grids with holidays, to drafts, feeds and the page: it takes ten minutes."""
    monkeypatch.setitem(os.environ, "TZ", "Europe/Paris")
    time.tzset()
    archive = Archive(tmp_path / "archive")
    archive.root.mkdir()
    archive.create()
    counts, days = year(archive, tmp_path), {slug: on_days_of_year(slug) for slug in YEAR}
    assert counts["taken"] == sum(map(len, days.values())) and not counts["missed"]
    episodes = archive.episodes()
    assert len(episodes) == counts["taken"] - counts["deleted"]
    assert all(each.status == "published" and each.date in days[each.show] for each in episodes)
    with running("serve", "--root", str(archive.root), idle=str(archive.root)) as site:
        port = int(site.rpartition(":")[2])
        for slug in YEAR:
            _status, feed = get(port, f"/shows/{slug}/feed.xml")
            assert feed.count(b"<item>") == sum(each.show == slug for each in episodes)
        wordpress.use(site, "fr_FR")
        written = wordpress.show("[radio_archive]")
    harmless(written, site)
    for each in sorted(episodes, key=lambda each: each.date)[-5:]:
        assert f"{site}/shows/{each.key}" in written
    monkeypatch.undo()
    time.tzset()
