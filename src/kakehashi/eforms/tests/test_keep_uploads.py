"""Files that come with a step."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import StepResult, attachment_token, validate_step
from kakehashi.eforms.services import keep_uploads
from kakehashi.eforms.testing import published
from kakehashi.files.models import StoredFile
from kakehashi.files.testing import PDF, PURPOSE
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town

FORM = FormDefinition(
    steps=(Step("p", "頁", (Field("proof", "file", "証明書類", required=True, settings={"max_files": 2}),)),)
)


@pytest.fixture
def version(town: Town) -> FormVersion:
    return published(town.clerk, FORM)


def send(town: Town, version: FormVersion, *files: tuple[str, bytes], **posted: list[str]) -> StepResult:
    uploads: MultiValueDict[str, Any] = MultiValueDict()
    uploads.setlist("proof", [SimpleUploadedFile(name, content) for name, content in files])
    post = QueryDict(mutable=True)
    for name, values in posted.items():
        post.setlist(name.replace("__", "."), values)
    kept = keep_uploads(actor=town.clerk, version=version, step_key="p", post=post, files=uploads, purpose=PURPOSE)
    return validate_step(version, "p", kept)


def test_a_file_is_stored_and_referred_to(town: Town, version: FormVersion) -> None:
    result = send(town, version, ("証明.pdf", PDF))
    assert result.errors == {}
    [reference] = result.values["proof"]
    assert reference["name"] == "証明.pdf"
    assert StoredFile.objects.get(id=reference["id"]).purpose == PURPOSE


def test_a_refused_file_is_an_error_beside_the_field(town: Town, version: FormVersion) -> None:
    result = send(town, version, ("証明.svg", b"<svg/>"))
    assert "SVG" in result.errors["proof"]


def test_a_file_travels_with_the_page_and_can_be_taken_off(town: Town, version: FormVersion) -> None:
    [reference] = send(town, version, ("証明.pdf", PDF)).values["proof"]
    token = attachment_token(reference)
    assert send(town, version, proof=[token]).values["proof"] == [reference]
    assert "proof" in send(town, version, proof=[token], proof__remove=[reference["id"]]).errors


def test_a_reference_cannot_be_made_up(town: Town, version: FormVersion) -> None:
    [reference] = send(town, version, ("証明.pdf", PDF)).values["proof"]
    for forged in (reference["id"], str(reference), attachment_token(reference) + "x"):
        result = send(town, version, proof=[forged])
        assert result.values == {}
        assert result.errors["proof"]


def test_a_reference_of_the_neighbour_town_is_worth_nothing(cast: Cast) -> None:
    with tenant_scope(cast.misaki.id):
        token = attachment_token({"id": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "name": "a.pdf", "size": 1})
    with tenant_scope(cast.hibari.id):
        version = published(cast.hibari.clerk, FORM)
        assert send(cast.hibari, version, proof=[token]).errors["proof"]


def test_too_many_files_are_too_many(town: Town, version: FormVersion) -> None:
    result = send(town, version, *[(f"{number}.pdf", PDF + b"%%%d" % number) for number in range(4)])
    assert "2個まで" in result.errors["proof"]


def test_an_empty_file_input_is_no_answer(town: Town) -> None:
    optional = FormDefinition(steps=(Step("p", "頁", (Field("proof", "file", "証明書類"),)),))
    assert send(town, published(town.clerk, optional), proof=[""]).errors == {}


def test_the_same_file_twice_is_kept_once(town: Town, version: FormVersion) -> None:
    [reference] = send(town, version, ("証明.pdf", PDF)).values["proof"]
    token = attachment_token(reference)
    again = send(town, version, ("もう一度.pdf", PDF), ("三度.pdf", PDF), proof=[token])
    assert again.values["proof"] == [reference]
    assert list(StoredFile.objects.values_list("name", flat=True)) == ["証明.pdf"]
    other = send(town, version, ("別.pdf", PDF + b"\n%"), proof=[token])
    assert [item["name"] for item in other.values["proof"]] == ["証明.pdf", "別.pdf"]
    back = send(town, version, ("証明.pdf", PDF), proof=[token], proof__remove=[reference["id"]])
    assert [item["name"] for item in back.values["proof"]] == ["証明.pdf"]
