"""The stamp sheet: what each box says."""

from datetime import UTC, datetime

from kakehashi.approvals.domain.stamps import StampFact, stamp_sheet
from kakehashi.approvals.domain.states import StepKind, StepState

AT = datetime(2026, 11, 21, tzinfo=UTC)


def test_boxes_show_deputy_later_review_and_strike() -> None:
    sheet = stamp_sheet(
        [
            StampFact(kind=StepKind.ENDORSE, state=StepState.POST_REVIEW_PENDING, post_label="係長"),
            StampFact(
                kind=StepKind.DECIDE,
                state=StepState.ACTED_FOR,
                post_label="課長",
                person_name="佐藤",
                acted_at=AT,
            ),
            StampFact(kind=StepKind.ABOVE, state=StepState.NOT_REQUIRED, post_label="町長"),
        ]
    )
    assert [box.mark for box in sheet] == ["後閲待ち", "代", "斜線"]
    assert [box.is_struck for box in sheet] == [False, False, True]
    assert sheet[2].description == "町長の決裁は不要です"
    assert sheet[1].description == "課長 佐藤：代決"


def test_13_not_required_and_waiting_look_different() -> None:
    waiting, struck = stamp_sheet(
        [
            StampFact(kind=StepKind.DECIDE, state=StepState.WAITING, post_label="課長"),
            StampFact(kind=StepKind.ABOVE, state=StepState.NOT_REQUIRED, post_label="町長"),
        ]
    )
    assert (waiting.mark, waiting.is_struck) != (struck.mark, struck.is_struck)


def test_an_acting_decision_that_was_reviewed_shows_both() -> None:
    (box,) = stamp_sheet(
        [
            StampFact(
                kind=StepKind.DECIDE,
                state=StepState.ACTED_FOR,
                post_label="課長",
                acted_at=AT,
                post_reviewed_at=AT,
            )
        ]
    )
    assert box.mark == "代・後閲"
