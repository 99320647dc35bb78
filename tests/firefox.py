"""A real Firefox, as in Tor Browser, by WebDriver BiDi: https://w3c.github.io/webdriver-bidi/."""

import contextlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

from tests.patience import LONG, until

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://127\.0\.0\.1:\d+)")
TAB, ENTER, DOWN = "\ue004", "\ue007", "\ue015"
QUIET = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "captivedetect.canonicalURL": "",
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.disable_beforeunload": True,
    "extensions.update.enabled": False,
    "intl.accept_languages": "fr-FR, fr",
    "media.volume_scale": "0.0",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.server": "",
}
"""Firefox asks nobody but the site, nor whether to leave a page."""


class Firefox:
    """One window of Firefox, on one page at a time."""

    def __init__(self, socket: ClientConnection):
        self._socket, self._last, self.clicks = socket, 0, 0
        self.ask("session.new", capabilities={})
        (first,) = self.ask("browsingContext.getTree")["contexts"]
        self._context = first["context"]

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=LONG))
            if answer.get("id") == self._last:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result

    def go(self, address: str) -> Self:
        """Open a page, and wait until it is there whole."""
        context = self._context
        self.ask("browsingContext.navigate", context=context, url=address, wait="complete")
        return self

    def size(self, width: int, height: int) -> Self:
        room = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self._context, viewport=room)
        return self

    def evaluate(self, expression: str) -> Any:
        """Give what a script of ours finds on the page, as JSON; it runs without JavaScript too."""
        asked = f"JSON.stringify(({expression}) ?? null)"
        target = {"context": self._context, "sandbox": "tests"}
        said = self.ask("script.evaluate", expression=asked, target=target, awaitPromise=False)
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return json.loads(said["result"]["value"])

    def wait_until(self, condition: str) -> None:
        until(lambda: self._holds(condition), lambda: condition)

    def _holds(self, condition: str) -> bool:
        with contextlib.suppress(AssertionError):  # the page is about to be another one
            return bool(self.evaluate(condition))
        return False

    def find(self, selector: str) -> list[dict[str, Any]]:
        """Find elements by CSS, without any script."""
        sought = {"type": "css", "value": selector}
        found = self.ask("browsingContext.locateNodes", context=self._context, locator=sought)
        nodes: list[dict[str, Any]] = found["nodes"]
        return nodes

    def click(self, selector: str) -> None:
        """Press the middle of the first element that a selector finds, as a hand would."""
        self.clicks += 1
        node = until(lambda: self.find(selector), lambda: selector)[0]
        self._bring(node)
        origin = {"type": "element", "element": {"sharedId": node["sharedId"]}}
        move = {"type": "pointerMove", "x": 0, "y": 0, "origin": origin}
        press = {"type": "pointerDown", "button": 0}
        self._act("pointer", move, press, {"type": "pointerUp", "button": 0})

    def _bring(self, node: dict[str, Any]) -> None:
        """Scroll to an element: by a script of ours, which runs where pages have none, too."""
        script = "(it) => it.scrollIntoView({block: 'center', behavior: 'instant'})"
        told = {"target": {"context": self._context, "sandbox": "tests"}, "awaitPromise": False}
        told["arguments"] = [{"sharedId": node["sharedId"]}]
        self.ask("script.callFunction", functionDeclaration=script, **told)

    def choose(self, selector: str, path: Path) -> None:
        """Choose a file in a field: the window of the system for that has no keys of ours."""
        element = {"sharedId": self.find(selector)[0]["sharedId"]}
        self.ask("input.setFiles", context=self._context, element=element, files=[str(path)])

    def press(self, keys: str) -> None:
        strokes = ({"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp"))
        self._act("key", *strokes)

    def _act(self, device: str, *actions: dict[str, Any]) -> None:
        source = {"type": device, "id": device, "actions": list(actions)}
        self.ask("input.performActions", context=self._context, actions=[source])


@contextlib.contextmanager
def started(*, script: bool = True, is_dark: bool = False) -> Iterator[Firefox]:
    """Start Debian's Firefox in a profile of its own, with JavaScript or without; end it after."""
    path = shutil.which("firefox-esr")
    assert path, "install Firefox: apt-get install firefox-esr"
    with tempfile.TemporaryDirectory() as profile:
        own = {"javascript.enabled": script, "ui.systemUsesDarkTheme": int(is_dark)}
        preferences = map(json.dumps, (QUIET | own).items())
        lines = "".join(f"user_pref({each[1:-1]});\n" for each in preferences)
        Path(profile, "user.js").write_text(lines, encoding="utf-8")
        words = [path, "--headless", "--no-remote", "--profile", profile]
        words += ["--remote-debugging-port=0"]
        env = {"HOME": profile, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        pipe, none = subprocess.PIPE, subprocess.DEVNULL
        process = subprocess.Popen(words, env=env, stderr=pipe, stdout=none, text=True)
        try:
            # No pings: their thread draws from `random` while Hypothesis does, which it takes for
            # an error of the test that runs then.
            with connect(
                f"{door(process)}/session", max_size=None, proxy=None, ping_interval=None
            ) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.wait(LONG)
            assert process.stderr
            process.stderr.close()


def door(process: "subprocess.Popen[str]") -> str:
    assert process.stderr
    for line in process.stderr:
        if found := LISTENING.search(line):
            return found[1]
    raise AssertionError("Firefox ended before it listened")
