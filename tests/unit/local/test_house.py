"""The description of the house: names, addresses and settings of every process."""

from pathlib import Path

import pytest

from contracts import catalogue
from deploy.local import house
from deploy.local.children import Process
from deploy.local.house import Addresses, NeedsPostgresql, Wish

ROOT = Path("/somewhere/meja")


def addresses(*, replicas: int = 1) -> Addresses:
    names = [
        name
        for service in house.SERVICES
        for name in house.replica_names(service, replicas=replicas)
    ]
    return Addresses(
        amqp_url="amqp://u:p@127.0.0.1:20001/meja",
        database_urls={owner: f"sqlite:////v/{owner}.db" for owner in house.OWNERS},
        health_ports={name: 21_000 + number for number, name in enumerate(names)},
        http_port=8081,
    )


def services(*, replicas: int = 1) -> dict[str, Process]:
    wish = Wish(replicas=replicas, database="postgresql")
    described = house.services(root=ROOT, wish=wish, addresses=addresses(replicas=replicas))
    return {process.name: process for process in described}


def test_the_house_runs_the_services_of_the_catalogue():
    assert tuple(house.SERVICES) == catalogue.SERVICES


def test_every_replica_is_named_and_has_a_health_port_of_its_own():
    described = services(replicas=2)

    assert list(described)[:4] == ["intake-1", "intake-2", "routing-1", "routing-2"]
    assert len({process.env["MEJA_HEALTH_PORT"] for process in described.values()}) == 8


def test_a_service_is_run_by_the_chassis_with_its_own_database():
    sla = services()["sla-1"]

    assert sla.argv[-3:] == ("-m", "chassis.runner", "services.sla.service:SlaService")
    assert sla.env["MEJA_DATABASE_URL"] == "sqlite:////v/sla.db"
    assert sla.env["MEJA_AMQP_URL"] == "amqp://u:p@127.0.0.1:20001/meja"
    assert sla.ready_url == f"http://127.0.0.1:{sla.env['MEJA_HEALTH_PORT']}/health/ready"


def test_replicas_of_a_service_share_its_database():
    described = services(replicas=2)

    urls = {described[name].env["MEJA_DATABASE_URL"] for name in ("kb-1", "kb-2")}

    assert len(urls) == 1


def test_each_owner_of_a_database_migrates_its_own_before_anything_starts():
    jobs = {job.name: job for job in house.jobs(root=ROOT, addresses=addresses())}

    assert set(jobs) == {f"migrate-{owner}" for owner in house.OWNERS} | {"topology"}
    assert jobs["migrate-kb"].argv[-2:] == ("chassis.migrate", "services.kb")
    assert jobs["migrate-gateway"].argv[-2:] == ("chassis.migrate", "gateway")
    assert jobs["topology"].argv[-2:] == ("chassis.topology", "contracts.catalogue")


def test_the_gateway_listens_where_it_was_wished():
    wish = Wish(host="0.0.0.0")  # noqa: S104 - what a person may ask for

    gateway = house.gateway(root=ROOT, wish=wish, addresses=addresses())

    assert gateway.env["MEJA_HTTP_HOST"] == "0.0.0.0"  # noqa: S104 - as above
    assert gateway.env["MEJA_HTTP_PORT"] == "8081"
    assert gateway.ready_url == "http://127.0.0.1:8081/health/ready"


def test_a_standing_house_meets_a_wish_for_no_port_in_particular():
    standing = Wish(port=9000).as_dict()

    assert Wish().is_met_by(standing)
    assert Wish(port=9000).is_met_by(standing)
    assert not Wish(port=9001).is_met_by(standing)
    assert not Wish(database="postgresql").is_met_by(standing)


def test_several_replicas_on_sqlite_are_refused():
    with pytest.raises(NeedsPostgresql):
        Wish(replicas=2)
