"""Logic models in the open scope, as the domain draws and judges them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from kakehashi.indicators.domain.figure import number_text
from kakehashi.indicators.domain.interrupted import Movement, movement
from kakehashi.indicators.selectors import all_measures
from kakehashi.plans.domain.logic import Arrow, Box, Kept, Model, Proof, Stage, kept
from kakehashi.plans.models import (
    DxPlan,
    Evidence,
    Initiative,
    LogicArrow,
    LogicBox,
    LogicModel,
    PlanIndicator,
    PlanProgram,
)
from kakehashi.plans.selectors.plans import found_one
from kakehashi.plans.selectors.tree import IndicatorLine, lines_for, plan_year

_TO_PLAN = ("initiative__program__policy__plan", "program__policy__plan")


@dataclass(frozen=True)
class Still:
    """An indicator of a model that does not move, or moves the wrong way, over its last months."""

    line: IndicatorLine
    movement: Movement


def find_model(model_id: UUID) -> LogicModel:
    """The logic model with this id, up to its plan. Raises `NotFound`."""
    return found_one(LogicModel.objects.filter(id=model_id).select_related(*_TO_PLAN))


def model_about(branch: Initiative | PlanProgram) -> LogicModel | None:
    """The logic model of an initiative or a programme, None where there is none yet."""
    where = {"initiative": branch} if isinstance(branch, Initiative) else {"program": branch}
    return LogicModel.objects.filter(**where).select_related(*_TO_PLAN).first()


def models_of(plan: DxPlan) -> list[LogicModel]:
    """Every logic model of a plan, those of programmes first, in the order of the plan."""
    ours = LogicModel.objects.select_related(*_TO_PLAN).filter(
        Q(program__policy__plan=plan) | Q(initiative__program__policy__plan=plan)
    )
    return sorted(ours, key=_place)


def find_box(box_id: UUID) -> LogicBox:
    """The box with this id. Raises `NotFound`."""
    return found_one(LogicBox.objects.filter(id=box_id))


def find_arrow(arrow_id: UUID) -> LogicArrow:
    """The arrow with this id and its boxes. Raises `NotFound`."""
    return found_one(LogicArrow.objects.filter(id=arrow_id).select_related("start", "end"))


def find_evidence(evidence_id: UUID) -> Evidence:
    """The piece of evidence with this id. Raises `NotFound`."""
    return found_one(Evidence.objects.filter(id=evidence_id).select_related("arrow"))


def indicators_for(model: LogicModel) -> QuerySet[PlanIndicator]:
    """The indicators a box of the model may be linked to: those of its initiative, or of every initiative of its programme."""
    rows = PlanIndicator.objects.select_related("initiative")
    if model.initiative_id:
        return rows.filter(initiative_id=model.initiative_id).order_by("id")
    return rows.filter(initiative__program_id=model.program_id).order_by("initiative__number", "id")


def drawn_model(model: LogicModel, *, live: bool, rooms: Any = None) -> tuple[Model, list[IndicatorLine]]:
    """The model with this year's figures in its boxes, and the indicators linked. `live` counts the running year now."""
    rows = list(LogicBox.objects.filter(model=model))
    wanted = [row.indicator_id for row in rows if row.indicator_id]
    linked = PlanIndicator.objects.filter(id__in=wanted).order_by("id")
    lines = lines_for(model.plan, plan_year(model.plan), linked, live=live, rooms=rooms) if wanted else []
    return _model(model, rows, {line.indicator.id: line for line in lines}), lines


def kept_models(plan: DxPlan) -> dict[UUID, Kept]:
    """What a version of the plan keeps of its logic models, by the id of the initiative or programme. Four queries at most."""
    found = models_of(plan)
    if not found:
        return {}
    names = {one.code: one.label for one in all_measures()}
    boxes: dict[UUID, list[LogicBox]] = defaultdict(list)
    for box in LogicBox.objects.filter(model__in=[one.id for one in found]).select_related("indicator"):
        boxes[box.model_id].append(box)
    arrows = _arrows([one.id for one in found])
    return {one.branch.id: kept(_plain(one, boxes[one.id], arrows, names)) for one in found}


def still_indicators(lines: Sequence[IndicatorLine]) -> list[Still]:
    """The indicators whose last months do not show a movement in the wanted direction, with how sure that is."""
    found = []
    for line in lines:
        values = [reading.figure.value for reading in line.months]
        direction = line.described.direction if line.described else ""
        moved = movement([None if value is None else float(value) for value in values], str(direction))
        if moved is not None and not moved.is_wanted:
            found.append(Still(line, moved))
    return found


def _place(model: LogicModel) -> tuple[int, ...]:
    program = model.program or model.initiative.program  # type: ignore[union-attr]
    return (program.policy.number, program.number, model.initiative.number if model.initiative else 0)


def _model(model: LogicModel, rows: Sequence[LogicBox], lines: dict[UUID, IndicatorLine]) -> Model:
    boxes = {row.id: _box(row, lines.get(row.indicator_id) if row.indicator_id else None) for row in rows}
    return Model(model.title, list(boxes.values()), _joined(boxes, _arrows([model.id])), model.factors)


def _plain(
    model: LogicModel, rows: Sequence[LogicBox], arrows: Sequence[tuple[LogicArrow, list[Proof]]], names: dict[str, str]
) -> Model:
    def label(row: LogicBox) -> str:
        one = row.indicator
        return "" if one is None else one.label or names.get(one.measure_code, one.measure_code)

    boxes = {row.id: Box(row.id, Stage(row.stage), row.text, row.order, label(row)) for row in rows}
    return Model(model.title, list(boxes.values()), _joined(boxes, arrows), model.factors)


def _joined(boxes: dict[UUID, Box], arrows: Sequence[tuple[LogicArrow, list[Proof]]]) -> list[Arrow]:
    return [
        Arrow(row.id, boxes[row.start_id], boxes[row.end_id], tuple(proofs))
        for row, proofs in arrows
        if row.start_id in boxes and row.end_id in boxes
    ]


def _arrows(models: Sequence[UUID]) -> list[tuple[LogicArrow, list[Proof]]]:
    rows = LogicArrow.objects.filter(model__in=models).prefetch_related("evidence").order_by("id")
    return [(row, [_proof(one) for one in sorted(row.evidence.all(), key=lambda e: str(e.id))]) for row in rows]


def _proof(row: Evidence) -> Proof:
    return Proof(row.kind, row.source, row.url, row.as_of, row.note, row.case_id, row.id, row.design, row.strength)


def _box(row: LogicBox, line: IndicatorLine | None) -> Box:
    if line is None:
        return Box(row.id, Stage(row.stage), row.text, row.order)
    return Box(row.id, Stage(row.stage), row.text, row.order, line.label, _figure(line), _target(line))


def _figure(line: IndicatorLine) -> str:
    if line.reading is None:
        return line.results[-1].text if line.results else "まだありません"
    figure = line.reading.figure
    return figure.word if figure.value is None else f"{number_text(figure.value, line.unit)}{line.unit}"


def _target(line: IndicatorLine) -> str:
    if line.target is None:
        return ""
    return line.target.words if line.target.value is None else f"{number_text(line.target.value, line.unit)}{line.unit}"
