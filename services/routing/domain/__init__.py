"""The rulebook of routing: pure decisions over people, a ticket’s facts and agents’ loads."""
