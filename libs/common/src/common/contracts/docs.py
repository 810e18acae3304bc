"""Writes `messages.md`, `asyncapi.yaml`, `effects.md` and the tables of `glossary.md` in `docs` from the contracts:
``python -m common.contracts.docs``.

With ``--check``, part of lint, it writes nothing and fails when a file is not what it would write.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from common.contracts.asyncapi import document
from common.contracts.base import Message
from common.contracts.schema import Schema, example, schema_of
from common.contracts.tables import effects_page, glossary_page
from common.contracts.topics import TOPICS, Topic

_INTRODUCTION = """\
# Messages

Written by `python -m common.contracts.docs` from `libs/common/src/common/contracts`; edit the classes there, not this page.
The same as AsyncAPI 3: `asyncapi.yaml`. Frozen JSON schemas and one whole example record per version lie beside the classes in
`schemas/` and `examples/`.

Every record is a CloudEvent 1.0 in Kafka's binary mode: its attributes are headers (`ce_id`, `ce_type`, `ce_source`, `ce_time`,
`ce_subject`, `ce_partitionkey`, `ce_specversion`, `content-type`, and `traceparent` where there is one), its value is JSON, its key
is the aggregate. Records of confidential topics also carry a random `salt`, so that no digest of one gives its content away.
`ce_id` is `<aggregate>:<seq>`: `seq` counts the events of one aggregate from 1 without gaps.

Records come at least once and may come late: keep the highest `seq` of each aggregate for what is a state, the `ce_id` for what is
counted once. Skip types you do not know and pass over fields you do not know; within a version only optional fields are added.
"""


def messages_page() -> str:
    """The catalogue for people."""
    return "\n".join([_INTRODUCTION, *_topic_table(), *(line for topic in TOPICS.values() for line in _topic(topic))])


def _topic_table() -> Iterator[str]:
    yield "| topic | said by | key | heard by | kept | confidential |"
    yield "|---|---|---|---|---|---|"
    for topic in TOPICS.values():
        heard = ", ".join(topic.consumers)
        yield f"| [{topic.name}](#{topic.name}) | {topic.owner} | {topic.key} | {heard} | {_kept(topic)} | {_yes(topic.confidential)} |"
    yield ""


def _topic(topic: Topic) -> Iterator[str]:
    yield f"## {topic.name}\n"
    for message in topic.messages:
        yield f"### {message.ce_type()}\n"
        yield f"{summary(message)}\n"
        yield f"{_travels(topic)}\n"
        yield "| field | type | required |"
        yield "|---|---|---|"
        yield from _fields(schema_of(message))
        yield f"\n```json\n{json.dumps(example(message)['value'], ensure_ascii=False, indent=2)}\n```\n"


def _travels(topic: Topic) -> str:
    """Owner, key, order, confidentiality."""
    seen = "Confidential: only for its hearers." if topic.confidential else "Open to every consumer."
    return f"Said by {topic.owner} on `{topic.name}`; key: {topic.key}; in order within a key. {seen}"


def _fields(schema: Schema, above: str = "") -> Iterator[str]:
    for name, field in schema["properties"].items():
        yield f"| `{above}{name}` | {_type(field)} | {_yes(name in schema.get('required', ()))} |"
        if "properties" in field.get("items", {}):
            yield from _fields(field["items"], f"{above}{name}[].")


def _type(field: Schema) -> str:
    if "anyOf" in field:
        return " or ".join(_type(choice) for choice in field["anyOf"])
    if "enum" in field:
        return ", ".join(f"`{word}`" for word in field["enum"])
    if field["type"] == "array":
        return f"list of {_type(field['items'])}"
    kind: str = field["type"]
    return {"date": "date", "date-time": "instant"}.get(field.get("format", ""), kind)


def summary(message: type[Message]) -> str:
    """The docstring in one paragraph."""
    return " ".join((message.__doc__ or "").split())


def _kept(topic: Topic) -> str:
    return "for ever" if topic.retention_ms < 0 else f"{topic.retention_ms // 86_400_000} days"


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def write(pages: dict[str, Callable[[str], str]], module: str, description: str | None) -> int:
    """The command of a module that writes pages: each is made anew from what its file holds now. 1 when `--check` finds a stale one."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a file is out of date")
    parser.add_argument("--into", type=Path, default=Path("docs"), help="folder of the files (docs)")
    arguments = parser.parse_args()
    stale = 0
    for name, page in pages.items():
        file = arguments.into / name
        held = file.read_text(encoding="utf-8") if file.exists() else ""
        if not arguments.check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page(held), encoding="utf-8")
        elif held != page(held):
            sys.stdout.write(f"{file} is out of date; write it with python -m {module}\n")
            stale = 1
    return stale


PAGES: dict[str, Callable[[str], str]] = {
    "messages.md": lambda _: messages_page(),
    "asyncapi.yaml": lambda _: document(),
    "effects.md": lambda _: effects_page(),
    "glossary.md": glossary_page,
}


def main() -> int:
    return write(PAGES, "common.contracts.docs", __doc__)


if __name__ == "__main__":
    sys.exit(main())
