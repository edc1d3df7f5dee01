"""Local accounts: who people and programs are, proved by password, session or token."""

from gateway.accounts.book import Accounts
from gateway.accounts.secrets import csrf_token
from gateway.accounts.sign_in import SignIn

__all__ = ["Accounts", "SignIn", "csrf_token"]
