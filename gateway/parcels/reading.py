"""Articles coming in: all of them read and found right before the first one is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, get_args

import yaml

from chassis.files import fault_in
from contracts.errors import Invalid
from contracts.grammar import from_plain
from contracts.intake import Language
from contracts.kb import kinds
from gateway.parcels.packing import FENCE, ParcelFile
from gateway.parcels.zips import MOST_BYTES, BadZip, Unzipped, is_inside, wrong
from gateway.schemas import ArticleBody

LONGEST_HEAD = 16_384


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One Markdown file: the article it holds, and the files it names.

    Attributes:
        named: type by where a file is, seen from the zip; None: the article's files stay.
        files: the same, read.
    """

    file: str
    key: str
    language: str
    body: ArticleBody
    named: Mapping[str, str] | None = None
    files: tuple[ParcelFile, ...] = ()


def unpacked(raw: bytes) -> list[Parcel]:
    """The articles of a zip, with their files.

    Raises:
        Invalid: no zip, too much in it, or a file that is not right; every such file is named.
    """
    errors: dict[str, list[str]] = {}
    found: dict[tuple[str, str], Parcel] = {}
    zipped = Unzipped(raw)
    for file in zipped.articles:
        try:
            parcel = with_files(parcel_of(_text(zipped, file), file=file), zipped)
        except BadZip:
            raise
        except Invalid as refused:
            errors |= {
                path if path == file else f"{file} {path}": said
                for path, said in refused.errors.items()
            }
            continue
        first = found.setdefault((parcel.key, parcel.language), parcel)
        if first is not parcel:
            errors[file] = [f"The article of {first.file} again."]
    if not found and not errors:
        errors["body"] = ["No Markdown file in it."]
    if errors:
        raise wrong(errors)
    return list(found.values())


def parcel_of(text: str, *, file: str) -> Parcel:
    """The article of a file.

    Raises:
        Invalid: its front matter is not right.
    """
    head, body = _parted(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    place = PurePosixPath(file)
    folder = place.parent.name
    said: dict[str, Any] = {"key": place.stem}
    if folder in get_args(Language):
        said["language"] = folder
    said |= head
    key, language = str(said.pop("key")), str(said.pop("language", ""))
    named = _named(said.pop("files"), beside=place) if "files" in said else None
    if language not in get_args(Language):
        raise wrong({"language": [f"Must be one of: {', '.join(get_args(Language))}."]})
    return Parcel(
        file=file,
        key=key,
        language=language,
        body=from_plain(ArticleBody, said | {"body": body}, strict=True),
        named=named,
    )


def with_files(parcel: Parcel, zipped: Unzipped) -> Parcel:
    """The article with the files it names, each as it may be kept.

    Raises:
        Invalid: one is not there, or is not kept beside articles.
    """
    files = []
    for place, media_type in (parcel.named or {}).items():
        if place not in zipped:
            raise wrong({"files": [f"{place} is not in the zip."]})
        content = zipped.read(place, most=kinds.MOST_BYTES)
        if fault := fault_in(content, media_type=media_type, most_bytes=kinds.MOST_BYTES):
            raise wrong({"files": [f"{place}: {fault.why}"]})
        name = PurePosixPath(place).name
        files.append(ParcelFile(name=name, media_type=media_type, content=content))
    return Parcel(**vars(parcel) | {"files": tuple(files)})


def _named(given: object, *, beside: PurePosixPath) -> dict[str, str]:
    """The files that front matter names, by where they are in the zip."""
    if not isinstance(given, Mapping):
        raise wrong({"files": ["Must be a mapping of places and types."]})
    if len(given) > kinds.MOST_FILES:
        raise wrong({"files": [f"More than {kinds.MOST_FILES}."]})
    found: dict[str, str] = {}
    for place, media_type in given.items():
        where = PurePosixPath(str(place))
        if not is_inside(str(place)) or not kinds.is_name(where.name):
            raise wrong({"files": [f"{place} is no place of a file beside it."]})
        if where.name in {PurePosixPath(each).name for each in found}:
            raise wrong({"files": [f"{where.name} twice."]})
        found[str(beside.parent / where)] = str(media_type)
    return found


def _parted(text: str) -> tuple[dict[str, Any], str]:
    if not text.startswith(FENCE):
        raise wrong({"front matter": ["Must stand first, between two lines of ---."]})
    head, fence, body = text.removeprefix(FENCE).partition(f"\n{FENCE}")
    if not fence:
        raise wrong({"front matter": ["Is not closed by ---."]})
    if len(head) > LONGEST_HEAD:
        raise wrong({"front matter": [f"Longer than {LONGEST_HEAD} characters."]})
    try:
        # The base loader makes texts of everything: a date or `no` is what was written.
        found = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506 - makes no objects
    except (yaml.YAMLError, RecursionError):
        raise wrong({"front matter": ["Is not YAML."]}) from None
    if not isinstance(found, Mapping):
        raise wrong({"front matter": ["Is not a mapping."]})
    given = {str(name): value for name, value in found.items()}
    return {name: value for name, value in given.items() if value not in ("", "null")}, body.strip()


def _text(zipped: Unzipped, file: str) -> str:
    content = zipped.read(file, most=MOST_BYTES)
    if len(content) > MOST_BYTES:
        raise wrong({file: [f"Longer than {MOST_BYTES} bytes."]})
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise wrong({file: ["Is not UTF-8."]}) from None
