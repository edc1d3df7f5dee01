"""The private broker and the private cluster: they answer, remember, and leave nothing behind."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from deploy.local import broker, postgres
from deploy.local.broker import PrivateNode
from deploy.local.children import Child
from deploy.local.ports import Ports
from deploy.local.postgres import PrivateCluster
from deploy.local.probes import answers


def processes_that_mention(folder: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in words:
            found.append(path.name)
    return found


def pids(children: list[Child]) -> set[str]:
    return {str(child.pid) for child in children}


@pytest.mark.skipif(not broker.is_installed(), reason="RabbitMQ is not installed")
def test_a_private_broker_answers_and_leaves_no_process_behind(tmp_path: Path):
    node = PrivateNode.at(tmp_path / "rabbitmq", ports=Ports(tmp_path / "ports.json"))

    with node.running(logs=tmp_path / "log") as children:
        assert answers(node.url)
        assert not answers(node.url.replace("meja:", "meja:not-"))
        assert "meja" in node.control("list_vhosts")
        assert pids(children) <= set(processes_that_mention(node.home))

    assert not answers(node.url)
    assert processes_that_mention(node.home) == []
    assert not answers(f"tcp://127.0.0.1:{node.epmd_port}")


@pytest.mark.skipif(not postgres.is_installed(), reason="PostgreSQL is not installed")
def test_a_private_cluster_keeps_each_database_to_its_own_user(tmp_path: Path):
    cluster = PrivateCluster.at(tmp_path / "postgresql", ports=Ports(tmp_path / "ports.json"))
    try:
        with cluster.running(logs=tmp_path / "log"):
            urls = cluster.create_databases(["meja_kb", "meja_sla"])
            assert answers(urls["meja_kb"])
            assert not answers(urls["meja_kb"].replace("/meja_kb", "/meja_sla"))
        assert processes_that_mention(cluster.data) == []
    finally:
        cluster.drop()
    assert not cluster.data.exists()


@pytest.mark.skipif(not postgres.is_installed(), reason="PostgreSQL is not installed")
def test_a_cluster_keeps_its_data_and_address_from_run_to_run(tmp_path: Path):
    def cluster() -> PrivateCluster:
        return PrivateCluster.at(tmp_path / "postgresql", ports=Ports(tmp_path / "ports.json"))

    try:
        first = cluster()
        with first.running(logs=tmp_path / "log"):
            (url,) = first.create_databases(["meja_kb"]).values()
            run(url, "CREATE TABLE articles (title TEXT)")
        second = cluster()
        with second.running(logs=tmp_path / "log"):
            assert second.create_databases(["meja_kb"]) == {"meja_kb": url}
            run(url, "SELECT title FROM articles")
    finally:
        cluster().drop()


def run(url: str, statement: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
