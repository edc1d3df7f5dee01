"""Questions and saves of the gateway's database, in the field's words."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gateway.models import Account, PortalSession, SignInFailure, Token


def account_by_email(session: Session, email: str) -> Account | None:
    """The account with that e-mail, whatever its case."""
    return session.scalar(sa.select(Account).where(Account.email == email.lower()))


def account(session: Session, account_id: str) -> Account | None:
    """One account."""
    return session.get(Account, account_id)


def accounts(session: Session) -> list[Account]:
    """All accounts, by e-mail."""
    return list(session.scalars(sa.select(Account).order_by(Account.email)))


def token_with_account(session: Session, digest: str) -> tuple[Token, Account | None] | None:
    """A token by its digest, and the account it belongs to."""
    row = session.execute(
        sa.select(Token, Account)
        .outerjoin(Account, Account.id == Token.account_id)
        .where(Token.digest == digest)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def token(session: Session, token_id: str) -> Token | None:
    """One token."""
    return session.get(Token, token_id)


def tokens(session: Session) -> list[Token]:
    """All tokens, newest first."""
    return list(session.scalars(sa.select(Token).order_by(Token.id.desc())))


def session_with_account(session: Session, digest: str) -> tuple[PortalSession, Account] | None:
    """A session by its digest, and whose it is."""
    row = session.execute(
        sa.select(PortalSession, Account)
        .join(Account, Account.id == PortalSession.account_id)
        .where(PortalSession.digest == digest)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def touch_session(session: Session, digest: str, *, seen_at: datetime) -> None:
    """Note that a session was used."""
    session.execute(
        sa.update(PortalSession).where(PortalSession.digest == digest).values(seen_at=seen_at)
    )


def end_session(session: Session, digest: str) -> None:
    """Forget a session."""
    session.execute(sa.delete(PortalSession).where(PortalSession.digest == digest))


def end_sessions_of(session: Session, account_id: str) -> None:
    """Forget all sessions of an account."""
    session.execute(sa.delete(PortalSession).where(PortalSession.account_id == account_id))


def failures_since(session: Session, *, since: datetime, email: str) -> list[str]:
    """The addresses of failed sign-ins for an e-mail lately, one for each failure."""
    return list(
        session.scalars(
            sa.select(SignInFailure.address).where(
                SignInFailure.email == email, SignInFailure.failed_at >= since
            )
        )
    )


def forget_failures(session: Session, *, email: str) -> None:
    """Start counting anew after a success."""
    session.execute(sa.delete(SignInFailure).where(SignInFailure.email == email))


def tidy(session: Session, *, now: datetime, failures_before: datetime) -> None:
    """Drop sessions that ended and failures that no longer count."""
    session.execute(sa.delete(PortalSession).where(PortalSession.expires_at < now))
    session.execute(sa.delete(SignInFailure).where(SignInFailure.failed_at < failures_before))
