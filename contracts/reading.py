"""The straight way to read a payload: for what is as it should be, which is nearly everything.

marshmallow judges each field with several calls and a context, which costs more than most handlers.
Here a reader is made once for each schema, out of marshmallow's own fields and validators. It takes
what our speakers write and gives up at whatever else it sees (`Crooked`); then marshmallow reads
from the start, and its word is final. So there is one set of rules, and errors come from one place.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

Read = Callable[[Any], Any]

WHOLE: Final = range(-(2**63), 2**63)
_LENGTHS_OF_INSTANTS: Final = (20, 27)  # to the second, and to the microsecond; as we write them


class Crooked(Exception):
    """Not what the straight way knows; perhaps good all the same."""


def text(value: Any) -> str:
    """Text that every database can keep."""
    if type(value) is not str or "\x00" in value:
        raise Crooked
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Crooked from None
    return value


def flag(value: Any) -> bool:
    """Either true or false."""
    if type(value) is not bool:
        raise Crooked
    return value


def whole(value: Any) -> int:
    """A whole number of at most 64 bits."""
    if type(value) is not int or value not in WHOLE:
        raise Crooked
    return value


def number(value: Any) -> float:
    """A finite number."""
    if type(value) is not float or not math.isfinite(value):
        raise Crooked
    return value


def instant(value: Any) -> datetime:
    """An instant as `in_iso` writes it."""
    if (
        type(value) is not str
        or len(value) not in _LENGTHS_OF_INSTANTS
        or value[4] + value[7] + value[10] + value[13] + value[16] + value[-1] != "--T::Z"
        or (len(value) > _LENGTHS_OF_INSTANTS[0] and value[19] != ".")
    ):
        raise Crooked
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Crooked from None
    return found if found.tzinfo is UTC else found.astimezone(UTC)


def payload(schema: Any, *, reads: dict[type[Any], Read]) -> Read:
    """A reader of a schema's payload.

    Args:
        schema: what is read. Its `contract` makes the payload, with the defaults of fields that
            were left out; its `unknown` says whether other fields are let through.
        reads: the straight reader of each kind of field.
    """
    make: Callable[..., Any] = schema.contract
    parts = {
        name: (field.required, _reader(field, reads=reads))
        for name, field in schema.load_fields.items()
    }
    is_strict = schema.unknown == "raise"

    def read(data: Any) -> Any:
        if type(data) is not dict:
            raise Crooked
        found = {}
        for name, (is_required, take) in parts.items():
            if name in data:
                found[name] = take(data[name])
            elif is_required:
                raise Crooked
        if is_strict and len(found) < len(data):
            raise Crooked
        return make(**found)

    return read


def _reader(field: "fields.Field[Any]", *, reads: dict[type[Any], Read]) -> Read:
    take = _checked(_of_kind(field, reads=reads), field)
    if field.allow_none:
        return lambda value: None if value is None else take(value)
    return take


def _of_kind(field: "fields.Field[Any]", *, reads: dict[type[Any], Read]) -> Read:
    if isinstance(field, fields.Nested):
        return payload(field.schema, reads=reads)
    if isinstance(field, fields.List):
        item = _reader(field.inner, reads=reads)
        return lambda value: tuple([item(each) for each in _a(list, value)])
    if isinstance(field, fields.Dict) and field.key_field and field.value_field:
        key = _reader(field.key_field, reads=reads)
        item = _reader(field.value_field, reads=reads)
        return lambda value: {key(at): item(each) for at, each in _a(dict, value).items()}
    return reads.get(type(field), _unknown)


def _a(kind: type[Any], value: Any) -> Any:
    if type(value) is not kind:
        raise Crooked
    return value


def _unknown(_value: Any) -> Any:
    raise Crooked


def _checked(take: Read, field: "fields.Field[Any]") -> Read:
    """The reader, with the field's own validators."""
    checks = [check for check in field.validators if not _is_of_whole(check)]
    if not checks:
        return take
    if len(checks) == 1 and isinstance(checks[0], validate.OneOf):
        choices = frozenset(checks[0].choices)

        def choose(value: Any) -> Any:
            found = take(value)
            if found not in choices:
                raise Crooked
            return found

        return choose

    def check(value: Any) -> Any:
        found = take(value)
        try:
            for each in checks:
                each(found)
        except ValidationError:
            raise Crooked from None
        return found

    return check


def _is_of_whole(check: Any) -> bool:
    """Whether it is the range that every whole number has, which its reader knows."""
    return isinstance(check, validate.Range) and (check.min, check.max) == (WHOLE[0], WHOLE[-1])
