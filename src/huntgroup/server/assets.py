"""The files of a page: read once, compressed once, and kept by browsers for as long as their content stays."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response

PAGES = Path(__file__).parent / "pages"
WORTH_COMPRESSING_BYTES = 600
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
CONNECT = "connect-src 'self'"
SECURITY_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; script-src 'self'; style-src 'self'; {CONNECT}; "
    "img-src 'self' data:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def may_connect(response: Response, origin: str) -> Response:
    """Return a page that may also speak to this one other origin."""
    policy = response.headers["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace(CONNECT, f"{CONNECT} {origin}")
    return response


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    media_type: str
    body: bytes
    gzipped: bytes | None
    etag: str

    @classmethod
    def of(cls, body: bytes, media_type: str) -> Asset:
        packed = gzip.compress(body, 9, mtime=0) if len(body) >= WORTH_COMPRESSING_BYTES else None
        return cls(media_type, body, packed, f'"{hashlib.sha256(body).hexdigest()[:20]}"')

    def respond(self, request: Request, cache: str) -> Response:
        """Answer with the file, packed where the client unpacks; 304 when it has this very file."""
        headers = {**SECURITY_HEADERS, "ETag": self.etag, "Cache-Control": cache, "Vary": "Accept-Encoding"}
        if self.etag in request.headers.get("if-none-match", "").replace("W/", "").split(", "):
            return Response(status_code=304, headers=headers)
        if self.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.gzipped, media_type=self.media_type, headers={**headers, "Content-Encoding": "gzip"})
        return Response(self.body, media_type=self.media_type, headers=headers)


class PageFiles:
    """The folder `pages/<name>`. `version` changes with any of its files, so that addresses with it may be kept."""

    def __init__(self, name: str) -> None:
        self.name = name
        paths = sorted(path for path in (PAGES / name).iterdir() if path.suffix in _TYPES)
        self._files = {path.name: Asset.of(path.read_bytes(), _TYPES[path.suffix]) for path in paths}
        etags = "".join(f"{file}{asset.etag}" for file, asset in self._files.items())
        self.version = hashlib.sha256(etags.encode()).hexdigest()[:12]

    def find(self, file: str) -> Asset | None:
        """One file by its name."""
        return self._files.get(file)

    def address(self, file: str) -> str:
        """Where `file` is served; relative imports between files stay in the same version."""
        return f"/pages/{self.name}/{self.version}/{file}"

    def html(self, places: dict[str, str]) -> Asset:
        """`index.html` with each `{{name}}` of `places` filled in; the values must be HTML already.

        `{{modules}}` becomes a preload of every module, as imports would be found one after the other otherwise, and
        `{{base}}` the folder of the files.
        """
        text = self._files["index.html"].body.decode()
        modules = "\n".join(
            f'<link rel="modulepreload" href="{self.address(file)}">' for file in self._files if file.endswith(".js")
        )
        for place, value in {**places, "modules": modules, "base": self.address("").rstrip("/")}.items():
            text = text.replace("{{" + place + "}}", value)
        return Asset.of(text.encode(), _TYPES[".html"])
