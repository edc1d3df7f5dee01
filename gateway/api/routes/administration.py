"""Calls of those who set the desk up."""

from typing import Any

from contracts import routing, sla
from gateway import schemas
from gateway.access import ADMINS, AGENTS, EVERYBODY
from gateway.api.routes.route import BASE, Route


def _shelf(
    noun: str, *, one: str, all_of: type[Any], item: type[Any], spec: type[Any], saved: type[Any]
) -> tuple[Route, ...]:
    tag = "administration"
    path = f"{BASE}/{noun}"
    return (
        Route(
            method="GET",
            path=path,
            name=f"list_{noun}",
            summary=f"All {noun}.",
            tag=tag,
            roles=AGENTS,
            answer=all_of,
        ),
        Route(
            method="GET",
            path=f"{path}/{{key}}",
            name=f"get_{one}",
            summary=f"One {one}.",
            tag=tag,
            roles=AGENTS,
            answer=item,
        ),
        Route(
            method="PUT",
            path=f"{path}/{{key}}",
            name=f"put_{one}",
            summary=f"Save a {one}; saving the same again changes nothing.",
            tag=tag,
            roles=ADMINS,
            body=spec,
            from_path=("key",),
            answer=saved,
        ),
    )


def administration() -> tuple[Route, ...]:
    """Groups, agents, rules, calendars and policies."""
    return (
        *_shelf(
            "groups",
            one="group",
            all_of=routing.Groups,
            item=routing.Group,
            spec=routing.GroupSpec,
            saved=routing.GroupSpec,
        ),
        *_shelf(
            "agents",
            one="agent",
            all_of=routing.Agents,
            item=routing.Agent,
            spec=routing.AgentSpec,
            saved=routing.AgentSpec,
        ),
        *_shelf(
            "rules",
            one="rule",
            all_of=routing.Rules,
            item=routing.RuleSpec,
            spec=routing.RuleSpec,
            saved=routing.RuleSpec,
        ),
        *_shelf(
            "calendars",
            one="calendar",
            all_of=sla.Calendars,
            item=sla.CalendarVersion,
            spec=sla.CalendarSpec,
            saved=sla.CalendarVersion,
        ),
        *_shelf(
            "policies",
            one="policy",
            all_of=sla.Policies,
            item=sla.PolicyVersion,
            spec=sla.PolicySpec,
            saved=sla.PolicyVersion,
        ),
    )


def accounts() -> tuple[Route, ...]:
    """Accounts and tokens."""
    tag = "accounts"
    return (
        Route(
            method="GET",
            path=f"{BASE}/me",
            name="who_am_i",
            summary="Who asks.",
            tag=tag,
            roles=EVERYBODY,
            answer=schemas.Me,
        ),
        Route(
            method="GET",
            path=f"{BASE}/accounts",
            name="list_accounts",
            summary="All local accounts.",
            tag=tag,
            roles=ADMINS,
            answer=schemas.AccountList,
        ),
        Route(
            method="POST",
            path=f"{BASE}/accounts",
            name="create_account",
            summary="Make a local account.",
            tag=tag,
            roles=ADMINS,
            body=schemas.AccountBody,
            answer=schemas.AccountAnswer,
            status=201,
        ),
        Route(
            method="PATCH",
            path=f"{BASE}/accounts/{{id}}",
            name="change_account",
            summary="Change a local account, or close it.",
            tag=tag,
            roles=ADMINS,
            body=schemas.AccountChangeBody,
            answer=schemas.AccountAnswer,
        ),
        Route(
            method="GET",
            path=f"{BASE}/tokens",
            name="list_tokens",
            summary="All API tokens, without their secrets.",
            tag=tag,
            roles=ADMINS,
            answer=schemas.TokenList,
        ),
        Route(
            method="POST",
            path=f"{BASE}/tokens",
            name="create_token",
            summary="Make an API token; its secret is shown this once.",
            tag=tag,
            roles=ADMINS,
            body=schemas.TokenBody,
            answer=schemas.NewTokenAnswer,
            status=201,
        ),
        Route(
            method="DELETE",
            path=f"{BASE}/tokens/{{id}}",
            name="revoke_token",
            summary="Revoke an API token.",
            tag=tag,
            roles=ADMINS,
            status=204,
        ),
    )
