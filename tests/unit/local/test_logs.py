"""Logs: bounded, readable from their end, followed over a rotation."""

from pathlib import Path

from deploy.local import logs


def test_a_log_past_its_limit_is_kept_aside_and_begun_anew(tmp_path: Path):
    log = tmp_path / "sla-1.log"
    log.write_text("old\n" * 10, "utf-8")

    logs.rotate(log, limit=10)

    assert log.read_text("utf-8") == ""
    assert (tmp_path / "sla-1.log.1").read_text("utf-8") == "old\n" * 10


def test_a_process_goes_on_writing_to_its_rotated_log(tmp_path: Path):
    log = tmp_path / "sla-1.log"
    with log.open("ab", buffering=0) as process:
        process.write(b"before\n")
        logs.rotate(log, limit=1)
        process.write(b"after\n")

    assert log.read_text("utf-8") == "after\n"


def test_only_so_many_old_logs_are_kept(tmp_path: Path):
    log = tmp_path / "kb-1.log"
    for number in range(5):
        log.write_text(f"run {number}\n", "utf-8")
        logs.rotate(log, limit=1, kept=3)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "kb-1.log",
        "kb-1.log.1",
        "kb-1.log.2",
    ]
    assert (tmp_path / "kb-1.log.1").read_text("utf-8") == "run 4\n"


def test_a_log_within_its_limit_is_left_alone(tmp_path: Path):
    log = tmp_path / "kb-1.log"
    log.write_text("short\n", "utf-8")

    logs.rotate(log, limit=100)
    logs.rotate(tmp_path / "missing.log", limit=100)

    assert [path.name for path in tmp_path.iterdir()] == ["kb-1.log"]


def test_the_tail_of_a_log_is_its_last_lines(tmp_path: Path):
    log = tmp_path / "kb-1.log"
    log.write_text("".join(f"{number}\n" for number in range(10_000)), "utf-8")

    assert logs.tail(log, lines=2) == ["9998", "9999"]
    assert logs.tail(tmp_path / "missing.log", lines=2) == []


def test_following_gives_whole_lines_only_and_survives_rotation(tmp_path: Path):
    log = tmp_path / "kb-1.log"
    log.write_text("one\nhal", "utf-8")

    lines, place = logs.read_from(log, 0)
    assert lines == ["one"]

    log.write_text("new\n", "utf-8")
    log.write_text("x\n", "utf-8")
    assert logs.read_from(log, place) == (["x"], 2)
