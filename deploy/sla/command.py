"""`./meja sla`: the engine of promises, for people and programs; `what-if` asks a standing desk."""

import importlib
import sys
from typing import TextIO

import click

from deploy.sla import stories
from deploy.sla.lines import Solve, answer_lines
from deploy.sla.questions import answer

_FILE = click.argument("file", type=click.File(encoding="utf-8"))


class _Sla(click.Group):
    """A group that imports what speaks to a desk only when it is called: `calc` starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "what-if"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "what-if":
            return super().get_command(ctx, cmd_name)
        command: click.Command = importlib.import_module("deploy.sla.what_if").what_if
        return command


@click.group(cls=_Sla)
def sla() -> None:
    """Calculate deadlines and judge tickets with the engine of the desk."""


@sla.command(short_help="Answer questions to calendars.")
@_FILE
def calc(*, file: TextIO) -> None:
    """Answer each JSON line of FILE (`-`: what is piped in) with `{"id": …, "result": …}`.

    A question has `id`, `op` (add, subtract, elapsed, is_open, next_open, prev_open, next_close),
    `calendar`, `start`, and `end` or `minutes`.
    """
    _answer(file, answer)


@sla.command(short_help="Judge life stories of tickets.")
@_FILE
def judge(*, file: TextIO) -> None:
    """Judge each JSON line of FILE (`-`: what is piped in) with `{"id": …, "result": …}`.

    A story has `id`, `calendar`, `sla_minutes` (by clock) and a `timeline` of what happened.
    """
    _answer(file, stories.judge)


def _answer(file: TextIO, solve: Solve) -> None:
    if answer_lines(file, solve=solve, out=sys.stdout, errors=sys.stderr):
        sys.exit(1)
