"""What a browser loads besides pages: every file under one version, the style sheets and the scripts each in one piece.

The version stands in the address, made of all contents: a browser may keep a file for ever, a new release is a new
address, and relative addresses inside the files (fonts, icons) keep working.
"""

import gzip
import hashlib
import posixpath
import re
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, abort, request

MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
PACKED = frozenset({".css", ".js", ".json", ".svg"})
FOR_EVER = "public, max-age=31536000, immutable"

_COMMENT = re.compile(r"/\*(?!!).*?\*/\s*", re.DOTALL)
_ADDRESS = re.compile(r"""url\((['"]?)(?!data:|[a-z]+:|[/#])([^)'"]+)\1\)""")


class Assets:
    """All static files in memory, with the bundles `app.css` and `app.js`.

    What belongs to a bundle stands in `app.css.txt` and `app.js.txt`, in order: a later rule wins over an earlier one
    of the same weight; the behaviours know nothing of each other.
    """

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self.files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        for bundle, part in {"app.css": style_part, "app.js": script_part}.items():
            names = self._text(f"{bundle}.txt").split()
            self.files[bundle] = "\n".join(part(name, self._text(name)) for name in names).encode()
        self.version = version_of(self.files)
        self._packed: dict[str, bytes] = {}

    def _text(self, name: str) -> str:
        return self.files[name].decode()

    def packed(self, name: str) -> bytes:
        """The file's bytes after gzip, packed once a process."""
        if name not in self._packed:
            self._packed[name] = gzip.compress(self.files[name], mtime=0)
        return self._packed[name]

    def url(self, name: str) -> str:
        """The address of a file for templates.

        Raises:
            LookupError: when there is no such file, so that a slip of the pen is found by the first test of its page.
        """
        if name not in self.files:
            raise LookupError(f"no static file {name}")
        return f"{request.script_root}/static/{self.version}/{name}"

    def respond(self, version: str, filename: str) -> Response:
        """The file as an answer; an address of another release gets today's file and must ask again."""
        if filename not in self.files:
            abort(HTTPStatus.NOT_FOUND)
        suffix = Path(filename).suffix
        response = Response(self.files[filename], mimetype=MEDIA_TYPES.get(suffix, "text/plain"))
        if suffix in PACKED:
            response.vary.add("Accept-Encoding")
            if request.accept_encodings["gzip"]:
                response.set_data(self.packed(filename))
                response.content_encoding = "gzip"
        response.headers["Cache-Control"] = FOR_EVER if version == self.version else "no-cache"
        return response


def style_part(name: str, text: str) -> str:
    """One style sheet for the bundle at the top of the folder: addresses counted from there, our comments left out."""
    folder = posixpath.dirname(name)
    return _ADDRESS.sub(lambda m: f"url({posixpath.normpath(posixpath.join(folder, m[2]))})", _COMMENT.sub("", text))


def script_part(name: str, text: str) -> str:
    """One behaviour for the bundle, in a block of its own so that equal names do not meet."""
    return f"/* {name} */\n{{\n{text}}}"


def version_of(files: dict[str, bytes]) -> str:
    """Twelve letters that change with any name or content."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()[:12]


def install(app: Flask, folder: Path) -> None:
    """Serve the folder and give templates `static_url(name)`."""
    assets = Assets(folder)
    app.add_url_rule("/static/<version>/<path:filename>", endpoint="assets", view_func=assets.respond)
    app.jinja_env.globals["static_url"] = assets.url
