"""A change asked for twice with one idempotency key is made once and answered alike."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from chassis.database import Database, Transaction
from contracts.errors import Conflict
from contracts.grammar import from_plain, to_plain
from gateway.clients import Reply

T = TypeVar("T")

KEPT = timedelta(hours=24)


def once(
    database: Database,
    *,
    key: str,
    operation: str,
    question: Mapping[str, Any],
    answer: type[T],
    do: Callable[[Transaction], T],
) -> Reply[T]:
    """Do it, or answer as it was answered before.

    Args:
        database: where the answer is kept, in the transaction of the change itself.
        key: the idempotency key.
        operation: what is done.
        question: what was asked; it must hold no secret, since a digest of it is kept.
        answer: payload of the answer; it is kept for a day.
        do: the change.

    Raises:
        Conflict: the key was used for something else.
    """
    told = json.dumps([operation, question], sort_keys=True, default=str)
    digest = hashlib.sha256(told.encode()).hexdigest()
    answers = database.tables.answers
    with database.write() as tx:
        tx.session.execute(sa.delete(answers).where(answers.c.answered_at < tx.now - KEPT))
        # The key's row comes first: of two that race, the second waits here for the first.
        row = {"key": key, "operation": operation, "digest": digest, "answered_at": tx.now}
        if tx.insert_if_absent(answers, **row, answer=""):
            found = do(tx)
            tx.session.flush()
            tx.session.execute(
                sa.update(answers)
                .where(answers.c.key == key)
                .values(answer=json.dumps(to_plain(found)))
            )
            return Reply(found, replayed=False)
        kept = tx.session.execute(
            sa.select(answers.c.digest, answers.c.answer).where(answers.c.key == key)
        ).one()
    if kept.digest != digest:
        raise Conflict("idempotency_key_reused", "This key was used for something else.")
    return Reply(from_plain(answer, json.loads(kept.answer)), replayed=True)
