"""Asks a process on this machine how it is: `python -m chassis.probe http://127.0.0.1:8081/health/ready`.

Ends with 0 when the answer is 200. For the health check of an image: it needs no other program.
"""

import http.client
import sys
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 5.0


def main(url: str) -> int:
    """Ask once; 0 when all is well."""
    parts = urlsplit(url)
    # Not urllib's opener: a proxy of the environment has no business here.
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS
    )
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        sys.stdout.write(answer.read(1000).decode(errors="replace") + "\n")
    except OSError as silent:
        sys.stdout.write(f"{silent}\n")
        return 1
    finally:
        connection.close()
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
