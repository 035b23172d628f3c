"""Who signs in with a key is known by a cookie, as long as the key opens something."""

import re
from http.cookies import SimpleCookie

import pytest
from sqlalchemy import create_engine, select

from service.store.tables import sign_ins
from tests.histories import killed, marking, told
from tests.web.reading import words_of

UPDATE = {"publisher": {"key": "afp", "kind": "press"}, "reports": [killed(9)]}


def cookie_of(answer):
    told_of = SimpleCookie(answer.headers["Set-Cookie"])
    return next(iter(told_of.values()))


def sent(newsroom, role="reporter", base="http://localhost"):
    return newsroom.app.test_client().post(
        "/desk/sign-in", data={"key": newsroom.keys[role]}, base_url=base
    )


def test_a_key_is_typed_once_and_a_cookie_that_is_not_the_key_stands_for_it(newsroom):
    answer = sent(newsroom)

    cookie = cookie_of(answer)
    assert answer.status_code == 303
    assert newsroom.keys["reporter"] not in f"{answer.headers}{answer.text}"
    assert cookie["httponly"]
    assert not cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert int(cookie["max-age"]) == 24 * 3600


def test_behind_tls_the_cookie_goes_to_this_host_over_tls_alone(newsroom):
    cookie = cookie_of(sent(newsroom, base="https://localhost"))

    assert cookie.key.startswith("__Host-")
    assert cookie["secure"]


def test_a_copy_of_the_database_has_neither_keys_nor_cookies(newsroom, database):
    cookie = cookie_of(sent(newsroom))

    engine = create_engine(database)
    with engine.connect() as connection:
        rows = connection.execute(select(sign_ins.c.digest, sign_ins.c.secret)).all()
    engine.dispose()

    assert len(rows) == 1
    for value in rows[0]:
        assert bytes(value) not in {cookie.value.encode(), newsroom.keys["reporter"].encode()}


def test_who_is_signed_in_is_named_and_reads_what_is_withheld(newsroom):
    newsroom.tell(told("afp", killed(1234567)))
    newsroom.tell(told("desk", marking(3, audience="desk")))

    page = newsroom.signed_in().go("/incidents/taji")

    assert "1234567" in page.text
    assert "You read as the desk" in page.text
    assert "Sign out reporter" in words_of(page)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in page.headers["Vary"]
    assert "1234567" not in newsroom.signed_in("reader").go("/incidents/taji").text
    assert "1234567" not in newsroom.visitor().go("/incidents/taji").text


@pytest.mark.parametrize("ending", ["revoked", "rotated", "expired", "signed out", "idle", "old"])
def test_a_sign_in_ends_at_once(newsroom, ending):
    browser = newsroom.signed_in()
    assert browser.go("/desk").status_code == 200

    match ending:
        case "revoked":
            newsroom.store.revoke_key("reporter")
        case "rotated":
            newsroom.store.rotate_key("reporter", keep_us=0)
        case "expired":
            newsroom.store.rotate_key(
                "reporter", keep_us=10**12, expires_us=newsroom.now_us + 3_600_000_000
            )
            newsroom.pass_by(hours=1)
        case "signed out":
            browser.press(form="/sign-out")
        case "idle":
            newsroom.pass_by(hours=8)
        case "old":
            for _ in range(4):
                newsroom.pass_by(hours=6)
                browser.go("/incidents/taji")

    ended = browser.go("/desk")
    assert ended.status_code == 401
    assert "Sign in to the desk" in ended.text
    assert ended.headers.getlist("WWW-Authenticate") == ["Bearer"]
    assert browser.go("/incidents/taji").status_code == 200
    assert "Sign out" not in browser.shown.text


def test_a_cookie_outlives_its_sign_in_as_nothing(newsroom):
    answer = sent(newsroom)
    browser = newsroom.visitor()
    browser.client.set_cookie("sitrep", cookie_of(answer).value)
    assert browser.go("/desk").status_code == 200

    browser.press(form="/sign-out")
    browser.client.set_cookie("sitrep", cookie_of(answer).value)

    assert browser.go("/desk").status_code == 401


def test_work_keeps_a_sign_in_from_lying_idle(newsroom):
    browser = newsroom.signed_in()

    for _ in range(3):
        newsroom.pass_by(hours=7)
        assert browser.go("/desk").status_code == 200


def test_a_key_that_is_none_opens_nothing_and_is_not_shown_again(newsroom):
    browser = newsroom.visitor()

    for key, status in (("sitrep_wrong", 401), ("", 422), ("é\x00", 401)):
        answer = browser.sign_in(key)
        assert answer.status_code == status
        assert "Set-Cookie" not in answer.headers
        assert 'aria-describedby="key-wrong"' in answer.text
        assert "sitrep_wrong" not in answer.text


def test_signing_in_leads_back_to_where_somebody_came_from_and_nowhere_else(newsroom):
    client = newsroom.app.test_client()

    def led(wanted):
        data = {"key": newsroom.keys["reporter"], "next": wanted}
        return client.post("/desk/sign-in", data=data).headers["Location"]

    assert led("/incidents/taji?version=1") == "/incidents/taji?version=1"
    elsewhere = ["//evil.example", "/\\evil.example", "https://evil.example", ""]
    for wanted in (*elsewhere, "javascript:alert(1)", "/\r\nX: y", "/ä"):
        assert led(wanted) == "/desk", wanted


def test_the_cookie_opens_pages_and_nothing_that_programs_use(new_newsroom):
    newsroom = new_newsroom(reading="private")
    browser = newsroom.signed_in("admin")

    for path in ("/v1/incidents", "/v1/incidents/taji", "/v1/events", "/v1/keys/uses", "/docs"):
        assert browser.client.get(path).status_code == 401, path
    for path in ("/v1/incidents", "/v1/incidents/taji/updates"):
        assert browser.client.post(path, json=UPDATE).status_code == 401, path
    assert browser.go("/incidents/taji").status_code == 200


def test_what_is_done_while_signed_in_is_noted_under_the_name_of_the_key(newsroom):
    browser = newsroom.signed_in()
    browser.go("/incidents/taji")
    browser.press(form="/sign-out")
    browser.sign_in("sitrep_wrong")

    uses = newsroom.store.uses(cursor=None, limit=20).uses[::-1]

    assert ("reporter", "POST", "desk.sign_in", 303) in told_of(uses)
    assert ("reporter", "GET", "pages.one_incident", 200) in told_of(uses)
    assert (None, "POST", "desk.sign_in", 401) in told_of(uses)
    assert ("reporter", "POST", "desk.sign_out", 303) in told_of(uses)


def told_of(uses):
    return [(one.key, one.method, one.route, one.status) for one in uses]


def test_who_asks_too_fast_by_one_key_is_told_so_wherever_they_are_signed_in(new_newsroom):
    newsroom = new_newsroom(reads_per_second=0.001, reads_burst=3)
    browsers = [newsroom.signed_in(), newsroom.signed_in()]
    addresses = ("192.0.2.1", "198.51.100.1")

    statuses = [
        browser.client.get("/desk", environ_overrides={"REMOTE_ADDR": address}).status_code
        for _ in range(2)
        for browser, address in zip(browsers, addresses, strict=True)
    ]

    assert statuses == [200, 200, 200, 429]


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:81"},
    {"Origin": "http://[::1"},
]


def test_a_form_of_another_site_does_nothing_even_with_the_right_token(newsroom):
    browser = newsroom.signed_in()
    form = browser.form("/sign-out")

    for headers in FOREIGN:
        answer = browser.client.post("/desk/sign-out", data=form.fields, headers=headers)
        assert answer.status_code == 403, headers
        assert "Send again" not in answer.text

    assert browser.go("/desk").status_code == 200


def test_nobody_is_signed_in_by_a_page_of_another_site(newsroom):
    for headers in FOREIGN:
        answer = newsroom.app.test_client().post(
            "/desk/sign-in", data={"key": newsroom.keys["reporter"]}, headers=headers
        )
        assert answer.status_code == 403, headers
        assert "Set-Cookie" not in answer.headers


def test_a_form_without_the_token_of_its_sign_in_does_nothing(newsroom):
    browser = newsroom.signed_in()

    for fields in ({}, *({"csrf": token} for token in ("", "0" * 64, "é", "\x00"))):
        assert browser.client.post("/desk/sign-out", data=fields).status_code == 403, fields

    assert browser.go("/desk").status_code == 200


def test_the_token_of_one_sign_in_is_not_that_of_another(newsroom):
    one, other = newsroom.signed_in(), newsroom.signed_in()

    tokens = {browser.form("/sign-out").fields["csrf"] for browser in (one, other)}

    assert len(tokens) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", token) for token in tokens)
    cookie = one.client.get_cookie("sitrep")
    assert cookie.value not in one.shown.text


def test_a_desk_page_is_for_nobody_to_keep(newsroom):
    browser = newsroom.signed_in()

    for path in ("/desk", "/desk/sign-in"):
        headers = browser.go(path).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_reader_signs_in_to_read_and_not_to_write(new_newsroom):
    newsroom = new_newsroom(reading="private")
    browser = newsroom.signed_in("reader")

    assert browser.go("/incidents/taji").status_code == 200
    assert browser.go("/desk").status_code == 403
