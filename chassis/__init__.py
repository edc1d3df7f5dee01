"""HOW a service runs: settings, logs, database, bus, time. No help-desk word appears here."""
