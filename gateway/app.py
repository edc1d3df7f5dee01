"""The front door, put together: `create_app` for tests, `get_app` for gunicorn."""

import re
from collections.abc import Iterable
from typing import Any, Protocol

import falcon
from falcon import Request, Response
from opentelemetry.trace import SpanKind

from chassis import context, tracing
from chassis.database import Database
from chassis.ids import new_id
from chassis.rpc_client import RpcClient
from chassis.settings import read
from chassis.timekeeper import timekeeper
from chassis.tracing import TRACER
from gateway import health
from gateway.access import SESSION_COOKIE, AccessTable, LimitTable
from gateway.accounts import Accounts, SignIn
from gateway.api import door, reference
from gateway.api.files import IMPORT
from gateway.api.routes import ACCESS, LARGER
from gateway.clients import Clients
from gateway.errors import Problem, ProblemWriter
from gateway.house import House
from gateway.live import AmqpBus, Live
from gateway.middleware.doorkeeper import Doorkeeper, Limits
from gateway.middleware.record import RequestRecord
from gateway.models import Base
from gateway.portal.portal import Portal
from gateway.readership import Readers
from gateway.settings import GatewaySettings

_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}\Z")


class Pages(Protocol):
    """The web portal, as the front door sees it."""

    access: AccessTable
    larger: LimitTable

    def page_for_problem(self, req: Request, resp: Response, problem: Problem) -> None:
        """Draw an error."""

    def install(self, app: "falcon.App[Request, Response]", house: House) -> None:
        """Put its pages into `app`."""


class FrontDoor(falcon.App[Request, Response]):
    """A Falcon app whose every request is one piece of work with a correlation id and a trace.

    Attributes:
        live: the live streams, which a stop must end.
    """

    live: Live

    def __call__(self, env: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        given = env.get("HTTP_X_REQUEST_ID", "")
        call = context.Call(correlation_id=given if _SANE_ID.match(given) else new_id())
        trace = {
            name: env[variable]
            for name, variable in (
                ("traceparent", "HTTP_TRACEPARENT"),
                ("tracestate", "HTTP_TRACESTATE"),
            )
            if variable in env
        }
        with (
            context.entered(call, trace),
            TRACER.start_as_current_span(env["REQUEST_METHOD"], kind=SpanKind.SERVER),
        ):
            return super().__call__(env, start_response)


def create_app(
    *,
    clients: Clients,
    database: Database,
    settings: GatewaySettings,
    live: Live | None = None,
    pages: Pages | None = None,
) -> FrontDoor:
    """The front door over given clients and database.

    Args:
        clients: how services are asked; fakes in tests.
        database: the gateway's own.
        settings: the dials.
        live: who follows what changes; left out, it listens at the settings' broker.
        pages: the portal; without it there is the API alone.
    """
    house = House(
        clients=clients,
        readers=Readers(clients),
        accounts=Accounts(database),
        sign_in=SignIn(database, settings=settings),
        live=live or Live(lambda: AmqpBus(settings.amqp_url), limit=settings.streams),
        settings=settings,
    )
    access = ACCESS | reference.ACCESS | health.ACCESS | (pages.access if pages else {})
    imports: LimitTable = {(IMPORT, "POST"): settings.import_bytes}
    larger = LARGER | imports | (pages.larger if pages else {})
    app = FrontDoor(middleware=_middleware(house, access, larger))
    app.live = house.live
    app.req_options.strip_url_path_trailing_slash = True
    app.resp_options.secure_cookies_by_default = settings.secure_cookies
    ProblemWriter(pages.page_for_problem if pages else None).install(app)
    app.add_route("/health/live", health.Live())
    app.add_route("/health/ready", health.Ready(house))
    app.add_route("/metrics", health.Metrics())
    app.add_route("/docs", reference.Browser())
    app.add_route("/docs/{name}", reference.BrowserFile())
    door.install(app, house)
    if pages:
        pages.install(app, house)
    return app


def get_app() -> FrontDoor:
    """The front door as gunicorn serves it, by the environment's settings; once a process."""
    settings = read(GatewaySettings)
    tracing.start(service="gateway")
    clock = timekeeper(settings.clock_file)
    database = Database(
        settings.database_url,
        Base.metadata,
        timekeeper=clock,
        workers=settings.http_threads,
    )
    clients = Clients(RpcClient(settings.amqp_url))
    pages = Portal(settings, clock=clock)
    return create_app(clients=clients, database=database, settings=settings, pages=pages)


def _middleware(house: House, access: AccessTable, larger: LimitTable) -> list[Any]:
    settings = house.settings
    return [
        RequestRecord(secure=settings.secure_cookies),
        Limits(body_bytes=settings.body_bytes, larger=larger),
        Doorkeeper(
            sign_in=house.sign_in,
            access=access,
            cookie=SESSION_COOKIE,
            rate_per_second=settings.rate_per_second,
            rate_burst=settings.rate_burst,
        ),
        door.NoStrayParameters(),
    ]
