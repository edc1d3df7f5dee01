"""WHAT the services say to each other: events, calls, wire errors. No I/O happens here."""
