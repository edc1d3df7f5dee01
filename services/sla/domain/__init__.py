"""The rulebook of promises: calendars, policies, clocks, thresholds, attribution.

Nothing here reads a clock, a file or a network. Instants are UTC, intervals half-open `[a, b)`,
lengths whole microseconds.
"""
