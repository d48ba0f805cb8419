"""The API against its own document: generated requests, good and bad, never get an answer that the document does not promise."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from urllib.parse import urlencode

import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import positive_data_acceptance

from kakehashi.exchange.models import WebhookMessage
from kakehashi.exchange.services import make_webhook, send_test
from kakehashi.kernel import clock
from kakehashi.kernel.api import asked_permissions
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.domain.tries import Limit
from kakehashi.people.services import issue_api_token
from kakehashi.people.testing import powerful
from kakehashi.procedures.testing import an_application, an_online_procedure
from kakehashi.site.api import operations

OPERATIONS = [(operation.method, address) for address, operation in operations()]
# `make attack-api` looks much longer.
EXAMPLES = int(os.environ.get("TEST_API_EXAMPLES", "5"))
# Who calls: a key that may do everything, one of another section, one that may only read the inventory.
SCOPES = ("everything", "other_section", "little")


@pytest.fixture
def machine(cast, client_for, monkeypatch):
    """A client, a key for each scope, the ids of things that are there, and the document. Nobody is told to wait."""
    monkeypatch.setattr("kakehashi.people.middleware.CALLS_PER_TOKEN", Limit("people.api_per_token", 10**9, 60))
    with tenant_scope(cast.hibari.id):
        filed = an_application(cast.hibari, an_online_procedure(cast.hibari))
        power = powerful(cast.hibari.administrator)
        webhook, _ = make_webhook(
            actor=power, name="試験", url="https://hooks.example.jp/", kinds=["application.submitted"]
        )
        message = send_test(actor=power, webhook=webhook)
        WebhookMessage.objects.filter(id=message.id).update(event_id=filed.id)
        narrow = {"other_section": {"department": cast.hibari.other_department}, "little": {}, "everything": {}}
        keys = {
            scope: issue_api_token(
                actor=power,
                name="試験",
                permissions=["procedures.inventory:read"] if scope == "little" else asked_permissions(),
                valid_to=clock.today() + timedelta(days=30),
                **others,
            )[1]
            for scope, others in narrow.items()
        }
    there = {
        "application_id": filed.id, "procedure_id": filed.procedure_id, "webhook_id": webhook.id, "message_id": message.id
    }  # fmt: skip
    client = client_for(cast.hibari)
    document = client.get("/api/v1/openapi.json").json()
    return client, keys, there, document


def asked(client, key, case):
    """The answer of the product to a generated case, in the shape the checks want."""
    headers = dict(case.headers or {})
    if "Authorization" in headers:
        headers["Authorization"] = f"Bearer {key}"
    query = urlencode(case.query or {}, doseq=True, errors="surrogatepass")
    body = b"" if not isinstance(case.body, dict | list | str | int | float | bool | None) else json.dumps(case.body)
    path = case.formatted_path + (f"?{query}" if query else "")
    answer = client.generic(case.method, path, body, content_type="application/json", headers=headers)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    prepared = requests.Request(case.method, f"http://testserver{case.formatted_path}").prepare()
    found = {name.lower(): [value] for name, value in answer.items()}
    return Response(answer.status_code, found, content, prepared, 0.0, verify=False)


@pytest.mark.parametrize(("method", "address"), OPERATIONS, ids=[f"{m} {a}" for m, a in OPERATIONS])
def test_every_answer_is_one_that_the_document_promises(machine, method, address):
    client, keys, there, document = machine
    operation = schemathesis.openapi.from_dict(document)[address][method]
    promised = operation.definition.raw["responses"]
    answered = set()

    def attack(mode, scope):
        most = EXAMPLES if scope == "everything" else max(2, EXAMPLES // 3)

        @settings(max_examples=most, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(operation.as_strategy(generation_mode=mode))
        def tried(case):
            for name in set(case.path_parameters or {}) & set(there) if mode is GenerationMode.POSITIVE else ():
                case.path_parameters[name] = str(there[name])
            answer = asked(client, keys[scope], case)
            answered.add((scope, answer.status_code))
            assert answer.status_code < 500
            if scope == "other_section" and set(case.path_parameters or {}) & set(there):
                assert answer.status_code in {404, 422}, answer.content
            if str(answer.status_code) in promised:
                # A rule of the field (this kind of procedure has no such result) stands in no schema: 422 is then the right answer.
                case.validate_response(answer, excluded_checks=[positive_data_acceptance])
            else:
                assert answer.status_code in {401, 404, 405, 413, 415}, answer.content

        tried()

    for mode in GenerationMode:
        attack(mode, "everything")
    for scope in SCOPES[1:]:
        attack(GenerationMode.POSITIVE, scope)
    if "403" in promised and "inventory/" not in address:
        assert ("little", 403) in answered
        assert not {status for scope, status in answered if scope == "little"} & {200, 422}


def test_the_document_is_openapi(machine):
    # Its import builds forty grammars, which every test process would pay for while it collects.
    from openapi_spec_validator import OpenAPIV31SpecValidator

    *_, document = machine
    assert document["openapi"].startswith("3.1")
    assert [str(fault) for fault in OpenAPIV31SpecValidator(document).iter_errors()] == []
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    if "$ref" not in content["schema"]:
                        jsonschema_rs.meta.validate(content["schema"])


def test_every_operation_of_the_code_is_in_the_document_and_in_the_guide(machine):
    client, *_, document = machine
    written = {(method.upper(), address) for address, found in document["paths"].items() for method in found}
    assert written == set(OPERATIONS)
    assert len(written) >= 25
    guide = client.get("/api/").content.decode()
    assert [address for method, address in OPERATIONS if f"{method} {address}" not in guide] == []
    assert "<script" not in guide.partition("<main")[2].partition("</main")[0]
