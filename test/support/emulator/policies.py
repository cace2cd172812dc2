"""As much of IAM's policy language as the rotation depends on. Pure functions of documents.

Not covered: NotPrincipal, permission boundaries, service control policies, and conditions in role
and session policies (an Allow is read without its condition, a Deny with one is not applied).
"""

import json
import re
from collections.abc import Iterable
from functools import cache


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    parts = ("." if c == "?" else ".*" if c == "*" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)


def like(pattern: str, text: str) -> bool:
    return _pattern(pattern).fullmatch(text) is not None


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]


def statements(policy: str | dict) -> list[dict]:
    document = json.loads(policy) if isinstance(policy, str) else policy
    return as_list(document.get("Statement", []))


def verdict(policy: str | dict, action: str, resource: str | None) -> str | None:
    """'Deny', 'Allow', or None when no statement matches."""
    effects = {
        statement["Effect"]
        for statement in statements(policy)
        if speaks_of(statement, action, resource)
        and not (statement["Effect"] == "Deny" and "Condition" in statement)
    }
    return "Deny" if "Deny" in effects else "Allow" if "Allow" in effects else None


def speaks_of(statement: dict, action: str, resource: str | None) -> bool:
    return _speaks_of_action(statement, action) and _speaks_of_resource(statement, resource)


def _speaks_of_action(statement: dict, action: str) -> bool:
    def named(patterns) -> bool:
        return any(like(p.lower(), action.lower()) for p in as_list(patterns))

    if "NotAction" in statement:
        return not named(statement["NotAction"])
    return named(statement.get("Action", []))


def _speaks_of_resource(statement: dict, resource: str | None) -> bool:
    # A request whose resource we can't name matches any.
    if resource is None:
        return True
    if "NotResource" in statement:
        return not any(like(p, resource) for p in as_list(statement["NotResource"]))
    return any(like(p, resource) for p in as_list(statement.get("Resource", "*")))


def trust_admits(policy: str | dict, principals: set[str], context: dict[str, str]) -> bool:
    """May someone who goes by these principals assume a role with this trust policy?"""
    return decision(
        (
            statement
            for statement in statements(policy)
            if _speaks_of_action(statement, "sts:AssumeRole")
            and speaks_of_principal(statement, principals)
        ),
        context,
    )


def decision(applicable: Iterable[dict], context: dict[str, str]) -> bool:
    """Is it allowed by one of the statements whose conditions hold, and denied by none of them?"""
    effects = {
        statement["Effect"]
        for statement in applicable
        if conditions_hold(statement.get("Condition", {}), context)
    }
    return effects == {"Allow"}


def speaks_of_principal(statement: dict, principals: set[str]) -> bool:
    named = aws_principals(statement)
    return "*" in named or not principals.isdisjoint(named)


def aws_principals(statement: dict) -> list[str]:
    principal = statement.get("Principal", {})
    return [principal] if isinstance(principal, str) else as_list(principal.get("AWS", []))


_OPERATORS = {
    "StringEquals": lambda wanted, actual: wanted == actual,
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
}
_NEGATIVE = {"StringNotEquals": "StringEquals", "ArnNotEquals": "ArnEquals"}


def conditions_hold(conditions: dict, context: dict[str, str]) -> bool:
    """Every operator and key must hold; what we don't know doesn't hold, but is unequal to everything."""
    known = {name.lower(): value for name, value in context.items()}
    for operator, keys in conditions.items():
        if operator in _NEGATIVE:
            if any(
                conditions_hold({_NEGATIVE[operator]: {key: wanted}}, context)
                for key, wanted in keys.items()
            ):
                return False
            continue
        test = _OPERATORS.get(operator)
        for key, wanted in keys.items():
            actual = known.get(key.lower())
            if test is None or actual is None:
                return False
            filled = (_filled(value, known) for value in as_list(wanted))
            if not any(value is not None and test(value, actual) for value in filled):
                return False
    return True


_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def _filled(value: str, known: dict[str, str]) -> str | None:
    """With policy variables ("${aws:PrincipalAccount}") replaced; None if one isn't known."""
    names = {name.lower() for name in _VARIABLE.findall(value)}
    if not names <= known.keys():
        return None
    return _VARIABLE.sub(lambda variable: known[variable[1].lower()], value)
