"""What can be wrong with a definition that an administrator writes."""

from collections.abc import Mapping, Sequence


class InvalidDefinition(Exception):
    """A calendar or policy that cannot be used; `errors` maps a field's path to messages."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {path: list(messages) for path, messages in errors.items()}
        super().__init__(self.errors)


class Problems:
    """Messages by field path, gathered so that an administrator sees all of them at once."""

    def __init__(self) -> None:
        self._errors: dict[str, list[str]] = {}

    def add(self, path: str, message: str) -> None:
        """Note one problem."""
        self._errors.setdefault(path, []).append(message)

    def refuse_if_any(self) -> None:
        """Refuse the definition when anything was noted.

        Raises:
            InvalidDefinition: with every message.
        """
        if self._errors:
            raise InvalidDefinition(self._errors)
