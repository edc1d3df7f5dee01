"""A private PostgreSQL cluster: for `--database postgresql` and for the tests.

It listens on loopback only, asks everybody for a password, and flushes to disk as a real one does.
PostgreSQL refuses to run as root; called by root, the cluster belongs to the system's `postgres`
user, or to `nobody`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy

from deploy.local import children
from deploy.local.children import Child, Process
from deploy.local.places import secret, write_private
from deploy.local.ports import Ports
from deploy.local.problems import Problem
from deploy.local.system_packages import POSTGRESQL, install

SUPERUSER = "postgres"
_INSTALLED = Path("/usr/lib/postgresql")


class ClusterFailed(Problem):
    """The cluster could not be made; the message is what `initdb` said."""


@dataclass(frozen=True)
class PrivateCluster:
    """One PostgreSQL cluster of our own.

    `home` keeps what we must remember; `data` is the cluster itself, below `home` unless its user
    could not reach it there. `user` is whom it runs as, None for whoever calls.
    """

    home: Path
    data: Path
    port: int
    user: str | None

    @classmethod
    def at(cls, home: Path, *, ports: Ports) -> "PrivateCluster":
        """Describe the cluster that is remembered in `home`, on a port of its own.

        To be called while it is not running: a port that is in use counts as somebody else's.
        """
        user = _user()
        home.mkdir(parents=True, exist_ok=True)
        data = _data_folder(home, user=user)
        return cls(home=home, data=data, port=ports.take("postgresql"), user=user)

    @property
    def url(self) -> str:
        """The superuser's address."""
        return self._url(user=SUPERUSER, database="postgres")

    def processes(self) -> tuple[Process, ...]:
        """Describe the server; makes the cluster first when there is none."""
        if not (self.data / "PG_VERSION").exists():
            self._make()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        # A cluster stays with the version that made it, also when a newer one is installed.
        version = (self.data / "PG_VERSION").read_text("ascii").strip()
        program = _INSTALLED / version / "bin" / "postgres"
        server = Process(
            name="postgresql",
            argv=(str(program), "-D", str(self.data), *options),
            cwd=self.data,
            env={"LC_ALL": "C.UTF-8"},
            user=self.user,
            ready_url=self.url,
            stop_signal=signal.SIGINT,  # fast: ends sessions, then a clean shutdown
            orphan_signal=signal.SIGQUIT,  # at once, and its own children with it
        )
        return (server,)

    @contextmanager
    def running(self, *, logs: Path) -> Iterator[list[Child]]:
        """Keep the cluster up for the length of a `with` block.

        Raises:
            NotReady: it did not answer in time.
        """
        with children.standing(self.processes(), logs=logs) as started:
            yield started

    def create_databases(self, names: Iterable[str]) -> dict[str, str]:
        """Make each database with a user of its own when there is none, and give their addresses.

        The cluster must be running. Nobody but its user may connect to a database.
        """
        engine = sqlalchemy.create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in names:
                self._create_database(connection, name)
        engine.dispose()
        return self.urls(names)

    def urls(self, names: Iterable[str]) -> dict[str, str]:
        """Give the address of each database, for its own user."""
        return {name: self._url(user=name, database=name) for name in names}

    def drop(self) -> None:
        """Remove the cluster and everything in it; it must not be running."""
        if self.data.parent != self.home:
            shutil.rmtree(self.data.parent, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def _url(self, *, user: str, database: str) -> str:
        password = self._password(user)
        return f"postgresql+psycopg2://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def _password(self, user: str) -> str:
        return secret(self.home / "secrets.json", name=user)

    def _make(self) -> None:
        # Made beside its place and moved there whole: an interrupted one is simply made again.
        draft = self.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = draft.with_name("password")
        write_private(password, self._password(SUPERUSER))
        if self.user:
            shutil.chown(draft, self.user)
            shutil.chown(password, self.user)
        words = [str(_newest() / "bin" / "initdb"), "-D", str(draft), f"--username={SUPERUSER}"]
        words += [f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
        words += ["--locale=C.UTF-8", "--no-instructions"]
        done = _run_as(self.user, *words)
        password.unlink()
        if done.returncode:
            raise ClusterFailed(f"initdb failed:\n{done.stdout}{done.stderr}")
        draft.rename(self.data)

    def _create_database(self, connection: sqlalchemy.Connection, name: str) -> None:
        def missing(query: str) -> bool:
            return connection.execute(sqlalchemy.text(query), {"name": name}).first() is None

        def run(statement: str) -> None:
            connection.execute(sqlalchemy.text(statement))

        # Names are our own and passwords are hexadecimal: nothing in them needs quoting.
        if missing("SELECT 1 FROM pg_roles WHERE rolname = :name"):
            run(f"CREATE ROLE {name} LOGIN PASSWORD '{self._password(name)}'")
        if missing("SELECT 1 FROM pg_database WHERE datname = :name"):
            run(f"CREATE DATABASE {name} OWNER {name}")
            run(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")


def ensure_installed(*, say: Callable[[str], None]) -> None:
    """Install PostgreSQL when this machine has none.

    Raises:
        CannotInstall: it is missing and may not be installed.
    """
    if not is_installed():
        install(POSTGRESQL, say=say)


def is_installed() -> bool:
    """Tell whether a private cluster could be made."""
    return bool(_versions())


def _newest() -> Path:
    """Give the folder of the newest PostgreSQL."""
    return _versions()[-1]


def _versions() -> list[Path]:
    found = (path.parent.parent for path in _INSTALLED.glob("*/bin/initdb"))
    return sorted(found, key=lambda folder: float(folder.name))


def _user() -> str | None:
    """Give whom the cluster must run as: somebody else when we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _data_folder(home: Path, *, user: str | None) -> Path:
    """Give the cluster's folder: below `home`, or where its user can reach it if not there."""
    pointer = home / "data-folder"
    if pointer.exists():
        return Path(pointer.read_text("utf-8"))
    data = home / "data"
    if user and _run_as(user, "test", "-x", str(home)).returncode:
        # /var/tmp and not /tmp: a restart of the machine must not empty the desk.
        data = Path(tempfile.mkdtemp(prefix="meja-postgresql-", dir="/var/tmp")) / "data"
        data.parent.chmod(0o711)
    pointer.write_text(str(data), "utf-8")
    return data


def _run_as(user: str | None, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd="/",
        user=user,
        group=user and pwd.getpwnam(user).pw_gid,
        extra_groups=[] if user else None,
        capture_output=True,
        text=True,
        check=False,
    )
