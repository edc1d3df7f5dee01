"""The grammar of contracts: how an event, a call and their payloads are written down.

A payload is a frozen dataclass; its marshmallow schema is derived from the annotations, so that the
two cannot disagree. Limits stand in the annotation:

    subject: Annotated[str, validate.Length(min=1, max=200)]

Speakers write with `to_plain`, listeners read with `from_plain`, which ignores fields it does not
know (contracts only grow) unless it is told to be strict, as the HTTP door is.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast

import marshmallow
from marshmallow import Schema, fields, validate

from contracts import reading
from contracts.errors import Invalid

MAX_TEXT = 65_536  # characters of a message body; longer bodies belong in an attachment

T = TypeVar("T")
Request = TypeVar("Request")
Answer = TypeVar("Answer")


class Text(fields.String):
    """A string that every database can keep: no NUL, no lone surrogate."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if "\x00" in text:
            raise marshmallow.ValidationError("Must not contain a NUL character.")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise marshmallow.ValidationError("Must be valid Unicode text.") from None
        return text


class Instant(fields.AwareDateTime):
    """A point in time with an offset, kept in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        found = super()._deserialize(value, attr, data, **kwargs)
        try:
            return found.astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from None


class Flag(fields.Boolean):
    """true or false; not "yes", not 1."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Whole(fields.Integer):
    """A whole number; true is not 1, "7" is not 7. At most 64 bits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)
        self.validators.append(validate.Range(min=-(2**63), max=2**63 - 1))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool | str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Number(fields.Float):
    """A finite number; true is not 1."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool | str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


_SCALARS: dict[Any, type[fields.Field[Any]]] = {
    str: Text,
    bool: Flag,
    int: Whole,
    float: Number,
    datetime: Instant,
}


def schema_of(contract: type[Any]) -> type[Schema]:
    """The marshmallow schema class derived from a payload dataclass; made once."""
    if contract not in _SCHEMAS:
        _SCHEMAS[contract] = _derive(contract)
    return _SCHEMAS[contract]


_SCHEMAS: dict[type[Any], type[Schema]] = {}

_STRAIGHT: dict[type[Any], reading.Read] = {
    Text: reading.text,
    Flag: reading.flag,
    Whole: reading.whole,
    Number: reading.number,
    Instant: reading.instant,
    fields.Raw: lambda value: value,
}


def _derive(contract: type[Any]) -> type[Schema]:
    hints = typing.get_type_hints(contract, include_extras=True)
    declared = {
        field.name: _field_for(hints[field.name], field) for field in dataclasses.fields(contract)
    }

    @marshmallow.post_load
    def build(_self: Schema, data: dict[str, Any], **_kwargs: Any) -> Any:
        return contract(**data)

    body: dict[str, Any] = {
        **declared,
        "build": build,
        "contract": contract,
        "__doc__": contract.__doc__,
    }
    return cast("type[Schema]", type(contract.__name__, (Schema,), body))


def _field_for(hint: Any, field: "dataclasses.Field[Any]") -> "fields.Field[Any]":
    options: dict[str, Any] = {}
    if field.default is not dataclasses.MISSING:
        options["load_default"] = field.default
    elif field.default_factory is not dataclasses.MISSING:
        options["load_default"] = field.default_factory
    else:
        options["required"] = True
    if description := field.metadata.get("description"):
        options["metadata"] = {"description": description}
    return _plain_field(hint, **options)


def _plain_field(hint: Any, **options: Any) -> "fields.Field[Any]":
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        inner, *limits = typing.get_args(hint)
        field = _plain_field(inner, **options)
        field.validators.extend(limits)
        return field
    if origin in {typing.Union, types.UnionType}:
        inner = next(arm for arm in typing.get_args(hint) if arm is not types.NoneType)
        return _plain_field(inner, allow_none=True, **options)
    if origin is Literal:
        choices = typing.get_args(hint)
        of = Whole if isinstance(choices[0], int) else Text
        return of(validate=validate.OneOf(choices), **options)
    if origin is tuple:
        return _Sequence(_plain_field(typing.get_args(hint)[0]), **options)
    if origin in {dict, Mapping}:
        key, value = typing.get_args(hint)
        return _Keyed(keys=_plain_field(key), values=_plain_field(value), **options)
    if dataclasses.is_dataclass(hint):
        return fields.Nested(schema_of(cast("type[Any]", hint)), **options)
    if hint is Any:
        return fields.Raw(allow_none=True, **options)
    return _SCALARS[hint](**options)


class _Sequence(fields.List[Any]):
    """A list on the wire, a tuple in the frozen payload."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class _Keyed(fields.Dict):
    """A mapping; an error is found under the key it belongs to."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except marshmallow.ValidationError as refused:
            if not isinstance(refused.messages, dict):
                raise
            by_key = {key: _unnested(found) for key, found in refused.messages.items()}
            raise marshmallow.ValidationError(cast("Any", by_key)) from None


def _unnested(found: Any) -> Any:
    return found.get("value", found.get("key")) if isinstance(found, Mapping) else found


Unknown = Literal["exclude", "raise"]
_READERS: dict[tuple[type[Any], Unknown], tuple[reading.Read, Schema]] = {}


def _reader(contract: type[Any], unknown: Unknown) -> tuple[reading.Read, Schema]:
    """The straight reader of a payload, and the schema that judges what it does not take."""
    at = (contract, unknown)
    if at not in _READERS:
        schema = schema_of(contract)(unknown=unknown)
        for field in schema.fields.values():
            _spread(field, unknown)
        _READERS[at] = reading.payload(schema, reads=_STRAIGHT), schema
    return _READERS[at]


def _spread(field: "fields.Field[Any] | None", unknown: Unknown) -> None:
    """Let nested payloads treat unknown fields as the outer one does; marshmallow does not."""
    if isinstance(field, fields.List):
        _spread(field.inner, unknown)
    elif isinstance(field, fields.Dict):
        _spread(field.value_field, unknown)
    elif isinstance(field, fields.Nested):
        field.unknown = unknown
        field.schema.unknown = unknown
        for inner in field.schema.fields.values():
            _spread(inner, unknown)


def from_plain(contract: type[T], data: Any, *, strict: bool = False) -> T:
    """A payload read from plain JSON values.

    Args:
        contract: the payload's dataclass.
        data: what arrived.
        strict: refuse fields the contract does not name, instead of ignoring them.

    Raises:
        Invalid: with messages by field path, such as `requester.email`.
    """
    straight, schema = _reader(contract, "raise" if strict else "exclude")
    try:
        return cast("T", straight(data))
    except reading.Crooked:
        return cast("T", _judged(schema, data))


def _judged(schema: Schema, data: Any) -> Any:
    try:
        return schema.load(data)
    except marshmallow.ValidationError as refused:
        errors = _by_path(refused.messages)
        first = next(iter(errors))
        raise Invalid("invalid", f"{first}: {errors[first][0]}", {"errors": errors}) from None


def _by_path(messages: Any, path: str = "") -> dict[str, list[str]]:
    if isinstance(messages, Mapping):
        found: dict[str, list[str]] = {}
        for key, value in messages.items():
            at = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            found.update(_by_path(value, at))
        return found
    return {path or "body": [str(message) for message in messages]}


def to_plain(payload: Any) -> dict[str, Any]:
    """Plain JSON values for a payload: times as ISO 8601 with Z, tuples as lists."""
    return _writer(type(payload))(payload)


def _writer(contract: type[Any]) -> Callable[[Any], dict[str, Any]]:
    if contract not in _WRITERS:
        names = tuple(field.name for field in dataclasses.fields(contract))
        _WRITERS[contract] = lambda payload: {
            name: _plain(getattr(payload, name)) for name in names
        }
    return _WRITERS[contract]


_WRITERS: dict[type[Any], Callable[[Any], dict[str, Any]]] = {}


_AS_IS = frozenset({str, int, float, bool, types.NoneType})


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_IS:
        return value
    if kind is datetime:
        return in_iso(value)
    if kind is tuple or kind is list:
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        return _writer(kind)(value)
    raise TypeError(f"{kind.__name__} has no plain form")


def in_iso(instant: datetime) -> str:
    """An aware instant as ISO 8601 in UTC, such as `2026-01-05T01:00:00.250000Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Event:
    """A fact that one service tells and others may hear; see `says`."""

    NAME: ClassVar[str]
    SPEAKER: ClassVar[str]

    def about(self) -> str:
        """The id of what the event is about; listeners handle a batch in its order."""
        return ""


E = TypeVar("E", bound=type[Event])


def says(speaker: str, name: str, *, version: int = 1) -> Callable[[E], E]:
    """Name an event `<subject>.<past participle>.v<major>` and its speaking service."""

    def mark(event: E) -> E:
        event.NAME = f"{name}.v{version}"
        event.SPEAKER = speaker
        return event

    return mark


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What travels beside an event, in AMQP properties and headers.

    Attributes:
        message_id: UUIDv7; the listener's inbox knows a repeated message by it.
        occurred_at: when the speaker's transaction happened (UTC).
        correlation_id: one id for all that follows from one request at the front door.
        causation_id: the message or call that caused this one.
    """

    message_id: str
    occurred_at: datetime
    correlation_id: str
    causation_id: str | None = None


@dataclass(frozen=True)
class Operation(Generic[Request, Answer]):
    """A call one service answers.

    Attributes:
        service: who answers.
        name: the method, an imperative verb.
        request: payload dataclass of the question.
        answer: payload dataclass of the answer.
        mutates: it changes something, so a caller must send an idempotency key.
        deadline_seconds: how long a caller waits when it does not say otherwise.
    """

    service: str
    name: str
    request: type[Request]
    answer: type[Answer]
    mutates: bool = False
    deadline_seconds: float = 5.0


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Who listens to an event."""

    event: type[Event]
    listener: str


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """An empty question or answer."""
