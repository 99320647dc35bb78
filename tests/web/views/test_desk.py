"""The desk: shut without an account, shut to others, and nothing of it for listeners."""

import html
from collections.abc import Iterator
from dataclasses import replace
from functools import wraps
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.archive import Archive, journal
from radio.desk import accounts, passwords, sessions, team
from radio.desk.entrance import FREE, Brakes
from radio.web.gate import COOKIE, DEVICE, LARGEST
from tests.samples import SHOW, STREET, holding
from tests.visits import text, words
from tests.web.desks import OTHER_WORD as OTHER
from tests.web.desks import OWN, WORD, Clock, hidden
from tests.web.views.site import HERE

FOREIGN = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site", "Origin": HERE}, {}]
FOREIGN += [{"Origin": each} for each in ("https://other.example", "null", "http://[")]
OF_LISTENERS = {"mending.form", "counting.begun"}  # test_mending.py, test_counting.py in tests/web


@pytest.fixture
def clock(app: Flask) -> Clock:
    app.extensions["desk"].clock = clock = Clock()
    return clock


@pytest.fixture
def zoe(app: Flask, archive: Archive, clock: Clock) -> FlaskClient:
    accounts.add(archive.root, "Zoé", "keeper")
    link = accounts.invite(archive.root, "Zoé", clock())
    client = app.test_client()
    done = post(client, f"link/{link}", chosen=WORD, again=WORD)
    assert done.location.startswith("/desk?chosen=1")
    assert sign_in(client).status_code == 303
    return client


@pytest.fixture
def noe(app: Flask, archive: Archive, clock: Clock) -> FlaskClient:
    client = app.test_client()
    accounts.add(archive.root, "Noé", "rereader")
    app.extensions["desk"].accept(accounts.invite(archive.root, "Noé", clock()), WORD)
    assert sign_in(client, "Noé").status_code == 303
    return client


def post(client: FlaskClient, place: str, **fields: str) -> TestResponse:
    return client.post(f"/desk/{place}", data=fields, headers=OWN)


def sign_in(client: FlaskClient, name: str = "zoé", **fields: str) -> TestResponse:
    form = {"name": name, "password": WORD, "code": ""} | fields
    return post(client, "sign-in", **form)


def shown(client: FlaskClient) -> str:
    cookie = client.get_cookie(COOKIE)
    return cookie.value if cookie else ""


def posts(app: Flask) -> Iterator[tuple[str, str]]:
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint not in OF_LISTENERS:
            assert rule.endpoint.startswith("desk."), rule
            values = dict.fromkeys(rule.arguments, "x")
            admits = app.view_functions[rule.endpoint].__dict__["admits"]
            yield addresses.build(rule.endpoint, values), admits


def test_without_an_account_it_says_how_to_make_one(app: Flask, client: FlaskClient) -> None:
    page = client.get("/desk")
    words(page, 200, "radio user add NOM")
    assert "<form" not in page.text
    assert "Set-Cookie" not in page.headers
    words(client.get("/desk?lang=en"), 200, "radio user add NAME")
    for address, _admits in posts(app):
        for method in ("GET", "POST"):
            assert client.open(address, method=method, headers=OWN).status_code in (404, 405)


def test_views_are_reached_by_those_alone_whom_they_admit(
    app: Flask, archive: Archive, clock: Clock, zoe: FlaskClient, noe: FlaskClient
) -> None:
    """Every address × who sends it and how: each view says itself that it was reached."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "POST" in (rule.methods or ()) and rule.endpoint.startswith("desk."):
            app.view_functions[rule.endpoint] = wraps(view)(lambda **_: "reached")
    every, stranger, stale = dict(posts(app)), app.test_client(), app.test_client()
    stale.set_cookie(COOKIE, "no-session-of-ours")
    all_of_it, rereading = {*every}, {a for a, who in every.items() if who != "keeper"}
    open_ = {address for address, admits in every.items() if admits == "anybody"}
    assert all_of_it > rereading > open_ > set()

    def reached(client: FlaskClient, headers: dict[str, str] = OWN, token: str = "") -> set[str]:
        found, kept = set[str](), shown(client)
        for address in every:
            if kept:
                client.set_cookie(COOKIE, kept)
            asked = {"headers": headers, "data": {"token": token}, "query_string": {"token": token}}
            answer = client.post(address, **asked)
            assert (answer.status_code, answer.text == "reached") in ((200, True), (403, False))
            found |= {address} if answer.status_code == 200 else set()
        return found

    tokens = {each: accounts.digest(f"form {shown(each)}") for each in (zoe, noe)}
    assert (reached(zoe), reached(noe)) == (all_of_it, rereading)
    assert reached(stranger) == reached(stale) == open_
    assert reached(zoe, {}, tokens[zoe]) == all_of_it
    for token in ("", tokens[noe], accounts.digest("form "), "é"):
        assert reached(zoe, {}, token) == set()
    for headers in filter(None, FOREIGN):
        assert reached(zoe, headers, tokens[zoe]) == reached(stranger, headers) == set()
    assert reached(stranger, {}) == set()
    accounts.change(archive.root, "Zoé", lambda now: replace(now, role="rereader"))
    assert reached(zoe) == rereading
    accounts.change(archive.root, "Zoé", lambda now: replace(now, role="keeper"))
    sessions.end(archive.root, shown(noe), clock())
    assert reached(noe) == reached(noe, {}, tokens[noe]) | open_ == open_
    began = clock.now
    while clock.now < began + sessions.WHOLE - sessions.IDLE:  # never idle, and yet it ends
        clock.now += sessions.IDLE - 1
        assert zoe.get("/desk/account").status_code == 200
    clock.now = began + sessions.WHOLE
    assert (reached(zoe), reached(zoe, {}, tokens[zoe])) == (open_, set())
    assert sign_in(zoe).text == "reached"  # the view is one that says so: nobody was signed in
    zoe.set_cookie(COOKIE, app.extensions["desk"].sign_in("Zoé", WORD, ""))
    assert reached(zoe) == all_of_it
    clock.now += sessions.IDLE
    assert reached(zoe) == open_
    zoe.set_cookie(COOKIE, app.extensions["desk"].sign_in("Zoé", WORD, ""))
    team.send_away(archive.root, "Zoé")
    assert reached(zoe) == open_


def test_a_view_that_names_nobody_admits_nobody(
    app: Flask, zoe: FlaskClient, noe: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave, own, other = "/desk/sign-out", token_of(zoe), token_of(noe)  # of old browsers
    assert zoe.post(leave, data={"token": other}).status_code == 403
    assert zoe.post(leave, data={"token": own}).status_code == 303
    assert noe.post(leave, headers={"Origin": HERE}).status_code == 303
    assert sign_in(zoe).status_code == sign_in(noe, "Noé").status_code == 303
    view = app.view_functions["desk.account"]
    for admits, answers in (("rereader", [200, 200]), ("keeper", [200, 403]), ("", [403, 403])):
        monkeypatch.setitem(view.__dict__, "admits", admits)
        assert [each.get("/desk/account").status_code for each in (zoe, noe)] == answers


def token_of(client: FlaskClient) -> str:
    return client.get("/desk/account").text.partition('name="token" value="')[2][:64]


def test_words_outlive_the_session(zoe: FlaskClient) -> None:
    place, said = f"reply/{SHOW}/{STREET}?lang=fr", "Ce n’est pas ce que j’ai dit. " * 3
    asked = {"text": said, "author": "Zoé & <Co>", "act": "publish", "token": "x"}
    assert post(zoe, "sign-out").status_code == 303
    met = post(zoe, place, **asked)
    assert (met.status_code, f'action="/desk/{place}"' in met.text) == (403, True)
    assert f'rows="6">\n{said}</textarea>' in met.text
    assert 'name="author" value="Zoé &amp; &lt;Co&gt;"' in met.text
    assert 'name="token"' not in met.text
    for each in FOREIGN:
        assert said not in zoe.post(f"/desk/{place}", data=asked, headers=each).text
    for act in ("password", "codes"):
        page = post(zoe, "account", act=act, password=WORD, chosen=OTHER, again=OTHER)
        assert (page.status_code, WORD in page.text, OTHER in page.text) == (403, False, False)
    large = post(zoe, place, **asked | {"text": "x" * LARGEST})
    assert (large.status_code, "xxx" in large.text) == (403, False)


def test_the_cookie_and_what_answers_say_of_themselves(zoe: FlaskClient, app: Flask) -> None:
    before = shown(zoe)
    first, second = sign_in(zoe).headers.getlist("Set-Cookie")
    assert first == f"{COOKIE}={shown(zoe)}; Secure; HttpOnly; Path=/; SameSite=Strict"
    device = zoe.get_cookie(DEVICE, path="/desk")
    assert device and second.startswith(f"{DEVICE}={device.value}; Expires=")
    assert second.endswith("; Max-Age=15552000; Secure; HttpOnly; Path=/desk; SameSite=Strict")
    assert shown(zoe) != before
    expected = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    expected["X-Robots-Tag"] = "noindex, nofollow"
    for address in ("/desk", "/desk/account", "/desk/sign-in"):
        headers = zoe.get(address).headers
        assert dict(headers) | expected == dict(headers)
        assert "Cookie" in headers["Vary"]
    assert "Max-Age=0" in post(zoe, "sign-out").headers["Set-Cookie"]
    words(zoe.get("/desk"), 200, "Se connecter")
    kept = app.test_client()
    kept.set_cookie(COOKIE, before)
    assert not is_inside(kept)


def test_who_comes_in_lands_where_they_wanted(app: Flask, zoe: FlaskClient) -> None:
    client = app.test_client()
    for sought in ("/desk/account", "/desk/episodes?q=d%C3%A9coudre&page=1"):
        asked = client.get(client.get(sought).location)
        then = html.unescape(asked.text.partition('name="then" value="')[2].split('"')[0])
        assert client.get(sign_in(client, then=then).location).location == sought
        post(client, "sign-out")
    evil = "//other.example", "/desk//x", "https://x", "/desk/../x", "/search", "/desk\n", "/x"
    for then in (*evil, "/desk?\r\nX: y", "/desk?é", "/desk?a b"):
        assert sign_in(client, then=then).location == "/desk?signed=1"
    words(app.test_client().get("/desk?signed=1"), 200, "n’a pas gardé le cookie")


def test_guessing_is_told_to_wait(app: Flask, clock: Clock, zoe: FlaskClient) -> None:
    app.extensions["desk"]._brakes = Brakes(clock)
    client = app.test_client()
    for name in ("zoé", "personne"):
        for _try in range(FREE):
            wrong = sign_in(client, name, password=OTHER)
            words(wrong, 403, "Nom, mot de passe ou code faux.")
            assert "Set-Cookie" not in wrong.headers
        braked = sign_in(client, name)
        assert (braked.status_code, braked.headers["Retry-After"]) == (429, "1")
    assert is_inside(zoe)  # who is in stays in, and is not slowed
    assert (
        post(zoe, "account", act="password", password=WORD, chosen=OTHER, again=OTHER).status_code
        == 303
    )


def test_a_private_feed_says_what_waits_until_it_is_ended(
    app: Flask, archive: Archive, clock: Clock, zoe: FlaskClient, noe: FlaskClient
) -> None:
    entrance, reader = app.extensions["desk"], app.test_client()

    def opened(client: FlaskClient) -> str:
        page = html.unescape(post(client, "account", act="feed").text)
        return page.partition("<br><code>")[2].partition("</code>")[0]

    former, path = opened(zoe), opened(zoe)
    assert path.startswith(f"{HERE}/desk/feed/")
    secret = path.rpartition("/")[2].removesuffix(".xml")
    files = b"".join(each.read_bytes() for each in (archive.root / "desk").glob("*"))
    assert secret.encode() not in files and accounts.digest(secret).encode() in files
    answer = reader.get(path)
    told = {name: answer.headers[name] for name in ("Cache-Control", "X-Robots-Tag")}
    assert told == {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
    assert answer.content_type.startswith("application/rss+xml")
    channel = ElementTree.fromstring(answer.text)[0]  # noqa: S314 (our own)
    found = {each.findtext("title"): each.findtext("link") for each in channel.iter("item")}
    assert found["Il est temps de vérifier tous les fichiers"] == f"{HERE}/desk/status#disk"
    undated = "Épisodes dont le jour est inconnu ou deviné"
    episode = archive.episodes()[0]
    archive.write_episode(replace(episode, date_sure=False))
    assert (undated in reader.get(path).text, episode.title in reader.get(path).text) == (
        True,
        True,
    )
    assert undated not in reader.get(opened(noe)).text  # who rereads can't mend it
    assert reader.get(former).status_code == 404
    entrance._feeds = Brakes(clock)
    wrong = [reader.get(f"/desk/feed/{number}.xml") for number in range(40)]
    assert [each.status_code for each in wrong] == [404] * 30 + [429] * 10
    assert wrong[-1].headers["Retry-After"] == "1" and secret not in wrong[-1].text
    assert reader.get(path).status_code == 429  # as a right password
    assert sign_in(app.test_client()).status_code == 303  # whom that does not slow
    entrance._feeds = Brakes(clock)
    assert reader.get(path).status_code == 200
    post(zoe, "account", act="password", password=WORD, chosen=OTHER, again=OTHER)
    assert reader.get(path).status_code == 404
    last = opened(zoe)
    assert reader.get(last).status_code == 200
    post(zoe, "account", act="no-feed")
    assert reader.get(last).status_code == 404


def is_inside(client: FlaskClient) -> bool:
    return "Mon compte" in text(client.get("/desk"))


def test_codes_and_new_passwords_are_by_forms(
    app: Flask, clock: Clock, zoe: FlaskClient, noe: FlaskClient
) -> None:
    page = zoe.get("/desk/account").text
    assert '<svg aria-hidden="true"' in page
    secret, elsewhere = page.partition('name="secret" value="')[2][:32], app.test_client()
    form = {"act": "codes", "secret": secret, "password": WORD, "code": "000000"}
    again = post(zoe, "account", **form)
    assert (again.status_code, secret in again.text) == (403, True)
    endless = post(zoe, "account", **form | {"secret": "A" * 5000})
    assert (endless.status_code, "AAAA" in endless.text) == (403, False)
    form["code"] = passwords.code(secret, int(clock()) // passwords.STEP)
    assert post(zoe, "account", **form).status_code == 303
    assert sign_in(app.test_client()).status_code == 403
    assert post(zoe, "account", act="no-codes", password=WORD).status_code == 303
    sign_in(elsewhere)
    for code, password, *chosen in (
        (422, WORD, "court", "court"),
        (422, WORD, OTHER, WORD),
        (403, OTHER, OTHER, OTHER),
        (303, WORD, OTHER, OTHER),
    ):
        assert [is_inside(each) for each in (zoe, elsewhere, noe)] == [True, True, True]
        form = dict(zip(("password", "chosen", "again"), (password, *chosen), strict=True))
        assert post(zoe, "account", act="password", **form).status_code == code
    assert [is_inside(each) for each in (zoe, elsewhere, noe)] == [True, False, True]
    sign_in(elsewhere, password=OTHER)
    assert is_inside(elsewhere)
    assert post(zoe, "sign-out", everywhere="1").status_code == 303
    assert [is_inside(each) for each in (zoe, elsewhere, noe)] == [False, False, True]


def test_keepers_read_the_journal_and_rereaders_do_not(
    archive: Archive, app: Flask, zoe: FlaskClient, noe: FlaskClient
) -> None:
    facts = {"line": "<b>"}
    journal.note(archive.root, "withdraw", key=f"{SHOW}/x", facts=facts, who="Zoé", note="À part.")
    words(zoe.get("/desk"), 200, "&lt;b&gt;", "À part.", "a choisi un mot de passe")
    assert "À part." not in noe.get("/desk").text
    words(app.test_client().get("/desk/link/x"), 410, "une personne qui gère l’archive")
    assert sign_in(zoe, password="x" * LARGEST).status_code == 413


def test_no_address_of_a_visitor_is_kept(archive: Archive, app: Flask, zoe: FlaskClient) -> None:
    told = {"User-Agent": "canary-browser", "X-Forwarded-For": "203.0.113.77"} | OWN
    there = {"REMOTE_ADDR": "127.0.0.7"}
    for name, word in (("canary-name", "canary-password"), ("Zoé", WORD)):
        form = {"name": name, "password": word}
        app.test_client().post("/desk/sign-in", data=form, headers=told, environ_base=there)
    assert holding(archive.root, "canary-", "203.0.113.77", "127.0.0.7") == set()


def test_keepers_invite_and_send_away_by_their_own_password(
    archive: Archive,
    app: Flask,
    zoe: FlaskClient,
    noe: FlaskClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody comes in because a keeper left a browser open; nobody sends the last keeper away."""

    def ask(client: FlaskClient, own: str = WORD, **asked: str) -> TestResponse:
        seen = hidden(post(client, "team", **asked)).get("seen", "")
        return post(client, "team", **asked, sure="1", seen=seen, password=own)

    new = {"act": "invite", "name": "Ana", "role": "keeper"}
    for wrong in ("", OTHER):
        words(ask(zoe, wrong, **new), 409, "Rien n’a été fait")
    assert post(noe, "team", **new).status_code == ask(noe, **new).status_code == 403
    assert accounts.account(archive.root, "Ana") is None
    words(ask(zoe, **new | {"name": "NOÉ"}), 422, "a déjà un compte")
    words(ask(zoe, **new | {"name": "/"}), 422, "40 lettres")
    page = ask(zoe, **new)
    words(page, 200, "Pour Ana", "ne sera plus montré")
    token = page.text.partition("/desk/link/")[2].partition("<")[0]
    assert not holding(archive.root, token)
    assert token not in zoe.get("/desk/team").text + caplog.text
    gone = {"act": "remove", "name": "Zoé", "role": "keeper"}
    words(ask(zoe, **gone), 422, "plus personne ne pourrait gérer l’archive")  # Ana is not in yet
    ana = app.test_client()
    assert post(ana, f"link/{token}", chosen=OTHER, again=OTHER).status_code == 303
    assert sign_in(ana, "Ana", password=OTHER).status_code == 303
    link = {"act": "link", "name": "Noé", "role": "rereader"}
    other = words(ask(zoe, **link), 200, "Pour Noé").partition("/desk/link/")[2].split()[0]
    assert noe.get("/desk").status_code == app.test_client().get(f"/desk/link/{other}").status_code
    assert ask(zoe, **link | {"act": "remove"}).status_code == 303
    assert "Se déconnecter" not in noe.get("/desk").text
    assert app.test_client().get(f"/desk/link/{other}").status_code == 410
    assert ask(zoe, **gone).status_code == 303
    assert "Se déconnecter" not in zoe.get("/desk").text
    words(ana.get("/desk/team"), 200, "Ana", "responsable")
    told = [(each.who, each.line) for each in journal.entries(archive.root)[:3]]
    assert [who for who, _line in told] == ["Zoé"] * 3
    assert [line.partition(":")[0] for _who, line in told] == ["Zoé", "Noé", "Noé"]
    for _try in range(FREE):
        ask(ana, "x", **new | {"name": "Bob"})
    words(ask(ana, OTHER, **new | {"name": "Bob"}), 409, "trop d’essais")
