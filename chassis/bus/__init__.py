"""The bus, as a service's door sees it. Nobody else in a service knows nameko.

`rpc` answers calls, `subscribe` hears events, `on_timer` handles what falls due.
"""

from chassis.bus.alarms import on_timer
from chassis.bus.calls import rpc
from chassis.bus.inbox import subscribe

__all__ = ["on_timer", "rpc", "subscribe"]
