"""Ids are unique and sort by time."""

import uuid

from chassis.ids import new_id


def test_an_id_is_a_version_7_uuid() -> None:
    found = uuid.UUID(new_id())

    assert found.version == 7
    assert found.variant == uuid.RFC_4122


def test_ids_differ_and_their_first_half_never_goes_back() -> None:
    ids = [new_id() for _ in range(2000)]

    assert len(set(ids)) == 2000
    assert [one[:13] for one in ids] == sorted(one[:13] for one in ids)
