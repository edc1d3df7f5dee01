"""The rulebook of tickets: numbers, priority, life cycle, conversation, pages. No I/O, no clock."""
