"""Microsoft's own SDK for Python against a server: only the address is another one.

Run by `cargo xtask test`. Every resource is listed, paged, filtered and fetched over plain
HTTP on loopback, and what comes is compared with what the native API says.
"""

import asyncio

from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.graph_request_adapter import GraphRequestAdapter

import server


class Static(AccessTokenProvider):
    def __init__(self, token):
        self.token = token

    async def get_authorization_token(self, uri, additional_authentication_context={}):
        return self.token

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator(["127.0.0.1"])


def client(root, token):
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Static(token)))
    adapter.base_url = f"{root}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


async def everything(builder, **options):
    """Every item of a collection, and how many pages it took."""
    query = next(getattr(builder, name) for name in dir(builder) if name.endswith("GetQueryParameters"))
    page = await builder.get(RequestConfiguration(query_parameters=query(**options)))
    items, pages = list(page.value), 1
    while page.odata_next_link:
        page = await builder.with_url(page.odata_next_link).get()
        items.extend(page.value)
        pages += 1
    return items, pages


async def check(root, token, restricted):
    def api(path):
        return server.get(root, token, path)

    graph = client(root, token)
    methods = graph.reports.authentication_methods
    details = methods.user_registration_details

    users, pages = await everything(details, top=50)
    populations = [api(f"/api/v1/users?size=1&population={name}")["total"] for name in ("members", "guests")]
    assert (len(users), len({user.id for user in users})) == (sum(populations), sum(populations))
    assert pages == -(-len(users) // 50), pages

    unregistered, _ = await everything(
        details, top=7, filter="isMfaRegistered eq false and userType eq 'member'", select=["id", "isMfaRegistered"]
    )
    assert {user.id for user in unregistered} == {
        user.id for user in users if user.is_mfa_registered is False and user.user_type.value == "member"
    }
    assert unregistered and all(user.user_principal_name is None for user in unregistered), "only what is selected"
    with_sms, _ = await everything(details, filter="methodsRegistered/any(m:m eq 'mobilePhone')")
    assert {user.id for user in with_sms} == {user.id for user in users if "mobilePhone" in (user.methods_registered or [])}
    ordered, _ = await everything(details, orderby=["userPrincipalName desc"], top=999)
    names = [user.user_principal_name.lower() for user in ordered]
    assert names == sorted(names, reverse=True)
    one = await details.by_user_registration_details_id(users[0].id).get()
    assert one.user_principal_name == users[0].user_principal_name

    logs = graph.audit_logs
    sign_ins, pages = await everything(
        logs.sign_ins,
        filter="createdDateTime ge 2020-01-01T00:00:00Z and status/errorCode ne 0",
        orderby=["createdDateTime desc"],
        count=True,
        top=20,
    )
    assert len(sign_ins) > 20 and pages > 1 and all(sign_in.status.error_code for sign_in in sign_ins)
    times = [sign_in.created_date_time for sign_in in sign_ins]
    assert times == sorted(times, reverse=True)
    both, _ = await everything(logs.sign_ins, filter="isInteractive eq true or isInteractive ne true")
    assert len(both) == api("/api/v1/sign-ins?size=1&from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z")["total"]
    one = await logs.sign_ins.by_sign_in_id(sign_ins[0].id).get()
    assert one.correlation_id == sign_ins[0].correlation_id
    audits, _ = await everything(logs.directory_audits, top=100)
    assert len({audit.id for audit in audits}) == len(audits) > 100
    named, _ = await everything(logs.directory_audits, filter=f"activityDisplayName eq '{audits[0].activity_display_name}'")
    assert len(named) == sum(audit.activity_display_name == audits[0].activity_display_name for audit in audits)
    one = await logs.directory_audits.by_directory_audit_id(audits[0].id).get()
    assert one.activity_date_time == audits[0].activity_date_time
    directory, _ = await everything(graph.users, top=999, select=["id", "accountEnabled"])
    assert len(directory) == api("/api/v1/users?size=1&population=everyone")["total"]

    by_feature = await methods.users_registered_by_feature.get()
    capable = next(one for one in by_feature.user_registration_feature_counts if one.feature.value == "mfaCapable")
    assert capable.user_count == sum(user.is_mfa_capable is True for user in users)
    by_method = await methods.users_registered_by_method_with_included_user_types_with_included_user_roles(
        "admin", "all"
    ).get()
    assert by_method.total_user_count == sum(user.is_admin is True for user in users)

    for graph, ask, status, code in [
        (graph, lambda graph: details.by_user_registration_details_id("nobody").get(), 404, "ResourceNotFound"),
        (client(root, restricted), lambda graph: everything(graph.audit_logs.sign_ins, filter="ipAddress eq '1.2.3.4'"), 403, "Authorization_RequestDenied"),
        (client(root, "kr_no"), lambda graph: graph.users.get(), 401, "InvalidAuthenticationToken"),
        (graph, lambda graph: everything(graph.users, filter="id eq"), 400, "BadRequest"),
    ]:
        try:
            await ask(graph)
        except ODataError as error:
            assert (error.response_status_code, error.error.code) == (status, code), error
        else:
            raise AssertionError(f"{code} was expected")


def main():
    with server.organisation("--users 150 --sign-ins 600 --days 20 --seed 9") as organisation:
        token, restricted = organisation.token("security-reader"), organisation.token("reports-reader")
        with organisation.serve() as root:
            asyncio.run(check(root, token, restricted))
    print("msgraph-sdk: lists, pages, filters and gets every resource of v1.0 that is served")


main()
