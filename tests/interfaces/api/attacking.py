"""How hard each call is attacked: with many inputs where its shape is new, with few where another call takes the very same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_SAID = frozenset({"title", "description", "operationId", "summary", "example"})


class Attacks:
    """Counts the examples for the calls of one description, in its order.

    What a call takes is read by the same code wherever it is the same: a number in its address, a reason in its body. What only a call does
    with it is held by the few.
    """

    def __init__(self, description: Mapping[str, Any], *, many: int, few: int) -> None:
        self.shapes: set[str] = set()
        self._parts: Mapping[str, Any] = description["components"]["schemas"]
        self._many, self._few = many, few

    def examples(self, call: Mapping[str, Any]) -> int:
        """With how many inputs to attack this one."""
        parameters = [
            (one["in"], "" if one["in"] == "path" else one["name"], self._bare(one.get("schema", {})))
            for one in call.get("parameters", [])
        ]
        shape = json.dumps([parameters, self._bare(call.get("requestBody", {}))], sort_keys=True)
        if shape in self.shapes:
            return self._few
        self.shapes.add(shape)
        return self._many

    def _bare(self, shape: Any) -> Any:
        """A schema without what is only said of it, every reference followed."""
        if isinstance(shape, list):
            return [self._bare(one) for one in shape]
        if not isinstance(shape, dict):
            return shape
        if "$ref" in shape:
            return self._bare(self._parts[shape["$ref"].rsplit("/", 1)[-1]])
        return {name: self._bare(part) for name, part in shape.items() if name not in _SAID or isinstance(part, dict)}
