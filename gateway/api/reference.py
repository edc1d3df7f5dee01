"""The API's description, and a page to browse it with: Swagger UI, served from its own package."""

import importlib.util
import json
from pathlib import Path

from falcon import HTTPNotFound, Request, Response

from gateway.access import OPEN, AccessTable
from gateway.api.openapi import describe

ACCESS: AccessTable = {
    ("/docs", "GET"): OPEN,
    ("/docs/{name}", "GET"): OPEN,
}

# Nothing is loaded from elsewhere. Swagger UI sets styles and draws its icons inline.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Meja – API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<noscript>Read the <a href="/api/v1/openapi.json">description</a> itself.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

_START = """\
SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null
});
"""

_MEDIA = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
}


class Description:
    """The OpenAPI document."""

    def __init__(self) -> None:
        self._text = json.dumps(describe(), ensure_ascii=False)

    def on_get(self, _req: Request, resp: Response) -> None:
        """As JSON."""
        resp.text = self._text
        resp.content_type = "application/json"


class Browser:
    """The page."""

    def on_get(self, _req: Request, resp: Response) -> None:
        """Show it."""
        resp.text = _PAGE
        resp.content_type = "text/html; charset=utf-8"
        resp.set_header("Content-Security-Policy", POLICY)


class BrowserFile:
    """What the page loads."""

    def __init__(self) -> None:
        # Only its files are used; importing the package would load a second web framework.
        found = importlib.util.find_spec("flask_swagger_ui")
        if found is None or not found.submodule_search_locations:
            raise ModuleNotFoundError("flask_swagger_ui")
        self._folder = Path(found.submodule_search_locations[0]) / "dist"

    def on_get(self, _req: Request, resp: Response, name: str) -> None:
        """One of the few known files."""
        if name == "start.js":
            resp.text = _START
            resp.content_type = "text/javascript; charset=utf-8"
            return
        if name not in _MEDIA:
            raise HTTPNotFound
        resp.data = (self._folder / name).read_bytes()
        resp.content_type = _MEDIA[name]
        resp.set_header("Cache-Control", "public, max-age=86400")
