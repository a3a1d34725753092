"""What schemathesis cannot read in the document: how records are written, and what parameters owe each other."""

import json
import zoneinfo
from datetime import UTC, datetime

import schemathesis
from hypothesis import strategies

# The last day of the program's calendar, in every zone.
LAST = datetime(9999, 12, 30)

schemathesis.openapi.format(
    "date-time",
    strategies.datetimes(max_value=LAST, timezones=strategies.just(UTC)).map(
        lambda at: at.isoformat().replace("+00:00", "Z")
    ),
)
schemathesis.openapi.format("iana-time-zone", strategies.sampled_from(sorted(zoneinfo.available_timezones())))
# A cursor belongs to a list and its order; none but the beginning is good everywhere. `end2end` and Rust tests page.
schemathesis.openapi.format("cursor", strategies.just(""))
# What every page takes: each page has more of its own, which `page` decides.
schemathesis.openapi.format(
    "query-string", strategies.sampled_from(["", "range=7d", "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z", "tz=UTC&lang=sv"])
)


schemathesis.openapi.media_type(
    "application/x-ndjson",
    strategies.lists(
        strategies.fixed_dictionaries(
            {"id": strategies.uuids().map(str), "userPrincipalName": strategies.text(min_size=1)},
            optional={"isMfaRegistered": strategies.booleans(), "methodsRegistered": strategies.lists(strategies.text())},
        ).map(json.dumps)
    ).map(lambda records: "\n".join(records).encode()),
)


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    """What stands in a case as text goes out as it is; what is no text, as JSON."""
    if isinstance(value, bytes):
        return {"data": value}
    return {"data": value.encode() if isinstance(value, str) else json.dumps(value).encode()}


@schemathesis.hook
def map_case(context, case):
    """A window that was meant to be right is one: OpenAPI has no words for "`from` before `to`, and no `range`"."""
    query = case.query
    if case.meta is None or not case.meta.generation.mode.is_positive or not query:
        return case
    first, last = query.get("from"), query.get("to")
    if not (first or last):
        return case
    if query.get("range"):
        del query["range"]
    first, last = first or "0001-01-01T00:00:00Z", last or "9999-01-01T00:00:00Z"
    if first > last:
        first, last = last, first
    if first == last:
        first = "0001-01-01T00:00:00Z"
    query["from"], query["to"] = first, last
    return case
