"""What the resources of the front door work with, put together once."""

from dataclasses import dataclass

from gateway.accounts import Accounts, SignIn
from gateway.clients import Clients
from gateway.live import Live
from gateway.readership import Readers
from gateway.settings import GatewaySettings


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything a resource may need."""

    clients: Clients
    readers: Readers
    accounts: Accounts
    sign_in: SignIn
    live: Live
    settings: GatewaySettings
