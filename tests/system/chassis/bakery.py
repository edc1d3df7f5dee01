"""A service that knows nothing of help desks: if the chassis can run a bakery, it is a chassis."""

import os
import signal
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import context
from chassis.bus import every, on_timer, rpc, subscribe
from chassis.bus.inbox import Inbox
from chassis.database import Database, Timer, Transaction, tables
from chassis.outbox import ConfirmedChannel
from chassis.providers import Desk
from contracts.errors import Conflict, NotFound
from contracts.grammar import Event, Operation, Subscription, says

SERVICES = ("bakery",)


@dataclass(frozen=True, kw_only=True)
class Bake:
    name: str
    how: str = "well"


@dataclass(frozen=True, kw_only=True)
class Loaf:
    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Count:
    ordered: int = 0
    delivered: int = 0
    rung: int = 0
    patrolled: int = 0
    trace: str = ""


@says("bakery", "bread.baked")
@dataclass(frozen=True, kw_only=True)
class BreadBaked(Event):
    loaf: int
    how: str


BAKE = Operation("bakery", "bake", Bake, Loaf, mutates=True)
LOOK = Operation("bakery", "look", Bake, Loaf)
COUNT = Operation("bakery", "count", Count, Count)
SUBSCRIPTIONS = (Subscription(event=BreadBaked, listener="bakery"),)


class Base(DeclarativeBase):
    pass


tables(Base.metadata)


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Delivery(Base):
    __tablename__ = "deliveries"
    id: Mapped[int] = mapped_column(primary_key=True)
    loaf: Mapped[int]
    trace: Mapped[str] = mapped_column(default="")


class Ring(Base):
    __tablename__ = "rings"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]


class Patrol(Base):
    __tablename__ = "patrols"
    process: Mapped[int] = mapped_column(primary_key=True)


class OvenCold(Exception):
    pass


MOMENT = os.environ.get("DIE")  # when this process dies, for tests that cause it


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if MOMENT == "before_acknowledge":
    Inbox.settle = lambda *_: die()  # type: ignore[method-assign]

if MOMENT == "after_publish":
    confirmed = ConfirmedChannel.wait

    def wait_and_die(self: ConfirmedChannel) -> set[str]:
        confirmed(self)
        die()
        return set()

    ConfirmedChannel.wait = wait_and_die  # type: ignore[method-assign]


class BakeryService:
    name = "bakery"
    desk = Desk(Base.metadata, services=SERVICES, subscriptions=SUBSCRIPTIONS)
    tries: ClassVar[dict[int, int]] = {}
    rounds: ClassVar[list[int]] = []

    @rpc(BAKE, refusals={OvenCold: lambda _error: Conflict("oven_cold")})
    def bake(self, question: Bake, tx: Transaction) -> Loaf:
        order = Order(name=question.name)
        tx.session.add(order)
        tx.session.flush()
        tx.announce(BreadBaked(loaf=order.id, how=question.how))
        later = timedelta(days=1) if question.how == "tomorrow" else timedelta()
        tx.arm(key=f"oven-{order.id}", due_at=tx.now + later)
        if question.how == "cold":
            raise OvenCold
        if question.how == "burnt":
            raise RuntimeError("burnt")
        if question.how == "slowly":
            time.sleep(1.5)
        return Loaf(id=order.id, name=order.name)

    @rpc(LOOK)
    def look(self, question: Bake, tx: Transaction) -> Loaf:
        if question.how == "asleep":
            time.sleep(2)
        found = tx.session.scalar(sa.select(Order).where(Order.name == question.name))
        if found is None:
            raise NotFound("no_such_loaf", facts={"name": question.name})
        return Loaf(id=found.id, name=found.name)

    @rpc(COUNT)
    def count(self, _question: Count, tx: Transaction) -> Count:
        def rows(table: type[Base]) -> int:
            return tx.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0

        trace = tx.session.scalar(sa.select(Delivery.trace).order_by(Delivery.id.desc())) or ""
        return Count(
            ordered=rows(Order),
            delivered=rows(Delivery),
            rung=rows(Ring),
            patrolled=rows(Patrol),
            trace=trace,
        )

    @subscribe(BreadBaked)
    def on_bread_baked(self, event: BreadBaked, tx: Transaction) -> None:
        self.tries[event.loaf] = self.tries.get(event.loaf, 0) + 1
        if event.how == "poisoned" or (event.how == "flaky" and self.tries[event.loaf] < 3):
            raise RuntimeError(event.how)
        trace = context.outgoing_trace().get("traceparent", "")
        tx.session.add(Delivery(loaf=event.loaf, trace=trace))
        tx.session.flush()
        if event.how == "die" and MOMENT == "in_handler":
            die()

    @on_timer
    def on_ring(self, timer: Timer, tx: Transaction) -> None:
        tx.session.add(Ring(key=timer.key))

    @every(seconds=0.1)
    def patrol(self, database: Database) -> None:
        if "PATROLS" not in os.environ:
            return
        self.rounds.append(os.getpid())
        if len(self.rounds) == 1:
            raise RuntimeError("stumbled")
        with database.write() as tx:
            tx.insert_if_absent(Base.metadata.tables["patrols"], process=os.getpid())
