"""`./meja sla`: the engine of promises, for people and programs, without a house."""

import sys
from typing import TextIO

import click

from deploy.sla import stories
from deploy.sla.lines import Solve, answer_lines
from deploy.sla.questions import answer

_FILE = click.argument("file", type=click.File(encoding="utf-8"))


@click.group()
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
