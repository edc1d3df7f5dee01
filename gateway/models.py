"""The gateway's own tables: accounts, the proofs they show, and failed sign-ins."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import database
from chassis.database import SERIAL, Instant


class Base(DeclarativeBase):
    """All tables of the gateway's database."""


class Account(Base):
    """A person who may sign in."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)  # in lower case
    name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[str] = mapped_column(sa.String(16))
    language: Mapped[str] = mapped_column(sa.String(2))
    agent_key: Mapped[str | None] = mapped_column(sa.String(64))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    active: Mapped[bool] = mapped_column(sa.Boolean)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Token(Base):
    """Proof for programs. Only the SHA-256 of its 256 random bits is kept."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)  # by_token
    name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[str] = mapped_column(sa.String(16))
    email: Mapped[str] = mapped_column(sa.String(254))
    account_id: Mapped[str | None] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class PortalSession(Base):
    """Proof for browsers: a cookie, kept as SHA-256."""

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.Index("sessions_by_expiry", "expires_at"),  # housekeeping: those that ended
        sa.Index("sessions_by_account", "account_id"),  # end all of one account
    )


class SignInFailure(Base):
    """A wrong password, counted for a while."""

    __tablename__ = "sign_in_failures"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    address: Mapped[str] = mapped_column(sa.String(64))
    failed_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.Index("sign_in_failures_by_email", "email", "failed_at"),  # how many lately
        sa.Index("sign_in_failures_by_age", "failed_at"),  # housekeeping: the oldest
    )


database.tables(Base.metadata)
