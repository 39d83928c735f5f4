"""The rules that ship with registering, put in force where nobody published others."""

from __future__ import annotations

from importlib.resources import files

import orjson

from khaneh.domains.policies import services as policies


def ensure_policies() -> None:
    """Make the act of registering and the rules that ship known to the policies. Changes nothing when they are. Done after migrations."""
    shipped = orjson.loads(files("khaneh.domains.events").joinpath("default_rules.json").read_bytes())
    for act, rules in shipped.items():
        policies.ensure_defaults(act=act, rules=rules)
