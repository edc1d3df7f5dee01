"""Accounts, tokens and sessions, on SQLite and PostgreSQL, as the migrations make their tables."""

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from chassis import migrate
from chassis.database import Database
from chassis.ids import new_id
from contracts.errors import Conflict, Invalid, NotFound
from gateway.accounts import Accounts, SignIn, csrf_token
from gateway.accounts.__main__ import main
from gateway.errors import TooMany, Unauthenticated
from gateway.models import Account, Base, PortalSession, Token
from gateway.schemas import AccountBody, AccountChangeBody, TokenBody
from gateway.settings import GatewaySettings

NOW = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
PASSWORD = "kunci rumah besar"  # noqa: S105
OTHER = "rumah kunci besar"
HOME = "192.0.2.7"


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self.at).total_seconds())

    def pass_by(self, **length: float) -> None:
        self.at += timedelta(**length)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    migrate.upgrade("gateway", database_url)
    found = Database(database_url, Base.metadata, timekeeper=clock, workers=4)
    yield found
    found.close()


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database)


@pytest.fixture
def sign_in(database: Database) -> SignIn:
    settings = GatewaySettings(amqp_url="", database_url="", proof_cache_seconds=0)
    return SignIn(database, settings=settings)


def _sari(**changes: Any) -> AccountBody:
    values: dict[str, Any] = {
        "email": "Sari@Nusantara.example",
        "name": "Sari",
        "role": "agent",
        "password": PASSWORD,
        "agent_key": "sari",
    }
    return AccountBody(**values | changes)


def _enter(sign_in: SignIn, password: str = PASSWORD, address: str = HOME) -> str:
    return sign_in.sign_in(email="sari@nusantara.example", password=password, address=address)


def test_the_migrations_make_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    assert found == []


def test_a_password_opens_a_session_whatever_the_case_of_the_address(
    accounts: Accounts, sign_in: SignIn
) -> None:
    accounts.create(_sari(), key=new_id())

    secret = sign_in.sign_in(email="SARI@nusantara.example", password=PASSWORD, address=HOME)

    principal = sign_in.by_session(secret)
    assert principal is not None
    assert (principal.email, principal.role) == ("sari@nusantara.example", "agent")
    assert principal.agent_key == "sari"
    assert principal.by_session


def test_no_secret_is_kept_in_the_clear(
    accounts: Accounts, sign_in: SignIn, database: Database
) -> None:
    accounts.create(_sari(), key=new_id())
    token = accounts.create_token(TokenBody(name="launcher", role="admin"), key=new_id()).secret
    session = _enter(sign_in)

    with database.read() as tx:
        kept = [
            tx.session.scalar(sa.select(Account.password_hash)),
            tx.session.scalar(sa.select(Token.digest)),
            tx.session.scalar(sa.select(PortalSession.digest)),
            *tx.session.scalars(sa.select(database.tables.answers.c.answer)),
        ]
    assert str(kept[0]).startswith("$argon2id$")
    for secret in (PASSWORD, token, session):
        assert secret not in str(kept)


def test_unknown_account_wrong_password_and_closed_account_answer_alike(
    accounts: Accounts, sign_in: SignIn
) -> None:
    made = accounts.create(_sari(), key=new_id()).answer
    accounts.create(_sari(email="tutup@nusantara.example"), key=new_id())
    accounts.change(made.id, AccountChangeBody(active=False))
    said = set()
    for email, password in (
        ("nobody@nusantara.example", PASSWORD),
        ("tutup@nusantara.example", OTHER),
        ("sari@nusantara.example", PASSWORD),
    ):
        with pytest.raises(Unauthenticated) as refused:
            sign_in.sign_in(email=email, password=password, address=HOME)
        said.add((refused.value.detail, refused.value.code))

    assert len(said) == 1


def test_an_account_without_a_password_cannot_sign_in(accounts: Accounts, sign_in: SignIn) -> None:
    accounts.create(_sari(password=None), key=new_id())

    with pytest.raises(Unauthenticated):
        _enter(sign_in, password="")


def test_ten_wrong_passwords_close_the_account_for_that_address_only(
    accounts: Accounts, sign_in: SignIn, clock: Clock
) -> None:
    accounts.create(_sari(), key=new_id())
    for _ in range(10):
        with pytest.raises(Unauthenticated):
            _enter(sign_in, password=OTHER)

    with pytest.raises(TooMany):
        _enter(sign_in)
    assert _enter(sign_in, address="192.0.2.8")
    clock.pass_by(minutes=15, seconds=1)
    assert _enter(sign_in)


def test_a_session_ends_when_it_is_idle(accounts: Accounts, sign_in: SignIn, clock: Clock) -> None:
    accounts.create(_sari(), key=new_id())
    secret = _enter(sign_in)

    clock.pass_by(minutes=119)
    assert sign_in.by_session(secret)
    clock.pass_by(minutes=119)
    assert sign_in.by_session(secret)
    clock.pass_by(minutes=120)
    assert sign_in.by_session(secret) is None


def test_a_session_ends_after_twelve_hours_however_busy(
    accounts: Accounts, sign_in: SignIn, clock: Clock
) -> None:
    accounts.create(_sari(), key=new_id())
    secret = _enter(sign_in)

    for _ in range(11):
        clock.pass_by(hours=1)
        assert sign_in.by_session(secret)
    clock.pass_by(hours=1)

    assert sign_in.by_session(secret) is None


def test_signing_out_ends_this_session_alone(accounts: Accounts, sign_in: SignIn) -> None:
    accounts.create(_sari(), key=new_id())
    one, other = _enter(sign_in), _enter(sign_in)

    sign_in.sign_out(one)

    assert sign_in.by_session(one) is None
    assert sign_in.by_session(other)


@pytest.mark.parametrize(
    "change",
    [AccountChangeBody(active=False), AccountChangeBody(password=OTHER)],
    ids=["closed", "new password"],
)
def test_closing_an_account_or_changing_its_password_ends_its_sessions(
    accounts: Accounts, sign_in: SignIn, change: AccountChangeBody
) -> None:
    made = accounts.create(_sari(), key=new_id()).answer
    secret = _enter(sign_in)

    accounts.change(made.id, change)

    assert sign_in.by_session(secret) is None


def test_a_second_account_for_an_address_is_refused(accounts: Accounts) -> None:
    accounts.create(_sari(), key=new_id())

    with pytest.raises(Conflict) as refused:
        accounts.create(_sari(email="sari@NUSANTARA.example"), key=new_id())

    assert refused.value.code == "account_exists"


def test_an_account_made_twice_with_one_key_is_made_once(accounts: Accounts) -> None:
    first = accounts.create(_sari(), key="k")
    again = accounts.create(_sari(), key="k")

    assert (first.replayed, again.replayed) == (False, True)
    assert first.answer == again.answer
    with pytest.raises(Conflict) as refused:
        accounts.create(_sari(name="Lain"), key="k")
    assert refused.value.code == "idempotency_key_reused"


def test_two_at_once_with_one_key_make_one_account(accounts: Accounts) -> None:
    replies: list[Any] = []

    def create() -> None:
        replies.append(accounts.create(_sari(password=None), key="k"))

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(reply.replayed for reply in replies) == [False, True, True, True]
    assert len(accounts.list_accounts()) == 1


def test_a_tokens_secret_is_told_once(accounts: Accounts) -> None:
    body = TokenBody(name="launcher", role="admin")
    made = accounts.create_token(body, key="k")

    with pytest.raises(Conflict) as refused:
        accounts.create_token(body, key="k")

    assert refused.value.facts == {"id": made.id}
    assert len(accounts.list_tokens()) == 1
    assert made.secret not in str(accounts.list_tokens())


def test_a_token_holds_until_it_expires(accounts: Accounts, sign_in: SignIn, clock: Clock) -> None:
    ends = NOW + timedelta(minutes=1)
    token = accounts.create_token(
        TokenBody(name="launcher", role="admin", expires_at=ends), key=new_id()
    )

    assert sign_in.by_token(token.secret)
    clock.pass_by(minutes=1)
    assert sign_in.by_token(token.secret) is None


def test_a_token_that_expires_in_the_past_is_refused(accounts: Accounts) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.create_token(TokenBody(name="x", role="admin", expires_at=NOW), key=new_id())

    assert set(refused.value.errors) == {"expires_at"}


def test_a_revoked_or_forged_token_does_not_hold(accounts: Accounts, sign_in: SignIn) -> None:
    token = accounts.create_token(TokenBody(name="launcher", role="admin"), key=new_id())

    accounts.revoke_token(token.id)

    assert sign_in.by_token(token.secret) is None
    assert sign_in.by_token(token.secret[:-1] + "x") is None
    assert sign_in.by_token("' OR 1=1 --") is None
    with pytest.raises(NotFound):
        accounts.revoke_token(new_id())


def test_a_token_of_an_account_may_never_do_more_than_the_account(
    accounts: Accounts, sign_in: SignIn
) -> None:
    made = accounts.create(_sari(), key=new_id()).answer
    token = accounts.create_token(
        TokenBody(name="skrip", role="admin", email="sari@nusantara.example"), key=new_id()
    )

    principal = sign_in.by_token(token.secret)
    assert principal is not None
    assert (principal.role, principal.email) == ("agent", "sari@nusantara.example")
    accounts.change(made.id, AccountChangeBody(active=False))
    assert sign_in.by_token(token.secret) is None


def test_a_token_of_no_account_stands_for_itself(accounts: Accounts, sign_in: SignIn) -> None:
    named = accounts.create_token(
        TokenBody(name="Budi@nusantara.example", role="requester"), key=new_id()
    )
    plain = accounts.create_token(TokenBody(name="launcher", role="admin"), key=new_id())

    assert named.email == "budi@nusantara.example"
    assert plain.email == f"token-{plain.id}@meja.invalid"


def test_the_form_token_does_not_tell_the_session() -> None:
    assert csrf_token("a") != csrf_token("b")
    assert "secret" not in csrf_token("secret")


def test_the_command_line_prints_a_token_and_nothing_else(
    database: Database,
    database_url: str,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MEJA_DATABASE_URL", database_url)

    code = main(["token", "create", "--role", "lead", "--name", "laporan"])

    out = capsys.readouterr().out
    principal = sign_in.by_token(out.removesuffix("\n"))
    assert code == 0
    assert principal is not None
    assert principal.role == "lead"


def test_the_command_line_reads_the_password_from_standard_input(
    database: Database, database_url: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEJA_DATABASE_URL", database_url)
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    asked = ["account", "create", "--role", "agent", "--name", "Sari"]

    code = main([*asked, "--email", "sari@nusantara.example"])

    assert code == 0
    assert _enter(sign_in)


def test_the_command_line_says_what_is_wrong_and_ends_with_1(
    database: Database,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MEJA_DATABASE_URL", database_url)
    monkeypatch.setattr("sys.stdin", io.StringIO("pendek\n"))
    asked = ["account", "create", "--role", "agent", "--name", "Sari"]

    code = main([*asked, "--email", "sari@nusantara.example"])

    assert code == 1
    assert "password" in capsys.readouterr().err
