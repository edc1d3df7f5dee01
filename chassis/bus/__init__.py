"""The bus, as a service's door sees it. Nobody else in a service knows nameko.

`rpc` answers calls, `subscribe` hears events, `on_timers` handles what falls due, `every` makes
rounds.
"""

from chassis.bus.alarms import on_timer, on_timers
from chassis.bus.calls import rpc
from chassis.bus.inbox import subscribe
from chassis.bus.rounds import every

__all__ = ["every", "on_timer", "on_timers", "rpc", "subscribe"]
