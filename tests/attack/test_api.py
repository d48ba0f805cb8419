"""The API against its own document: generated requests, good and bad, never get an answer that the document does not promise."""

from __future__ import annotations

import json
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

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.services import issue_api_token
from kakehashi.people.testing import powerful
from kakehashi.procedures.permissions import ProceduresPermission as May
from kakehashi.procedures.testing import an_application, an_online_procedure
from kakehashi.site.api import operations

OPERATIONS = [(operation.method, address) for address, operation in operations()]


@pytest.fixture
def machine(cast, client_for):
    """A client with a key that may do everything, a filed application, and the document."""
    with tenant_scope(cast.hibari.id):
        filed = an_application(cast.hibari, an_online_procedure(cast.hibari))
        permissions = (May.READ_APPLICATIONS, May.HANDLE_APPLICATIONS, May.PROPOSE_APPLICATIONS)
        _, key = issue_api_token(
            actor=powerful(cast.hibari.administrator),
            name="試験",
            permissions=permissions,
            valid_to=clock.today() + timedelta(days=30),
        )
    client = client_for(cast.hibari)
    document = client.get("/api/v1/openapi.json").json()
    return client, key, filed, document


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
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_one_that_the_document_promises(machine, method, address, mode):
    client, key, filed, document = machine
    operation = schemathesis.openapi.from_dict(document)[address][method]
    promised = operation.definition.raw["responses"]

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(operation.as_strategy(generation_mode=mode))
    def attack(case):
        if "application_id" in (case.path_parameters or {}) and mode is GenerationMode.POSITIVE:
            case.path_parameters["application_id"] = str(filed.id)
        answer = asked(client, key, case)
        assert answer.status_code < 500
        if str(answer.status_code) in promised:
            # A rule of the field (this kind of procedure has no such result) stands in no schema: 422 is then the right answer.
            case.validate_response(answer, excluded_checks=[positive_data_acceptance])
        else:
            assert answer.status_code in {401, 404, 405, 413, 415}, answer.content

    attack()


def test_the_document_is_openapi(machine):
    *_, document = machine
    assert document["openapi"].startswith("3.1")
    for path in document["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    if "$ref" not in content["schema"]:
                        jsonschema_rs.meta.validate(content["schema"])


def test_every_operation_of_the_code_is_in_the_document(machine):
    *_, document = machine
    written = {(method.upper(), address) for address, found in document["paths"].items() for method in found}
    assert written == set(OPERATIONS)
    assert len(written) >= 7
