"""refresh_datasets and tell_late_datasets: the worker's night, and what becomes old."""

from datetime import timedelta

from kakehashi.kernel import clock
from kakehashi.opendata import selectors, services
from kakehashi.opendata.domain.freshness import Frequency, freshness_of
from kakehashi.opendata.models import Dataset, Edition, Facility


def published(town, **values):
    Facility.objects.create(identifier="1", name="公民館", address="ひばり町1")
    source = selectors.find_source("public_facility")
    services.set_dataset(actor=town.officer, source=source, values={"department": town.department, **values})
    services.publish_dataset(actor=town.officer, source=source)
    return Dataset.objects.get()


def test_the_night_publishes_what_changed_and_says_what_kept_it(town):
    published(town, refreshes=True)
    Facility.objects.create(identifier="2", name="図書館", address="ひばり町2")
    assert services.refresh_datasets(government_id=town.id) == 1
    assert services.refresh_datasets(government_id=town.id) == 0
    assert Edition.objects.latest("number").published_by == "オープンデータの自動更新"
    Facility.objects.create(identifier="3", name="=式", address="ひばり町3")
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert services.refresh_datasets(government_id=town.id) == 0
    dataset = Dataset.objects.get()
    assert "1件" in dataset.refresh_problem
    assert Edition.objects.count() == 2


def test_without_leave_the_night_changes_nothing(town):
    published(town)
    Facility.objects.create(identifier="2", name="図書館", address="ひばり町2")
    assert services.refresh_datasets(government_id=town.id) == 0


def test_a_dataset_that_is_old_is_told_once_and_said_to_everybody(town):
    dataset = published(town, frequency="weekly")
    assert services.tell_late_datasets(government_id=town.id) == []
    with clock.frozen(clock.now() + timedelta(days=20)):
        assert services.tell_late_datasets(government_id=town.id) == [dataset]
        assert services.tell_late_datasets(government_id=town.id) == []
        assert Dataset.objects.get().freshness.days_late == 10
        services.publish_dataset(actor=town.officer, source=selectors.find_source("public_facility"))
        assert not Dataset.objects.get().freshness.is_late


def test_what_changes_now_and_then_is_never_late():
    day = clock.today()
    assert not freshness_of(day - timedelta(days=5000), Frequency.IRREGULAR, day).is_late
    assert not freshness_of(None, Frequency.DAILY, day).is_late
    assert freshness_of(day - timedelta(days=4), Frequency.DAILY, day).days_late == 1
