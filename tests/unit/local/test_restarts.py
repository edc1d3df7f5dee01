"""How long a dead process waits before it is started again."""

from deploy.local.supervisor import wait_before_restart


def test_the_wait_doubles_with_every_death_in_a_row():
    assert [wait_before_restart(deaths) for deaths in (1, 2, 3, 4)] == [0.5, 1, 2, 4]


def test_the_wait_has_a_limit():
    assert wait_before_restart(50) == 15
