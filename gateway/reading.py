"""What arrived, read strictly: bodies, query strings and headers become contract payloads.

Limits: a body of `body_bytes` (1 MiB; a file on a message 4 MiB), 32 levels of nesting, 100 query
parameters, keys of 200 characters. What passes them is checked field by field by the grammar,
unknown fields included.
"""

import collections
import dataclasses
import json
import math
import re
import types
import typing
import urllib.parse
from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar

from falcon import Request

from chassis.ids import new_id
from contracts.errors import Invalid, invalid_field
from contracts.grammar import from_plain
from gateway.access import Principal
from gateway.errors import NotJson, TooLarge, Unauthenticated, Unreadable

T = TypeVar("T")

MAX_DEPTH = 32
MAX_PARAMETERS = 100
MAX_DIGITS = 20
_KEY = re.compile(r"[\x21-\x7e]{1,128}\Z")
_WHOLE = re.compile(r"-?[0-9]{1,18}\Z")
_VERSION = re.compile(r'(?:W/)?"?([0-9]{1,18})"?\Z')


def principal_of(req: Request) -> Principal:
    """Who asks.

    Raises:
        Unauthenticated: nobody known.
    """
    found: Principal | None = req.context.principal
    if found is None:
        raise Unauthenticated
    return found


def body_of(req: Request, contract: type[T], **fixed: Any) -> T:
    """The JSON body as a payload.

    Args:
        req: the request.
        contract: the payload's dataclass.
        fixed: fields that the path decides; the body may repeat them but not differ.
    """
    plain = _object(req)
    for name, value in fixed.items():
        if plain.setdefault(name, value) != value:
            raise invalid_field(name, f"The address says {value!r}.")
    return from_plain(contract, plain, strict=True)


def raw_of(req: Request, *, media_type: str) -> bytes:
    """The body as it was sent.

    Raises:
        NotJson: it is of another media type.
        TooLarge: it is longer than is read here.
    """
    if media_type_of(req) != media_type:
        raise NotJson(f"Send {media_type}.")
    return bytes_of(req)


def media_type_of(req: Request) -> str:
    """Of what kind the body is said to be."""
    return (req.content_type or "").lower().partition(";")[0].strip()


def _object(req: Request) -> dict[str, Any]:
    media_type, _, parameters = (req.content_type or "").lower().partition(";")
    charset = parameters.replace('"', "").partition("charset=")[2].strip()
    if media_type.strip() != "application/json" or charset not in {"", "utf-8"}:
        raise NotJson("Send application/json in UTF-8.")
    found = json_of(bytes_of(req))
    if not isinstance(found, dict):
        raise invalid_field("body", "Must be a JSON object.")
    return found


def bytes_of(req: Request) -> bytes:
    """The body as it was sent, whatever it is.

    Raises:
        TooLarge: it is longer than is read here.
    """
    limit: int = req.context.body_bytes
    # A chunked body announces no length; it is read to one byte beyond the limit.
    stream = req.bounded_stream if req.content_length is not None else req.stream
    chunked = req.get_header("Transfer-Encoding") is not None
    found: bytes = stream.read(limit + 1) if req.content_length or chunked else b""
    if len(found) > limit:
        raise TooLarge(f"At most {limit} bytes are read here.")
    return found


def json_of(raw: bytes) -> Any:
    """The value of a JSON text, refusing what databases and programs disagree about.

    Raises:
        Unreadable: not UTF-8, not JSON, nested too deep, NaN or infinite, a key given twice, or
            text that is not Unicode.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as wrong:
        raise Unreadable(f"The body is not valid UTF-8 at byte {wrong.start}.") from None
    if not text.strip():
        raise Unreadable("The body is empty; a JSON object is needed.")
    try:
        found = json.loads(
            text,
            parse_constant=_not_a_number,
            parse_float=_finite,
            parse_int=_whole,
            object_pairs_hook=_without_repeats,
        )
    except RecursionError:
        raise Unreadable(f"Nested deeper than {MAX_DEPTH} levels.") from None
    except json.JSONDecodeError as wrong:
        raise Unreadable(
            f"Not JSON: {wrong.msg} at line {wrong.lineno}, column {wrong.colno}."
        ) from None
    _check_depth_and_text(found)
    return found


def _not_a_number(name: str) -> NoReturn:
    raise Unreadable(f"{name} is not a JSON number.")


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise Unreadable("A number is too large.")
    return number


def _whole(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise Unreadable("A whole number is too long.")
    return int(text)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = collections.Counter(name for name, _ in pairs)
        twice = counts.most_common(1)[0][0]
        raise Unreadable(f"The key {twice[:64]!a} is given twice.")
    return found


def _check_depth_and_text(found: Any) -> None:
    level: list[Any] = [found]
    for _depth in range(MAX_DEPTH + 1):
        level = [part for value in level for part in _parts(value)]
        if not level:
            return
    raise Unreadable(f"Nested deeper than {MAX_DEPTH} levels.")


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for key in value:
            _check_text(key)
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _check_text(text: str) -> None:
    # No database keeps a NUL or half a surrogate pair; both can hide behind \u escapes.
    if "\x00" in text or (not text.isascii() and _has_surrogate(text)):
        raise Unreadable("Text holds a NUL character or half a surrogate pair.")


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def query_of(req: Request, contract: type[T]) -> T:
    """The query string as a payload; lists are repeated or joined by commas, blanks are left out.

    A field `from_` is the parameter `from`, which Python does not allow as a name.
    """
    hints = typing.get_type_hints(contract)
    fields = {field.name.rstrip("_"): field.name for field in dataclasses.fields(contract)}  # type: ignore[arg-type]  # a dataclass
    given: dict[str, list[str]] = {}
    for name, value in _parameters(req):
        if value:
            given.setdefault(name, []).append(value)
    plain = {
        fields.get(name, name): _from_text(name, values, hints.get(fields.get(name, name)))
        for name, values in given.items()
    }
    try:
        return from_plain(contract, plain, strict=True)
    except Invalid as wrong:
        errors = {path.replace("_.", ".").rstrip("_"): said for path, said in wrong.errors.items()}
        first = next(iter(errors))
        raise Invalid("invalid", f"{first}: {errors[first][0]}", {"errors": errors}) from None


def _parameters(req: Request) -> list[tuple[str, str]]:
    try:
        return urllib.parse.parse_qsl(
            req.query_string,
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeDecodeError:
        raise Unreadable("The query string is not valid UTF-8.") from None
    except ValueError:
        raise Unreadable(f"More than {MAX_PARAMETERS} query parameters.") from None


def _from_text(name: str, values: list[str], hint: Any) -> Any:
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        hint = next(arm for arm in typing.get_args(hint) if arm is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        return [part for value in values for part in value.split(",") if part]
    if len(values) > 1:
        raise invalid_field(name, "Given more than once.")
    if hint is int and _WHOLE.match(values[0]):
        return int(values[0])
    if hint is bool:
        return {"true": True, "false": False}.get(values[0], values[0])
    return values[0]


def key_of(req: Request) -> str:
    """The idempotency key for what is asked; one of our own when the caller sent none.

    A caller's key is theirs alone: the account's id is put before it.

    Raises:
        Unreadable: a key that is too long or holds odd characters.
    """
    given = req.get_header("Idempotency-Key")
    if given is None:
        return new_id()
    if not _KEY.match(given):
        raise Unreadable(
            "Idempotency-Key: 1 to 128 visible ASCII characters.",
            errors={"Idempotency-Key": ["1 to 128 visible ASCII characters."]},
        )
    return f"{principal_of(req).id}:{given}"


def expected_version(req: Request) -> int | None:
    """The version the caller saw, from `If-Match`; None when it is left out or `*`.

    Raises:
        Unreadable: no version.
    """
    given = req.get_header("If-Match")
    if given is None or given.strip() == "*":
        return None
    if not (found := _VERSION.match(given.strip())):
        raise Unreadable(
            "If-Match: send the ETag of the ticket.",
            errors={"If-Match": ["Send the ETag of the ticket."]},
        )
    return int(found[1])
