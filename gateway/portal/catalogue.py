"""Which messages the portal says, for the catalogues: `python -m gateway.portal.catalogue`.

It adds new messages to every catalogue, untranslated, and drops those no longer said; translators
then fill the empty ones. A test fails while one is empty.
"""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from gateway.portal.speech import CATALOGUES, LANGUAGES, SOURCE_LANGUAGE

FOLDER = Path(__file__).parent
_PYTHON = {"message": None, "text": None, "plural": (1, 2)}
_TEMPLATES = {"_": None, "gettext": None, "ngettext": (1, 2)}


def said() -> Catalog:
    """Every message in the code and the templates, with where it is said."""
    found = Catalog(fuzzy=False)
    for path in sorted(FOLDER.rglob("*.py")):
        _collect(found, path, method="python", keywords=_PYTHON)
    for path in sorted(FOLDER.rglob("*.html")):
        _collect(found, path, method="jinja2.ext:babel_extract", keywords=_TEMPLATES)
    return found


def _collect(found: Catalog, path: Path, *, method: str, keywords: Mapping[str, Any]) -> None:
    options = {"trimmed": "true"} if path.suffix == ".html" else {}
    with path.open("rb") as source:
        for line, text, _, context in extract(method, source, keywords, options=options):
            where = path.relative_to(FOLDER).as_posix()
            found.add(text, locations=[(where, line)], context=context)


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    """Every catalogue as it is written down."""
    for language in LANGUAGES:
        if language != SOURCE_LANGUAGE:
            path = CATALOGUES / language / "LC_MESSAGES" / "portal.po"
            with path.open("rb") as written:
                yield path, read_po(written, locale=language)


def update() -> None:
    """Bring every catalogue up to what is said now."""
    present = said()
    for path, catalogue in catalogues():
        catalogue.update(present, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        header, blank, _ = path.read_bytes().partition(b"\n\n")
        text = io.BytesIO()
        write_po(
            text, catalogue, width=100, sort_output=True, omit_header=True, include_lineno=False
        )
        path.write_bytes(header + blank + text.getvalue())


if __name__ == "__main__":
    update()
