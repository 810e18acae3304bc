"""The JSON schema of a message, and what keeps a changed class from understanding, and being understood by, the frozen one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from common.contracts.base import Message

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WORDING = ("title", "description")


def schema_of(message: type[Message]) -> Schema:
    """The schema that travels: definitions written out where they are used, no wording, lists in a fixed order."""
    full = message.model_json_schema(by_alias=True)
    return {"$schema": _DIALECT, "title": message.ce_type(), **_plain(full, full.get("$defs", {}))}


def example(message: type[Message]) -> dict[str, Any]:
    """Its golden example: one whole record as key, headers and value."""
    file = Path(__file__).parent / "examples" / f"{message.ce_type()}.json"
    record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return record


def _plain(part: Schema, definitions: dict[str, Schema]) -> Schema:
    if "$ref" in part:
        return _plain(definitions[part["$ref"].rpartition("/")[2]], definitions)
    plain: Schema = {}
    for key, value in part.items():
        if key == "properties":
            plain[key] = {name: _plain(field, definitions) for name, field in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            plain[key] = _plain(value, definitions)
        elif key == "anyOf":
            plain[key] = [_plain(choice, definitions) for choice in value]
        elif key in ("enum", "required"):
            plain[key] = sorted(value)
        elif key not in (*_WORDING, "$defs"):
            plain[key] = value
    return plain


def differences(frozen: Schema, live: Schema, at: str = "") -> Iterator[str]:
    """Why messages of the two cannot be exchanged in both directions: nothing, or one phrase per reason.

    Optional fields may be added, at any depth: an old reader passes them over, a new one reads old messages without them.
    Everything else needs a new version of the type: a field removed, renamed or given another type, a requirement or default
    changed. So does any change of an enum: an old reader refuses a word that was added, a new one refuses one that was taken away.
    """
    if "properties" in frozen and "properties" in live:
        yield from _field_differences(frozen, live, at)
    for key in sorted((frozen.keys() | live.keys()) - {"properties", "required", *_WORDING}):
        before, after = frozen.get(key), live.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from differences(before, after, f"{at}[]" if key == "items" else at)
        elif key == "anyOf" and before and after and len(before) == len(after):
            for old, new in zip(before, after, strict=True):
                yield from differences(old, new, at)
        elif before != after:
            yield f"{key} of {at or 'the message'} was {before} and is {after}"


def _field_differences(frozen: Schema, live: Schema, at: str) -> Iterator[str]:
    required_before, required_now = set(frozen.get("required", ())), set(live.get("required", ()))
    for name, field in frozen["properties"].items():
        path = f"{at}.{name}".lstrip(".")
        if name not in live["properties"]:
            yield f"field {path} is gone"
            continue
        if (name in required_before) != (name in required_now):
            yield f"field {path} was {'required' if name in required_before else 'optional'} and no longer is"
        yield from differences(field, live["properties"][name], path)
    for name in sorted(required_now - frozen["properties"].keys()):
        yield f"field {f'{at}.{name}'.lstrip('.')} is new and required"


def open_fields(schema: Schema) -> Iterator[str]:
    """The fields, at any depth, whose values the schema does not list one by one: texts, numbers, dates, free objects."""
    for name, field in schema.get("properties", {}).items():
        for leaf in _leaves(field):
            if "properties" in leaf:
                yield from open_fields(leaf)
            elif not ({"enum", "const"} & leaf.keys() or leaf.get("type") in ("boolean", "null")):
                yield name


def _leaves(field: Schema) -> Iterator[Schema]:
    """What a value of the field may be: each choice of a union, each item of a list."""
    inner = [*field.get("anyOf", ()), *([field["items"]] if "items" in field else ())]
    if not inner:
        yield field
    for part in inner:
        yield from _leaves(part)
