"""The shape of a write: its own savepoint, or its caller's."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.services import joined_services, service


@service
def written(*, fails: bool = False) -> None:
    if fails:
        raise DomainError("だめ")


def savepoints(found: CaptureQueriesContext) -> int:
    return sum(each["sql"].startswith("SAVEPOINT") for each in found.captured_queries)


def test_a_service_that_joins_makes_no_savepoint_of_its_own(town):
    with CaptureQueriesContext(connection) as alone, transaction.atomic():
        written()
    with CaptureQueriesContext(connection) as joined, transaction.atomic(), joined_services():
        written()
    assert (savepoints(alone), savepoints(joined)) == (2, 1)


def test_what_fails_in_a_joined_service_is_taken_back_by_its_caller(town):
    with pytest.raises(DomainError), transaction.atomic(), joined_services():
        written(fails=True)
    assert not connection.needs_rollback
    with CaptureQueriesContext(connection) as after, transaction.atomic():
        written()
    assert savepoints(after) == 2
