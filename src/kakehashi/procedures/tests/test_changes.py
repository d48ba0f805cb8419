"""前回との違い: staff see what the applicant changed."""

from kakehashi.procedures.domain.changes import compare_answers, count_changes

BEFORE = [("あなたのこと", [("氏名", "佐藤 花子"), ("電話", "000")]), ("工事", [("費用", "10")])]


def test_nothing_to_compare_at_first() -> None:
    assert count_changes(compare_answers(BEFORE, None)) == 0


def test_changed_new_and_dropped_answers() -> None:
    after = [("あなたのこと", [("氏名", "佐藤 花子"), ("メール", "a@example.jp")]), ("工事", [("費用", "12")])]
    (_, person), (_, work) = compare_answers(after, BEFORE)
    assert [(line.label, line.before) for line in person] == [
        ("氏名", None), ("メール", ""), ("電話", "000"),
    ]  # fmt: skip
    assert work[0].before == "10"
    assert count_changes(compare_answers(after, BEFORE)) == 3
