"""Samples are counted for the innermost frame that says what the work is for."""

from deploy.bench.profile import shares_of

LOOP = "GreenThread.main (eventlet/greenthread.py:272);"
HANDLER = LOOP + "open_ticket (intake/handlers.py:40);add_ticket (intake/store/tickets.py:90);"


def test_a_statement_counts_for_the_database_whoever_asked_for_it():
    lines = [f"{HANDLER}Connection.execute (sqlalchemy/engine/base.py:1) 3"]

    assert shares_of(lines) == {"database": 100.0}


def test_what_a_library_calls_counts_for_the_library():
    lines = [f"{LOOP}Schema.load (marshmallow/schema.py:7);compile (re/__init__.py:1) 1"]

    assert shares_of(lines) == {"payloads": 100.0}


def test_shares_are_of_all_samples_the_largest_first():
    lines = [f"{HANDLER}words_of (intake/domain/words.py:3) 3", f"{LOOP[:-1]} 1"]

    assert shares_of(lines) == {"rules and handlers": 75.0, "chassis and loop": 25.0}


def test_no_samples_are_no_shares():
    assert shares_of([]) == {}
