"""How mail providers spell one mailbox: a table, and what an operator's file adds to it (docs/abuse.md)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a provider ignores in the part before the @, and under which name it is the same provider."""

    domain: str
    ignore_dots: bool = False
    tag_separator: str = "+"  # what begins the part that is ignored: each of these characters; "" for none
    same_as: str = ""  # the other domain's rule counts then


_KNOWN = (
    Rule(domain="gmail.com", ignore_dots=True),
    Rule(domain="googlemail.com", same_as="gmail.com"),
    Rule(domain="proton.me", ignore_dots=True),
    Rule(domain="protonmail.com", same_as="proton.me"),
    Rule(domain="pm.me", same_as="proton.me"),
    Rule(domain="icloud.com"),
    Rule(domain="me.com", same_as="icloud.com"),
    Rule(domain="mac.com", same_as="icloud.com"),
    Rule(domain="yandex.com"),
    Rule(domain="yandex.ru", same_as="yandex.com"),
    Rule(domain="ya.ru", same_as="yandex.com"),
    # Names there cannot have a hyphen; what follows one is a throw-away part.
    Rule(domain="yahoo.com", tag_separator="+-"),
)
_FIELDS: dict[str, type] = {"domain": str, "ignore_dots": bool, "tag_separator": str, "same_as": str}


def of(domain: str) -> Rule:
    """The rule for a domain in ASCII and lower case, under the name that it is the same as."""
    rules = _table(settings.ADDRESS_RULES)
    rule = rules.get(domain) or Rule(domain=domain)
    return (rules.get(rule.same_as) or Rule(domain=rule.same_as)) if rule.same_as else rule


def check() -> None:
    """Read the operator's file now, so that a mistake in it stops the program and not a signer."""
    _table(settings.ADDRESS_RULES)


@cache
def _table(file: Path | None) -> dict[str, Rule]:
    rules = {rule.domain: rule for rule in _KNOWN}
    lines: dict[str, int] = {}
    if file is not None:
        for rule, line in _read(file):
            if rule.domain in lines:
                raise _wrong(file, line, f"{rule.domain} stands in line {lines[rule.domain]} already")
            rules[rule.domain], lines[rule.domain] = rule, line
    for domain, line in lines.items():
        # One step and no further, so that every spelling ends at the same name.
        for rule in (rules[domain], *(one for one in rules.values() if one.same_as == domain)):
            target = rules.get(rule.same_as)
            if target is not None and target.same_as:
                raise _wrong(file, line, f"{rule.domain} is the same as {rule.same_as}, which is the same as another")
    return rules


def _read(file: Path) -> list[tuple[Rule, int]]:
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeError) as error:
        raise ImproperlyConfigured(f"ADDRESS_RULES: {file} cannot be read ({error}).") from error
    except yaml.MarkedYAMLError as error:
        raise _wrong(file, error.problem_mark.line + 1 if error.problem_mark else 1, error.problem or "") from error
    if root is None:
        return []
    if not isinstance(root, yaml.SequenceNode):
        raise _wrong(file, 1, "a list of rules is expected, each beginning with - domain:")
    return [(_rule(file, node), node.start_mark.line + 1) for node in root.value]


def _rule(file: Path, node: yaml.Node) -> Rule:
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(file, node.start_mark.line + 1, "a rule is expected, beginning with - domain:")
    given: dict[str, Any] = {}
    for name_node, value_node in node.value:
        name, line = str(name_node.value), name_node.start_mark.line + 1
        if name not in _FIELDS:
            raise _wrong(file, line, f"{name!r} is unknown; there are {', '.join(_FIELDS)}")
        value: Any = yaml.safe_load(yaml.serialize(value_node))
        if not isinstance(value, _FIELDS[name]):
            raise _wrong(file, line, f"{name} has to be {'yes or no' if _FIELDS[name] is bool else 'text'}")
        given[name] = _domain(file, line, str(value)) if name in {"domain", "same_as"} else value
    if not given.get("domain"):
        raise _wrong(file, node.start_mark.line + 1, "a rule needs its domain")
    if any(character.isalnum() or character in "@." for character in given.get("tag_separator", "")):
        raise _wrong(file, node.start_mark.line + 1, "tag_separator takes signs such as + or -, no letters, dots or @")
    return Rule(**given)


def _domain(file: Path, line: int, typed: str) -> str:
    try:
        domain = typed.strip().lower().encode("idna").decode()
    except UnicodeError as error:
        raise _wrong(file, line, f"{typed!r} is no domain") from error
    if "." not in domain or "@" in domain or " " in domain:
        raise _wrong(file, line, f"{typed!r} is no domain")
    return domain


def _wrong(file: Path | None, line: int, problem: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"ADDRESS_RULES: {file}, line {line}: {problem}.")
