"""How often is too often: one token bucket per caller, kept in this process."""

import threading
import time
from collections.abc import Callable

MAX_CALLERS = 10_000


class Buckets:
    """Each caller may act `burst` times at once and `per_second` times in the long run.

    Buckets are per process: with n workers a caller gets up to n times as much. A bucket that is
    full again is forgotten, so that a flood of callers costs no memory.
    """

    def __init__(
        self,
        *,
        per_second: float,
        burst: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._level: dict[str, tuple[float, float]] = {}

    def take(self, caller: str) -> bool:
        """Whether the caller may act once more now."""
        now = self._monotonic()
        with self._lock:
            level = self._refilled(self._level.get(caller), now)
            allowed = level >= 1
            self._level[caller] = (level - 1 if allowed else level, now)
            if len(self._level) > MAX_CALLERS:
                self._forget_full(now)
        return allowed

    def _refilled(self, bucket: tuple[float, float] | None, now: float) -> float:
        if bucket is None:
            return self._burst
        level, at = bucket
        return min(self._burst, level + (now - at) * self._per_second)

    def _forget_full(self, now: float) -> None:
        self._level = {
            caller: bucket
            for caller, bucket in self._level.items()
            if self._refilled(bucket, now) < self._burst
        }
