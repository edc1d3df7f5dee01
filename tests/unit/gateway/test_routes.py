"""The route table is the whole truth about the API."""

from typing import Any

import falcon.inspect
import pytest
from openapi_spec_validator import validate

from gateway import health
from gateway.access import OPEN
from gateway.api import reference
from gateway.api.openapi import describe
from gateway.api.routes import ACCESS, ROUTES
from gateway.app import create_app
from gateway.clients import Clients
from gateway.portal.portal import Portal


def _served(app: Any) -> set[tuple[str, str]]:
    return {
        (route.path, method.method)
        for route in falcon.inspect.inspect_routes(app)
        for method in route.methods
        if not method.internal
    }


def test_every_route_stands_in_the_access_table_and_is_served(app: Any) -> None:
    assert _served(app) == set(ACCESS | reference.ACCESS | health.ACCESS)


def test_every_page_stands_in_the_portals_access_table(
    caller: Any, database: Any, settings: Any, clock: Any
) -> None:
    portal = Portal(settings, clock=clock)
    app = create_app(clients=Clients(caller), database=database, settings=settings, pages=portal)

    pages = _served(app) - set(ACCESS | reference.ACCESS | health.ACCESS)

    assert pages == set(portal.access)


def test_only_description_and_operations_need_no_sign_in() -> None:
    is_open = {path for (path, _), roles in ACCESS.items() if roles == OPEN}

    assert is_open == {"/api/v1/openapi.json"}


def test_without_proof_every_other_call_is_401(client: Any) -> None:
    for route in ROUTES:
        path = route.path.replace("{", "").replace("}", "")

        result = client.simulate_request(route.method, path)

        assert result.status_code == (200 if route.roles == OPEN else 401), route.name


@pytest.mark.parametrize("role", ["requester", "agent", "lead", "admin"])
def test_a_role_outside_the_table_is_403(someone: Any, role: str) -> None:
    asker = someone(role)
    for route in ROUTES:
        if role in route.roles or route.roles == OPEN:
            continue
        path = route.path.replace("{", "").replace("}", "")

        result = asker.request(path, method=route.method)

        assert result.status_code == 403, route.name


def test_the_description_is_valid_openapi_and_names_every_call() -> None:
    document = describe()

    validate(document)
    described = {
        (path, method.upper()) for path, item in document["paths"].items() for method in item
    }
    assert described == set(ACCESS)
    assert document["openapi"] == "3.1.0"


def test_the_description_says_limits_in_json_schema() -> None:
    schemas = describe()["components"]["schemas"]

    assert schemas["OpenTicketBody"]["properties"]["subject"]["maxLength"] == 200
    assert r"\Z" not in str(schemas)
    assert "key" not in schemas["GroupSpecBody"]["required"]


def test_the_report_period_is_called_from_and_to() -> None:
    parameters = describe()["paths"]["/api/v1/reports/promises"]["get"]["parameters"]

    assert {parameter["name"] for parameter in parameters} == {
        "from",
        "to",
        "clock",
        "zone",
        "format",
    }


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/docs", "text/html"),
        ("/docs/start.js", "text/javascript"),
        ("/docs/swagger-ui-bundle.js", "text/javascript"),
        ("/docs/swagger-ui.css", "text/css"),
        ("/docs/favicon-32x32.png", "image/png"),
    ],
)
def test_the_reference_can_be_browsed_without_another_host(
    client: Any, path: str, media: str
) -> None:
    result = client.simulate_get(path)

    assert result.status_code == 200
    assert result.headers["Content-Type"].startswith(media)
    assert "http" not in client.simulate_get("/docs").text.replace("http-equiv", "")


def test_the_reference_serves_no_other_file(client: Any) -> None:
    assert client.simulate_get("/docs/index.css").status_code == 404
    assert client.simulate_get("/docs/..%2f__init__.py").status_code == 404
