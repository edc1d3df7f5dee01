"""Accounts and tokens from the command line.

python -m gateway.accounts token create --role admin --name launcher
python -m gateway.accounts account create --role agent --email sari@… --name Sari < password

`token create` prints the token and nothing else. Both use the database of MEJA_DATABASE_URL.
"""

import argparse
import sys
from typing import Any

from chassis.database import Database
from chassis.ids import new_id
from chassis.settings import DatabaseSettings, SettingsWrong, read
from chassis.timekeeper import WallClock
from contracts.errors import WireError
from contracts.grammar import from_plain
from gateway.access import RANKS
from gateway.accounts.book import Accounts
from gateway.models import Base
from gateway.schemas import AccountBody, TokenBody


def main(arguments: list[str] | None = None) -> int:
    """Do what is asked; 0 when it was done, 1 when it was refused."""
    asked = vars(_parser().parse_args(arguments))
    do = asked.pop("do")
    try:
        url = read(DatabaseSettings).database_url
    except SettingsWrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    database = Database(url, Base.metadata, timekeeper=WallClock(), workers=1)
    try:
        do(Accounts(database), {name: value for name, value in asked.items() if value is not None})
    except WireError as refused:
        sys.stderr.write(f"{refused.detail}\n")
        return 1
    finally:
        database.close()
    return 0


def _create_token(accounts: Accounts, asked: dict[str, Any]) -> None:
    token = accounts.create_token(from_plain(TokenBody, asked, strict=True), key=new_id())
    sys.stdout.write(f"{token.secret}\n")


def _create_account(accounts: Accounts, asked: dict[str, Any]) -> None:
    # A password on the command line would stand in the list of processes.
    password = sys.stdin.readline().rstrip("\r\n")
    body = from_plain(AccountBody, asked | {"password": password}, strict=True)
    made = accounts.create(body, key=new_id()).answer
    sys.stdout.write(f"{made.id}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gateway.accounts", description="Accounts and tokens.")
    nouns = parser.add_subparsers(required=True, metavar="token|account")
    token = nouns.add_parser("token").add_subparsers(required=True, metavar="create")
    create = token.add_parser("create", help="make an API token and print it")
    create.add_argument("--role", required=True, choices=RANKS)
    create.add_argument("--name", required=True, help="what it is for")
    create.add_argument("--email", help="the account it stands for; left out, it is its own")
    create.add_argument("--expires-at", help="instant with offset, such as 2027-01-01T00:00:00Z")
    create.set_defaults(do=_create_token)
    account = nouns.add_parser("account").add_subparsers(required=True, metavar="create")
    create = account.add_parser("create", help="make an account; its password is read from stdin")
    create.add_argument("--role", required=True, choices=RANKS)
    create.add_argument("--email", required=True)
    create.add_argument("--name", required=True)
    create.add_argument("--language", choices=("id", "en"))
    create.add_argument("--agent-key", help="the routing agent this account works as")
    create.set_defaults(do=_create_account)
    return parser


if __name__ == "__main__":
    sys.exit(main())
