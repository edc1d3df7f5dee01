"""The rulebook of routing: pure decisions over the directory, a ticket's facts and agents' loads."""
