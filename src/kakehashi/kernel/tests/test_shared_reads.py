"""One read for all items of a batch: the same arguments once, other ones and other scopes anew."""

from kakehashi.kernel.shared_reads import forget_shared_reads, read_once, shared_reads

asked: list[object] = []


@read_once
def read(key, *, on=None):
    asked.append((key, on))
    return len(asked)


def test_without_a_batch_every_read_is_made(town):
    asked.clear()
    assert [read(1), read(1)] == [1, 2]


def test_within_a_batch_the_same_arguments_are_read_once(town):
    asked.clear()
    with shared_reads():
        assert [read(1), read(1), read(2), read(1, on="x")] == [1, 1, 2, 3]
        with shared_reads():
            assert read(1) == 1
        forget_shared_reads()
        assert read(1) == 4
    assert read(1) == 5


def test_rows_count_by_their_id_and_unhashable_arguments_are_never_remembered(town):
    asked.clear()
    with shared_reads():
        assert read(town.government) == read(type(town.government).objects.get(id=town.government.id)) == 1
        assert [read({"a": 1}), read({"a": 1})] == [2, 3]
