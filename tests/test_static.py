import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from marketplace.web.assets import Assets

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
VENDORS = (STATIC / "vendor", ROOT / "tests/browser/vendor", ROOT / "marketplace/billing/documents/fonts")
VENDORED = [
    (folder / package["folder"], package)
    for folder in VENDORS
    for package in json.loads((folder / "manifest.json").read_text())
]


def names(vendored):
    return vendored["name"] if isinstance(vendored, dict) else ""


@pytest.mark.parametrize(("folder", "package"), VENDORED, ids=names)
def test_each_vendored_file_is_the_one_in_the_manifest(folder, package):
    for name, expected in package["files"].items():
        digest = hashlib.sha384((folder / name).read_bytes()).digest()
        assert "sha384-" + base64.b64encode(digest).decode() == expected, name


@pytest.mark.parametrize(("folder", "package"), VENDORED, ids=names)
def test_each_vendored_package_brings_its_licence(folder, package):
    assert package["licence"]
    assert package["version"]
    assert len((folder / "LICENSE").read_text()) > 300


def test_nothing_is_vendored_beside_the_manifests():
    known = {folder / name for folder, package in VENDORED for name in package["files"]}
    for folder in VENDORS:
        there = {path for path in folder.rglob("*") if path.is_file()}
        assert there - known == {folder / "manifest.json"}


def test_the_icons_bring_their_licence():
    assert "Permission is hereby granted" in (STATIC / "icons/LICENSE").read_text()


def test_no_style_sheet_carries_an_image_and_nothing_links_a_source_map():
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]:
        text = path.read_text()
        assert "sourceMappingURL=" not in text[-500:], path
        if path.suffix == ".css":
            assert not re.search(r"url\(['\"]?data:", text), path


def test_every_style_sheet_is_part_of_the_bundle_and_every_script_too_but_for_those_of_one_page():
    for bundle, folder, apart in [("app.css", "css", set()), ("app.js", "js", {"js/api-docs.js"})]:
        listed = (STATIC / f"{bundle}.txt").read_text().split()
        assert len(listed) == len(set(listed))
        there = {path.relative_to(STATIC).as_posix() for path in (STATIC / folder).iterdir()}
        assert there - set(listed) == apart


def test_scripts_can_stand_in_one_file():
    for name in (STATIC / "app.js.txt").read_text().split():
        assert not re.search(r"^(import|export)\b", (STATIC / name).read_text(), re.MULTILINE), name


def test_no_template_carries_a_style_or_a_script_of_its_own():
    for path in TEMPLATES:
        if "emails" in path.parts:
            continue
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text), path
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), path


def test_every_icon_that_a_template_names_is_in_the_sprite():
    shapes = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons/sprite.svg").read_text()))
    for path in TEMPLATES:
        named = set(re.findall(r"""(?:\bicon\(|icon_name=)'([a-z0-9-]+)'""", path.read_text()))
        assert named <= shapes, path


def test_a_phone_shows_of_each_row_what_can_be_done_with_it():
    """A cell of a list without a place is not shown there: see static/css/table.css."""
    cell, telling = re.compile(r"<t[dh]\b([^>]*)>((?:(?!</t[dh]>).)*)", re.DOTALL), re.compile("<form|<a |button|tag")
    for path in TEMPLATES:
        for table in re.findall(r'<table class="[^"]*tbl-list.*?</table>', path.read_text(), re.DOTALL):
            assert "tbl-stack" in table.split(">")[0], f"{path}: its rows are no grid"
            for row in re.findall(r"<tr.*?</tr>", table.partition("<tbody")[2], re.DOTALL):
                cells = cell.findall(row)
                lost = [inner for head, inner in cells if "at-" not in head and telling.search(inner)]
                assert not lost, (path, lost)
                assert any("at-" in head for head, _inner in cells), (path, row)


def test_a_first_visit_stays_under_150_kb():
    assets = Assets(STATIC)
    packed = ["app.css", "app.js", "vendor/htmx/htmx.min.js", "icons/sprite.svg", "icons/mark.svg"]
    total = sum(len(gzip.compress(assets.files[name])) for name in packed)
    total += len(assets.files["vendor/inter/files/inter-latin-wght-normal.woff2"])
    assert total < 150_000
