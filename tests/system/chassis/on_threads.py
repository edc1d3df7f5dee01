"""Runs a service on native threads: eventlet's support ends, and this is the way out.

The part of eventlet that nameko uses is replaced by threads before anything imports it; the
chassis and the service are the same files, unchanged.
"""

import sys

from tests.system.chassis import eventlet_on_threads

sys.modules["eventlet"] = eventlet_on_threads
eventlet_on_threads.install()

from chassis import runner  # noqa: E402 – only now is eventlet what we say it is

if __name__ == "__main__":
    sys.exit(runner.main(sys.argv[1]))
