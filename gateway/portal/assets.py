"""The portal's own style, scripts and pictures, read once and served with a long life.

Their address holds a digest of them all, so that a browser keeps a file for ever and still sees a
new one at once; scripts that import each other stay within one edition.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from falcon import Request, Response

from contracts.errors import NotFound

FOLDER = Path(__file__).parent / "static"
ROUTE = "/static/{edition}/{name}"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class Assets:
    """All static files."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files: Mapping[str, bytes] = {
            path.name: path.read_bytes() for path in sorted(folder.iterdir())
        }
        digest = hashlib.sha256()
        for name, content in self._files.items():
            digest.update(name.encode() + b"\x00" + content)
        self.edition = digest.hexdigest()[:12]

    def address(self, name: str) -> str:
        """Where the present edition of a file is.

        Raises:
            KeyError: no such file.
        """
        _ = self._files[name]
        return f"/static/{self.edition}/{name}"

    def on_get(self, _req: Request, resp: Response, *, edition: str, name: str) -> None:
        """A file; a page of an older edition gets the present one, not to be kept.

        Raises:
            NotFound: no such file.
        """
        if name not in self._files:
            raise NotFound("not_found", "There is no such file.")
        is_present = edition == self.edition
        resp.content_type = _TYPES[Path(name).suffix]
        resp.data = self._files[name]
        resp.set_header(
            "Cache-Control", "public, max-age=31536000, immutable" if is_present else "no-cache"
        )
