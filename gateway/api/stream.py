"""Live updates as server-sent events."""

from falcon import Request, Response

from contracts.errors import invalid_field
from gateway.house import House
from gateway.live import Interest
from gateway.reading import principal_of, query_of
from gateway.schemas import StreamQuery

MAX_ID = 64


class Stream:
    """What changes, as it changes."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._live = house.live

    def on_get(self, req: Request, resp: Response) -> None:
        """Follow one ticket, one's own notices, or everything."""
        principal = principal_of(req)
        query = query_of(req, StreamQuery)
        number = query.ticket
        if number is None and principal.is_requester:
            raise invalid_field("ticket", "Requesters follow one ticket of theirs.")
        if number is not None:
            number = self._clients.ticket(number=number, viewer=principal.viewer).number
        interest = Interest(
            number=number,
            is_requester=principal.is_requester,
            names=principal.names,
            notices_only=query.notices,
        )
        last_id = (req.get_header("Last-Event-ID") or "")[:MAX_ID]
        resp.stream = self._live.follow(interest, last_id=last_id)
        resp.content_type = "text/event-stream"
        resp.set_header("Cache-Control", "no-cache")
        resp.set_header("X-Accel-Buffering", "no")  # a proxy that collects would hold hints back
