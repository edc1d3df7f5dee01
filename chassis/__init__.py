"""HOW a service runs: settings, logs, database, outbox, bus, time, health. No help-desk word appears here."""
