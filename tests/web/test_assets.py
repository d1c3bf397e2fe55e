import gzip

import pytest

from marketplace.web.assets import Assets, script_part, style_part, version_of


@pytest.fixture
def client(parts_app):
    return parts_app.test_client()


@pytest.fixture
def address(parts_app):
    def address(name):
        with parts_app.test_request_context():
            return parts_app.jinja_env.globals["static_url"](name)

    return address


def test_an_address_carries_the_version_and_may_be_kept_for_ever(client, address):
    answer = client.get(address("app.css"))
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "--accent:" in answer.text
    assert "btn-primary" in answer.text


def test_an_address_of_another_release_gets_todays_file_and_is_not_kept(client):
    answer = client.get("/static/000000000000/app.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_text_is_packed_for_a_browser_that_can_unpack_it(client, address):
    plain = client.get(address("app.css"))
    packed = client.get(address("app.css"), headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


def test_a_font_is_sent_as_it_is(client, address):
    answer = client.get(
        address("vendor/inter/files/inter-latin-wght-normal.woff2"), headers={"Accept-Encoding": "gzip"}
    )
    assert answer.mimetype == "font/woff2"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("name", ["nothing.css", "../pyproject.toml", "%2e%2e/pyproject.toml", "css"])
def test_nothing_but_the_static_files_can_be_had(client, name):
    assert client.get(f"/static/000000000000/{name}").status_code == 404


def test_a_template_that_names_an_unknown_file_fails_at_once(address):
    with pytest.raises(LookupError, match=r"no static file app\.cs"):
        address("app.cs")


def test_addresses_inside_a_style_sheet_are_counted_from_the_bundle():
    text = "a{src:url(./files/x.woff2)} b{src:url('../y.png')} c{fill:url(#z)} d{src:url(/static/q)}"
    assert style_part("vendor/inter/wght.css", text) == (
        "a{src:url(vendor/inter/files/x.woff2)} b{src:url(vendor/y.png)} c{fill:url(#z)} d{src:url(/static/q)}"
    )


def test_our_comments_are_left_out_and_licences_stay():
    assert style_part("css/x.css", "/*! MIT */a{}/* why */ b{}") == "/*! MIT */a{}b{}"


def test_each_behaviour_has_a_scope_of_its_own():
    assert script_part("js/x.js", "const a = 1;\n") == "/* js/x.js */\n{\nconst a = 1;\n}"


def test_the_version_changes_with_a_name_and_with_a_content():
    versions = {version_of({"a": b"1"}), version_of({"a": b"2"}), version_of({"b": b"1"})}
    assert len(versions) == 3


def test_the_bundle_follows_its_list(tmp_path):
    (tmp_path / "one.css").write_text("a{}")
    (tmp_path / "two.css").write_text("b{}")
    (tmp_path / "app.css.txt").write_text("two.css\none.css\n")
    (tmp_path / "app.js.txt").write_text("")
    assert Assets(tmp_path).files["app.css"] == b"b{}\na{}"
