"""Attacks on the studio: each way in which a page of another site, or a stranger, might use it is tried and refused."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from pellucid.server.studio.app import create
from pellucid.server.studio.guard import BODY_LIMIT, upload_limit
from pellucid.server.studio.state import Studio

TOKEN = "a-token-of-this-test"
BASE = "http://127.0.0.1:8601"
PREDICT = "/api/rooms/spam_detector/runs/bundled/predict"


@pytest.fixture
def app(tmp_path):
    studio = Studio(tmp_path / "runs")
    yield create(studio, token=TOKEN)
    studio.close()


@pytest.fixture
def stranger(app):
    """A client without the token."""
    return TestClient(app, base_url=BASE, raise_server_exceptions=False)


@pytest.fixture
def page(stranger):
    """Our own page: it has the cookie, and its browser names the origin."""
    assert stranger.get("/", params={"token": TOKEN}).status_code == 200
    stranger.headers["Origin"] = BASE
    return stranger


def test_the_page_itself_may(page):
    answer = page.post(PREDICT, json={"inputs": ["hello there"]})
    assert answer.status_code == 200
    assert answer.json()["answers"][0]["label"] in ("ham", "spam")


@pytest.mark.parametrize("path", ["/", "/api/course", "/api/rooms/spam_detector", "/spam_detector/look", "/assets/x/y"])
def test_without_the_token_there_is_nothing(stranger, path):
    answer = stranger.get(path)
    assert answer.status_code == 401
    assert "pellucid studio" in answer.text


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "\0", "ä"])
def test_another_token_does_not_help(stranger, token):
    assert stranger.get("/api/course", params={"token": token}).status_code == 401
    bearer = f"Bearer {token}".encode("utf-8", "replace")
    assert stranger.get("/api/course", headers={"Authorization": bearer}).status_code == 401
    stranger.cookies.set("pellucid_8601", "wrong")
    assert stranger.get("/api/course").status_code == 401


def test_the_token_leaves_the_url_for_a_cookie_that_scripts_and_other_sites_cannot_have(stranger):
    answer = stranger.get("/spam_detector/look", params={"token": TOKEN, "input": "a b"}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/spam_detector/look?input=a+b"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert cookie.startswith("pellucid_8601=")  # two studios on one machine do not take each other's


def test_the_way_in_leads_nowhere_else(stranger):
    """No open redirect: `//evil.example` after the host would be another site."""
    answer = stranger.get(f"{BASE}//evil.example/?token={TOKEN}", follow_redirects=False)
    assert answer.headers["location"].startswith("/")
    assert not answer.headers["location"].startswith("//")


def test_a_program_may_show_the_token_itself(stranger):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert stranger.get("/api/course", headers=headers).status_code == 200
    assert stranger.post(PREDICT, json={"inputs": ["hello"]}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8601", "127.0.0.1.evil.example", "localhost.evil.example", "evil@127.0.0.1",
     "127.0.0.1:x", "", "[::1", "127.0.0.1/evil", "xn--localhost-", "2130706433.example"],
)  # fmt: skip
def test_dns_rebinding_another_name_for_this_address_is_refused(page, host):
    answer = page.get("/api/course", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.json()["detail"][0]["code"] == "host"


@pytest.mark.parametrize("host", ["127.0.0.1:8601", "localhost:8601", "LOCALHOST", "[::1]:8601", "192.168.1.7:8601"])
def test_names_of_this_machine_and_addresses_are_not(page, host):
    assert page.get("/api/course", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://localhost:8601"},  # the page was opened at 127.0.0.1: another origin
        {"Origin": "https://127.0.0.1:8601"},
        {"Origin": BASE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": BASE, "Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", PREDICT), ("DELETE", "/api/rooms/spam_detector/runs/x")])
def test_changes_that_come_from_another_site_are_refused(page, method, path, headers):
    answer = page.request(method, path, json={"inputs": ["hello"]}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["detail"][0]["code"] == "origin"


def test_changes_without_an_origin_need_the_token_itself(page):
    """A form or a script of an old browser sends the cookie and no origin."""
    del page.headers["Origin"]
    assert page.post(PREDICT, json={"inputs": ["hello"]}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/api/rooms/spam_detector/runs/..%2f..%2fetc", "/api/rooms/..%2f..%2fx/runs", "/api/traces/..%2f..%2fpasswd",
     "/api/traces/%2e%2e", "/assets/%2e%2e/%2e%2e/etc/passwd", "/api/rooms/spam_detector/runs/.studio/log",
     "/api/rooms/spam_detector/runs/a%00b", "/api/rooms/spam_detector/runs/" + "x" * 5000],
)  # fmt: skip
def test_no_path_leads_out(page, path):
    answer = page.get(path)
    assert answer.status_code in (404, 405)
    assert "root:" not in answer.text


def test_assets_are_only_those_of_the_studio(page, app):
    version = next(url for url in page.get("/").text.split('"') if url.startswith("/assets/")).split("/")[2]
    assert page.get(f"/assets/{version}/app.js").status_code == 200
    for name in ("../server/studio/guard.py", "assets.py", "page.py", "%2e%2e/cli.py", "package.json", ""):
        assert page.get(f"/assets/{version}/{name}").status_code == 404


def test_the_page_may_load_nothing_from_elsewhere_and_run_no_other_script(page):
    policy = page.get("/").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert "http" not in policy.replace("https:", "http:")
    assert rules["script-src"].count("'sha256-") == 2
    assert rules["img-src"] == "'self' data: blob:"  # pictures that are drawn or chosen
    assert "media-src" not in rules  # what the camera sees comes by no address


@pytest.mark.parametrize("path", ["/", "/api/course", "/api/nothing", PREDICT])
def test_every_answer_has_the_headers_that_keep_others_out(page, path):
    headers = page.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["permissions-policy"] == "camera=(self), microphone=(), geolocation=()"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
    assert headers["cache-control"] == "no-store"


def test_a_body_is_counted_while_it_arrives_whatever_its_header_said(page):
    def endless():
        for _ in range(100):
            yield b" " * 100_000

    answer = page.post(PREDICT, content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["detail"][0]["limit"] == BODY_LIMIT
    assert upload_limit(PREDICT) == BODY_LIMIT
    assert upload_limit("/api/rooms/x/runs/y/predict-file") == 50_000_000


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"", "application/json"), (b"{", "application/json"), (b"\xff\xfe", "application/json"), (b"[]", "text/plain"),
     (b'{"inputs": []}', "application/json"), (b'{"inputs": ["a"], "more": 1}', "application/json"),
     (b'{"inputs": [7]}', "application/json"), (b'{"inputs": [""]}', "application/json"),
     (b'{"inputs": ["\\ud800"]}', "application/json"), (b'{"inputs": [NaN]}', "application/json"),
     (b"[" * 100_000, "application/json")],
)  # fmt: skip
def test_bad_bodies_are_refused_with_a_problem(page, body, kind):
    answer = page.post(PREDICT, content=body, headers={"Content-Type": kind})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["detail"][0]["message"]


def test_unknown_addresses_answer_in_the_same_shape(page):
    for path in ("nothing", "rooms/nothing", "rooms/translator", "rooms/spam_detector/runs/nothing"):
        answer = page.get(f"/api/{path}")
        assert answer.status_code == 404
        assert set(answer.json()["detail"][0]) == {"field", "message", "code", "limit", "zh"}
