"""The broker of a local house: yours, this machine's, or a private RabbitMQ node of our own.

The private node runs as whoever calls, listens on loopback only and keeps everything below one
folder. It is a plain child process: the Erlang machine itself, not the script around it, and its
name server `epmd` in the foreground beside it. So nothing of it can stay behind.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local import children, environment
from deploy.local.children import Child, Process
from deploy.local.places import secret, write_private
from deploy.local.ports import Ports
from deploy.local.probes import answers
from deploy.local.system_packages import RABBITMQ, install

STANDARD_URL = "amqp://guest:guest@127.0.0.1:5672/"
VHOST = "meja"
USER = "meja"
# Where the node's own tools listen while they talk to it; theirs by default lie among the ports
# that Linux gives to outgoing connections.
_TOOL_PORTS = (31_000, 31_099)
_CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{port}
default_vhost = {vhost}
default_user = {user}
default_pass = {password}
disk_free_limit.absolute = 200MB
vm_memory_high_watermark.absolute = 512MiB
log.file.level = info
"""


@dataclass(frozen=True)
class Broker:
    """A broker to use: its address, whose it is, and what we must run for it (perhaps nothing)."""

    url: str
    whose: str
    processes: tuple[Process, ...] = ()


@dataclass(frozen=True)
class PrivateNode:
    """One RabbitMQ node of our own, with everything it writes below `home`."""

    home: Path
    port: int
    distribution_port: int
    epmd_port: int

    @classmethod
    def at(cls, home: Path, *, ports: Ports) -> "PrivateNode":
        """Describe the node that lives in `home`, on ports of its own.

        To be called while it is not running: a port that is in use counts as somebody else's.
        """
        return cls(
            home=home,
            port=ports.take("rabbitmq"),
            distribution_port=ports.take("rabbitmq distribution"),
            epmd_port=ports.take("epmd"),
        )

    @property
    def url(self) -> str:
        """The node's address with its random password."""
        return f"amqp://{USER}:{self._password}@127.0.0.1:{self.port}/{VHOST}"

    def processes(self) -> tuple[Process, ...]:
        """Describe the two processes of the node; writes its configuration."""
        self._write_configuration()
        env = self.environment()
        epmd = (_find("epmd"), "-port", str(self.epmd_port), "-address", "127.0.0.1")
        # ALLOW_INPUT makes the script become the Erlang machine instead of waiting beside it.
        server = (str(server_program()), "-noinput")
        epmd_url = f"tcp://127.0.0.1:{self.epmd_port}"
        return (
            Process(name="epmd", argv=epmd, cwd=self.home, env=env, ready_url=epmd_url),
            Process(name="rabbitmq", argv=server, cwd=self.home, env=env, ready_url=self.url),
        )

    @contextmanager
    def running(self, *, logs: Path) -> Iterator[list[Child]]:
        """Keep the node up for the length of a `with` block.

        Raises:
            NotReady: it did not answer in time.
        """
        with children.standing(self.processes(), logs=logs) as started:
            yield started

    def control(self, *words: str) -> str:
        """Run `rabbitmqctl` against this node and give what it says.

        Raises:
            subprocess.CalledProcessError: it refused.
        """
        tool = server_program().with_name("rabbitmqctl")
        env = environment.inherited() | self.environment()
        done = subprocess.run(
            (str(tool), "-q", *words), env=env, capture_output=True, text=True, check=True
        )
        return done.stdout

    def environment(self) -> dict[str, str]:
        """Give the variables that keep the node and its tools inside `home` and on loopback."""
        home = str(self.home)
        low, high = _TOOL_PORTS
        return {
            "HOME": home,  # the Erlang cookie is made here
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_BYTES": "0",
            "RABBITMQ_ALLOW_INPUT": "1",
            # A node name on localhost needs no look-up of the machine's own name.
            "RABBITMQ_NODENAME": f"meja{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_CTL_DIST_PORT_MIN": str(low),
            "RABBITMQ_CTL_DIST_PORT_MAX": str(high),
            "RABBITMQ_CONF_ENV_FILE": f"{home}/rabbitmq-env.conf",
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{home}/advanced.config",
            "RABBITMQ_CONFIG_FILES": f"{home}/conf.d",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
            "RABBITMQ_FEATURE_FLAGS_FILE": f"{home}/feature_flags",
            "RABBITMQ_GENERATED_CONFIG_DIR": f"{home}/config",
            "RABBITMQ_SCHEMA_DIR": f"{home}/schema",
            "RABBITMQ_MNESIA_BASE": f"{home}/mnesia",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            "RABBITMQ_PID_FILE": f"{home}/node.pid",
            # No busy waiting: an idle node on a laptop should cost nothing.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1}"
                " +sbwt none +sbwtdcpu none +sbwtdio none"
            ),
            # For the node and its tools alike: an `epmd` they started would outlive them.
            "ERL_AFLAGS": "-start_epmd false",
        }

    @property
    def _password(self) -> str:
        return secret(self.home / "secrets.json", name=USER)

    def _write_configuration(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        text = _CONFIG.format(port=self.port, vhost=VHOST, user=USER, password=self._password)
        write_private(self.home / "rabbitmq.conf", text)
        write_private(self.home / "enabled_plugins", "[].\n")
        # Present though empty: it hides the system broker's own file of this name.
        write_private(self.home / "rabbitmq-env.conf", "")


def choose(*, home: Path, ports: Ports) -> Broker:
    """Give the broker to use: `MEJA_AMQP_URL`, else this machine's own, else a private node."""
    if given := environment.read("MEJA_AMQP_URL"):
        return Broker(url=given, whose="the one MEJA_AMQP_URL names")
    if answers(STANDARD_URL):
        return Broker(url=_own_vhost(), whose="this machine's, on its standard port")
    node = PrivateNode.at(home, ports=ports)
    return Broker(url=node.url, whose="a private node of this house", processes=node.processes())


def ensure_available(*, say: Callable[[str], None]) -> None:
    """Install RabbitMQ when there is no broker to use and none to start.

    Raises:
        CannotInstall: it is missing and may not be installed.
    """
    if environment.read("MEJA_AMQP_URL") or is_installed() or answers(STANDARD_URL):
        return
    install(RABBITMQ, say=say)


def is_installed() -> bool:
    """Tell whether a private node could be started."""
    return server_program().exists() and shutil.which("epmd", path=_PROGRAMS) is not None


def server_program() -> Path:
    """Give RabbitMQ's own start script.

    Debian's `/usr/sbin/rabbitmq-server` is a wrapper that serves root and the system's broker only,
    so the script it wraps comes first.
    """
    packaged = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    found = shutil.which("rabbitmq-server", path=_PROGRAMS)
    return packaged if packaged.exists() or not found else Path(found).resolve()


def _own_vhost() -> str:
    """Give the address of a virtual host of our own on the system's broker, else of its first."""
    own = STANDARD_URL + VHOST
    if answers(own):
        return own
    tool = shutil.which("rabbitmqctl", path=_PROGRAMS)
    if tool and os.geteuid() == 0:
        grant = ("set_permissions", "-p", VHOST, "guest", ".*", ".*", ".*")
        for words in (("add_vhost", VHOST), grant):
            subprocess.run((tool, "-q", *words), capture_output=True, check=False)
    return own if answers(own) else STANDARD_URL


_PROGRAMS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def _find(program: str) -> str:
    return shutil.which(program, path=_PROGRAMS) or program
