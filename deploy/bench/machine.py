"""What the machine itself can do, and what the house takes of it."""

import time
from pathlib import Path

import amqp
import sqlalchemy as sa
from kombu.utils.url import parse_url

from deploy.bench.load import Measured, summary

PROC = Path("/proc")


def broker_round_trip(amqp_url: str, *, seconds: float) -> Measured:
    """Publish to a queue of our own and read it back, one at a time: no work, only the way."""
    parts = parse_url(amqp_url)
    connection = amqp.Connection(
        host=f"{parts['hostname']}:{parts['port']}",
        userid=parts["userid"],
        password=parts["password"],
        virtual_host=parts["virtual_host"],
    )
    connection.connect()
    channel = connection.channel()
    queue = channel.queue_declare(exclusive=True).queue
    arrived: list[object] = []
    channel.basic_consume(queue, callback=arrived.append, no_ack=True)
    times: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        sent = time.perf_counter()
        channel.basic_publish(amqp.Message("{}"), exchange="", routing_key=queue)
        while not arrived:
            connection.drain_events(timeout=5)
        arrived.clear()
        times.append(time.perf_counter() - sent)
    connection.close()
    return summary("broker round trip", times, failed=0, seconds=time.perf_counter() - began)


def single_row_commit(database_url: str, *, seconds: float) -> Measured:
    """Insert one row and commit, one at a time, by the bare driver."""
    engine = sa.create_engine(database_url)
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("CREATE TEMPORARY TABLE floor (id serial PRIMARY KEY, body text)")
    raw.commit()
    times: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        start = time.perf_counter()
        cursor.execute("INSERT INTO floor (body) VALUES ('x')")
        raw.commit()
        times.append(time.perf_counter() - start)
    took = time.perf_counter() - began
    raw.close()
    engine.dispose()
    return summary("single-row commit", times, failed=0, seconds=took)


def resident_megabytes(pid: int) -> float:
    """Proportional resident memory of a process and its descendants, in MB (10^6 bytes).

    A page that several processes share is counted in parts, so that the sum is what they take.
    """
    return sum(_proportional_bytes(one) for one in [pid, *_descendants(pid)]) / 1e6


def _proportional_bytes(pid: int) -> int:
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) * 1024


def _descendants(pid: int) -> list[int]:
    try:
        text = (PROC / str(pid) / "task" / str(pid) / "children").read_text()
    except OSError:
        return []
    children = [int(child) for child in text.split()]
    return [*children, *(below for child in children for below in _descendants(child))]


def environment_of(pid: int) -> dict[str, str]:
    """The environment a process was started with."""
    text = (PROC / str(pid) / "environ").read_bytes().decode(errors="replace")
    return dict(pair.split("=", 1) for pair in text.split("\0") if "=" in pair)


def processor_seconds(pid: int) -> float:
    """Processor time that a process and its present descendants have used."""
    ticks = 0
    for one in [pid, *_descendants(pid)]:
        try:
            fields = (PROC / str(one) / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100
