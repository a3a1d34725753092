"""What schemathesis cannot read in the document: how records are written, and what parameters owe each other."""

import json
import os
from datetime import UTC, datetime, timedelta

import schemathesis
from hypothesis import strategies

# The last day of the program's calendar, in every zone.
LAST = datetime(9999, 12, 30)
# Some that every installation's table of zones has.
ZONES = ["UTC", "Europe/Stockholm", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Etc/GMT+5", "CET"]
FIRST, LATE = "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z"

schemathesis.openapi.format(
    "date-time",
    strategies.datetimes(max_value=LAST, timezones=strategies.just(UTC)).map(
        lambda at: at.isoformat().replace("+00:00", "Z")
    ),
)
schemathesis.openapi.format("iana-time-zone", strategies.sampled_from(ZONES))
# A cursor is good for one list in one order; the beginning, for all. Rust tests walk every list.
schemathesis.openapi.format("cursor", strategies.just(""))
# What every page takes; the document does not say what a view's query may be beside it.
QUERIES = ["", "range=7d", "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z", "tz=UTC&lang=sv"]

RECORD = strategies.fixed_dictionaries(
    {
        "id": strategies.uuids().map(str),
        "userPrincipalName": strategies.text(min_size=1),
        "isMfaRegistered": strategies.booleans(),
        "methodsRegistered": strategies.lists(strategies.text()),
    }
)
LINES = strategies.lists(RECORD.map(json.dumps), min_size=1).map("\n".join)
schemathesis.openapi.media_type("application/x-ndjson", strategies.one_of(LINES, strategies.text()).map(str.encode))


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    """Bytes and text go out as they are, what is neither as JSON."""
    if not isinstance(value, bytes | str):
        value = json.dumps(value)
    return value.encode() if isinstance(value, str) else value


@schemathesis.hook
def filter_case(context, case):
    """One value in the place of a list is a list of one on the wire: no mistake that a server could see.

    schemathesis knows, but not where `allowEmptyValue` is said too.
    """
    if case.meta is None or case.meta.generation.mode.is_positive or not isinstance(case.query, dict):
        return True
    lists = {
        one["name"]: one["schema"]["items"]
        for one in case.operation.definition.raw.get("parameters", [])
        # The header of conditional requests is a reference.
        if one.get("schema", {}).get("type") == "array"
    }
    broken = getattr(getattr(case.meta.phase, "data", None), "parameter", None)
    if lists.get(broken, {}).get("type") == "string" and "enum" not in lists[broken]:
        # Nor is there any in a list of texts: whatever it has, on the wire it is text.
        return False
    return not any(is_one_of(items, case.query.get(name)) for name, items in lists.items())


def is_one_of(items, value):
    if value is None or isinstance(value, list | dict):
        return False
    text = str(value)
    return text.isdecimal() if items["type"] == "integer" else text in items.get("enum", [text])


@schemathesis.hook
def map_case(context, case):
    """What is meant to be right is right: OpenAPI has no words for "`from` before `to`, and no `range`"."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return case
    query = case.query or {}
    if query.get("from") or query.get("to"):
        query.pop("range", None)
        first, last = sorted([query.get("from") or FIRST, query.get("to") or LATE], key=datetime.fromisoformat)
        # Instants are whole milliseconds.
        is_window = datetime.fromisoformat(last) - datetime.fromisoformat(first) > timedelta(milliseconds=1)
        query["from"], query["to"] = (first, last) if is_window else (FIRST, LATE)
    if "/api/v1/exports/{id}" in case.operation.label:
        # Which there are depends on when somebody asks. Numbers that nothing has are asked for of imports and views.
        case.path_parameters = {"id": int(os.environ["KNOWN_EXPORT"])}
    if case.operation.label == "POST /api/v1/mfa/notes" and isinstance(case.body, dict):
        case.body["about"] = os.environ["KNOWN_BLOCK"]
    if case.operation.label in ("POST /api/v1/views", "POST /api/v1/exports") and isinstance(case.body, dict) and "query" in case.body:
        case.body["query"] = QUERIES[len(case.body["query"]) % len(QUERIES)]
    return case
