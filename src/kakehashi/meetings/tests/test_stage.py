"""take_stage, turn_page and leave_stage; what a following screen is told."""

import pytest

from kakehashi.files.services import store_file
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.meetings import selectors, services
from kakehashi.meetings.models import Attendance
from kakehashi.meetings.testing import open_small_meeting, small_meeting, small_pdf

INDEX = "/staff/meetings/"


@pytest.fixture
def sitting(town):
    return open_small_meeting(town)


def test_the_presenter_turns_for_everybody(town, sitting):
    services.take_stage(actor=town.clerk, material=sitting.material)
    stage = services.turn_page(actor=town.clerk, meeting=sitting.meeting, page=9)
    assert (stage.page, stage.presenter_label) == (3, town.clerk.label)
    shown = selectors.stage_of(town.mayor, sitting.meeting.id)
    assert (shown.opened.material, shown.stage.page) == (sitting.material, 3)


def test_one_presents_at_a_time(town, sitting):
    services.take_stage(actor=town.clerk, material=sitting.material)
    with pytest.raises(Stale, match="住民課主事"):
        services.turn_page(actor=town.officer, meeting=sitting.meeting, page=2)
    services.take_stage(actor=town.officer, material=sitting.material, page=2)
    with pytest.raises(Stale):
        services.turn_page(actor=town.clerk, meeting=sitting.meeting, page=3)
    services.leave_stage(actor=town.clerk, meeting=sitting.meeting)
    assert services.turn_page(actor=town.officer, meeting=sitting.meeting, page=1).page == 1
    assert services.leave_stage(actor=town.officer, meeting=sitting.meeting).presenter_id is None


def test_who_may_not_present(town, sitting):
    with pytest.raises(PermissionRefused):
        services.take_stage(actor=town.manager, material=sitting.material)


def test_not_before_the_meeting_sits(town):
    small = small_meeting(town)
    file = store_file(actor=town.clerk, name="a.pdf", content=small_pdf("一"), purpose="meetings.material")
    material = services.attach_material(actor=town.clerk, item=small.item, title="", file=file)
    with pytest.raises(DomainError, match="開会"):
        services.take_stage(actor=town.clerk, material=material)


def test_a_confidential_page_stays_hidden_from_other_presenters(town, sitting):
    services.edit_body(actor=town.officer, body=sitting.body, changes={}, members=[])
    file = store_file(actor=town.manager, name="b.pdf", content=small_pdf("秘密の頁"), purpose="meetings.material")
    material = services.attach_material(actor=town.manager, item=sitting.secret, title="", file=file)
    services.take_stage(actor=town.manager, material=material)
    Attendance.objects.filter(person_id=town.clerk.id).update(person=None)
    shown = selectors.stage_of(town.clerk, sitting.meeting.id)
    assert (shown.opened, shown.is_hidden) == (None, True)


def test_the_pages_of_following(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        sitting = open_small_meeting(town)
    presenter, follower = client_for(town.clerk), client_for(town.mayor)
    page = f"{INDEX}{sitting.meeting.id}/follow/"
    assert "まだ何も発表されていません" in follower.get(page).content.decode()
    present = f"{INDEX}materials/{sitting.material.id}/present/"
    assert presenter.post(present, {"page": 2}).url.endswith(page)
    assert "2 / 3" in follower.get(page).content.decode()
    revision = follower.get(page).content.decode().split('data-revision="')[1].split('"')[0]
    assert follower.get(f"{page}stage/?revision={revision}").status_code == 204
    presenter.post(f"{page}turn/", {"page": 3})
    assert "3 / 3" in follower.get(f"{page}stage/?revision={revision}").content.decode()
    turned = presenter.post(f"{page}turn/", {"page": 1}, headers={"HX-Request": "true"}).content.decode()
    assert ("1 / 3" in turned, "<html" in turned) == (True, False)
    assert "住民課主事" in follower.post(f"{page}turn/", {"page": 2}, follow=True).content.decode()
    presenter.post(f"{page}leave/")
    assert "全員を次へ" not in presenter.get(page).content.decode()
    assert client_for(town.manager).post(present).status_code == 403
    for path in (page, f"{page}stage/"):
        assert client_for(cast.misaki.mayor).get(path).status_code == 404


def test_a_quiet_poll_is_cheap(cast, client_for, django_assert_max_num_queries):
    with tenant_scope(cast.hibari.id):
        sitting = open_small_meeting(cast.hibari)
        revision = selectors.stage_revision(sitting.meeting.id)
    client = client_for(cast.hibari.mayor)
    path = f"{INDEX}{sitting.meeting.id}/follow/stage/?revision={revision}"
    client.get(path)
    with django_assert_max_num_queries(22):
        assert client.get(path).status_code == 204
