"""Ids: unique without asking anybody, and sorted by time so that indexes stay compact."""

import os
import uuid

from chassis.timekeeper import real_milliseconds


def new_id() -> str:
    """A UUID version 7 (RFC 9562 §5.7) as 36 characters of text."""
    bits = (real_milliseconds() & (2**48 - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=bits))
