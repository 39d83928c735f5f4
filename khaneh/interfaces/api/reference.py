"""The API's reference as a plain page, made from its own OpenAPI description: no script, readable on a phone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from khaneh.interfaces.api.api import api


def reference(request: HttpRequest) -> HttpResponse:
    """Every call with its parameters and the shape of its answer."""
    schema = api.get_openapi_schema()
    calls = [
        {
            "path": path,
            "method": method.upper(),
            "summary": call.get("summary", ""),
            "description": call.get("description", ""),
            "parameters": [_parameter(one) for one in call.get("parameters", [])],
            "answers": sorted(str(status) for status in call["responses"]),
            "done": _done(call["responses"])[0],
            "answer": _answer(_done(call["responses"])[1]),
            "body": _answer(call.get("requestBody", {})),
            "keyed": bool(call.get("security")),
        }
        for path, methods in schema["paths"].items()
        for method, call in methods.items()
    ]
    shapes = [
        {"name": name, "description": shape.get("description", ""), "fields": _fields(shape)}
        for name, shape in sorted(schema["components"]["schemas"].items())
        if shape.get("type") == "object"
    ]
    context = {"calls": calls, "shapes": shapes, "description": schema["info"]["description"]}
    return render(request, "api/reference.html", context)


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    shape = parameter.get("schema", {})
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "required": parameter.get("required", False),
        "description": parameter.get("description") or shape.get("description", ""),
        "type": _type(shape),
        "default": shape.get("default"),
    }


def _done(responses: dict[Any, Any]) -> tuple[str, dict[str, Any]]:
    """The answer of a call that succeeds: its status and what it holds."""
    return next(((str(status), one) for status, one in responses.items() if str(status).startswith("2")), ("200", {}))


def _answer(response: dict[str, Any]) -> str:
    content = response.get("content", {}).get("application/json", {}).get("schema", {})
    return _type(content) if content else ""


def _fields(shape: dict[str, Any]) -> list[dict[str, str]]:
    return [{"name": name, "type": _type(field)} for name, field in shape.get("properties", {}).items()]


def _type(shape: dict[str, Any]) -> str:
    """A type in words: `string | null`, `array of House`, one of the listed values."""
    if "$ref" in shape:
        return str(shape["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in shape:
        return " | ".join(_type(one) for one in shape["anyOf"])
    if "enum" in shape:
        return " | ".join(repr(value) for value in shape["enum"])
    if shape.get("type") == "array":
        return f"array of {_type(shape.get('items', {}))}"
    if shape.get("type") == "object" and isinstance(shape.get("additionalProperties"), dict):
        return f"map of {_type(shape['additionalProperties'])}"
    return str(shape.get("type", "any"))
