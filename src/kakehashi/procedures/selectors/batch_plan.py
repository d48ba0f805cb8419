"""What a batch would do to each row, without writing anything: the dry run, and what is then written."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from kakehashi.kernel import clock
from kakehashi.kernel.folding import fold
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_below, departments_on
from kakehashi.procedures.domain.kinds import Kind, guess_kind
from kakehashi.procedures.domain.sheet_columns import LABELS
from kakehashi.procedures.domain.sheet_values import ReadRow, law_key, name_key, read_row
from kakehashi.procedures.domain.teaching import Basis, guess_basis
from kakehashi.procedures.models import ExclusionRule, Procedure, ProcedureText, RowState, Stage
from kakehashi.procedures.models.procedure import VolumeSource
from kakehashi.procedures.selectors.batch_row import ACT_JUDGES, PlannedRow, fail
from kakehashi.procedures.selectors.form_sources import FormSources, NoSource
from kakehashi.procedures.selectors.gates import GateReader
from kakehashi.procedures.selectors.sheet import cells_of
from kakehashi.procedures.selectors.snapshots import snapshot

__all__ = ["plan_rows"]

_TOTALS = {"合計", "小計", "計", "総計", "総合計"}
_ELSEWHERE = "ほかのシステム（名前は未確認）"
_TOLD_EVERY = 500


def plan_rows(
    rows: Sequence[tuple[int, Mapping[str, str]]],
    *,
    may_open: bool,
    may_edit_forms: bool = False,
    department_id: UUID | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[PlannedRow]:
    """Judge every row: new, change, same, duplicate or wrong. A row is taken as a whole or not at all.

    `rows` are (line, cells by our key). `may_open` is whether the actor may publish and close, `may_edit_forms` make forms; `department_id` narrows
    everything to a department and those below it, as a key of the API does; `progress` hears of every five hundredth row.
    """
    read = [(line, read_row(cells), cells) for line, cells in rows]
    read = [each for each in read if not _is_no_row(each[1])]
    planner = _Planner(read, may_open, department_id, progress)
    planner.may_edit_forms = may_edit_forms
    return planner.run()


def _is_no_row(row: ReadRow) -> bool:
    """Totals, and headers that are repeated on every printed page."""
    name = str(row.values.get("name", "")).replace(" ", "").replace("　", "")
    is_empty = not (row.values or row.texts or row.words or row.faults or row.remarks)
    return is_empty or name in _TOTALS or (name in ("手続名", "手続の名称", "手続名称") and "volume" not in row.values)


class _Planner:
    def __init__(
        self,
        read: list[tuple[int, ReadRow, Mapping[str, str]]],
        may_open: bool,
        department_id: UUID | None,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.read, self.may_open, self.progress = read, may_open, progress
        self.may_edit_forms, self.sources = False, FormSources()
        self.allowed = set(departments_below(department_id)) if department_id else None
        self.departments = _departments(departments_on(clock.today()))
        self.rules = {
            word: each for each in ExclusionRule.objects.all() for word in (fold(each.code), fold(each.title))
        }
        self.by_survey: dict[str, UUID] = {}
        self.by_name: dict[str, list[tuple[str, UUID]]] = defaultdict(list)
        self.ids: set[UUID] = set()
        for key, survey_id, name, law in Procedure.objects.values_list("id", "survey_id", "name", "legal_basis"):
            self.ids.add(key)
            self.by_name[name_key(name)].append((law_key(law), key))
            if survey_id:
                self.by_survey[survey_id] = key

    def run(self) -> list[PlannedRow]:
        found = [self._match(row) for _, row, _ in self.read]
        known = {each.id: each for each in self._load({one for one in found if isinstance(one, UUID)})}
        first_line: dict[Any, int] = {}
        planned: list[PlannedRow] = []
        for (line, row, cells), match in zip(self.read, found, strict=True):
            if self.progress is not None and len(planned) % _TOLD_EVERY == 0:
                self.progress(len(planned), len(self.read))
            one = PlannedRow(line, str(row.values.get("name", "")), act=row.words.get("act", ""))
            planned.append(one)
            if isinstance(match, str):
                row.faults.append(match)
            procedure = known.get(match) if isinstance(match, UUID) else None
            one.name = one.name or (procedure.name if procedure else "")
            if row.faults:
                one.state, one.sentences = RowState.WRONG, row.faults
            elif (before := self._seen(first_line, row, match, line)) is not None:
                one.state, one.sentences = RowState.DUPLICATE, [f"{before}行目と同じ手続です（手続名と根拠法令）。"]
            else:
                self._fill(one, row, cells, procedure)
        self._judge_acts([one for one in planned if one.act and one.state != RowState.WRONG and one.procedure])
        return planned

    def _load(self, ids: set[UUID]) -> list[Procedure]:
        rows = Procedure.objects.select_related("department", "exclusion_rule").prefetch_related("texts")
        return list(rows.filter(id__in=ids))

    def _match(self, row: ReadRow) -> UUID | str | None:
        """The procedure that is meant, None for a new one, a sentence when nobody can tell."""
        if word := row.words.get("id"):
            try:
                key = UUID(word)
            except ValueError:
                return "台帳IDが正しくありません。"
            return key if key in self.ids else "この台帳IDの手続は、台帳にありません。"
        if (survey := row.words.get("survey_id")) and survey in self.by_survey:
            return self.by_survey[survey]
        return self._match_by_name(row)

    def _match_by_name(self, row: ReadRow) -> UUID | str | None:
        name, law = name_key(str(row.values.get("name", ""))), law_key(str(row.values.get("legal_basis", "")))
        if not name:
            return "手続名がありません。"
        same_name = self.by_name.get(name, [])
        exact = [key for known, key in same_name if known == law]
        if len(exact) == 1:
            return exact[0]
        near = [key for known, key in same_name if not known] if law else [key for _, key in same_name]
        if len(near) == 1:
            return near[0]
        if len(exact) > 1 or len(near) > 1:
            return f"同じ名前の手続が台帳に{len(exact or near)}件あります。根拠法令・条例か台帳IDを書いてください。"
        if same_name:
            row.notes.append("同じ名前で根拠の違う手続が、台帳にあります。")
        return None

    def _seen(self, first_line: dict[Any, int], row: ReadRow, match: Any, line: int) -> int | None:
        """The line that named the same procedure before, by name and law."""
        name, law = name_key(str(row.values.get("name", ""))), law_key(str(row.values.get("legal_basis", "")))
        keys: list[Any] = [match] if isinstance(match, UUID) else [(name, law), (name, "")] if law else [(name, "")]
        if not isinstance(match, UUID) and not law:
            keys.append((name, None))
        if survey := row.words.get("survey_id"):
            keys.append(("survey", survey))
        before = next((first_line[key] for key in keys if key in first_line), None)
        if before is None:
            first_line[match if isinstance(match, UUID) else (name, law)] = line
            if not isinstance(match, UUID):
                first_line.setdefault((name, None), line)
            if survey:
                first_line.setdefault(("survey", survey), line)
        return before

    def _fill(self, one: PlannedRow, row: ReadRow, cells: Mapping[str, str], procedure: Procedure | None) -> None:
        one.sentences = list(row.notes)
        now = cells_of(procedure) if procedure else {}
        # An empty cell says nothing, so it does not keep back what another column says, such as a sum.
        unchanged = {key for key, text in cells.items() if procedure and text.strip() == _shown(now.get(key)) != ""}
        values = self._values(one, row, unchanged, procedure)
        if one.state == RowState.WRONG:
            return
        is_new = procedure is None
        made = Procedure() if procedure is None else copy.copy(procedure)
        if procedure is not None:
            one.before = snapshot(procedure, procedure.texts.all())
        if "kind" in values:
            made.kind_confirmed = True
        elif is_new:
            values["kind"] = guess_kind(str(values["name"])).value
            one.sentences.append("種類は名前からの推定です。")
        if is_new and "basis" not in values and guess_basis(str(values.get("legal_basis", ""))) is Basis.ORDINANCE:
            # Which law asks for reasons and for a 補正 hangs on it.
            values["basis"] = Basis.ORDINANCE.value
            one.sentences.append("根拠の区分は、根拠の言葉から「条例・規則・要綱」とします。")
        if {"volume", "online_volume"} & values.keys():
            made.volume_source = VolumeSource.OWN
        for key, value in values.items():
            setattr(made, key, value)
        one.procedure, one.written = made, set(values)
        self._form(one, row.words.get("form_from", ""), made)
        self._texts(one, row, unchanged, procedure)
        self._check(one, is_new)
        after = {**snapshot(made, one.texts.values())}
        if not one.is_wrong:
            one.state = RowState.NEW if is_new else RowState.SAME if after == one.before else RowState.CHANGE
        if one.state == RowState.CHANGE:
            one.changes = _differences(now, cells_of_planned(made, one.texts))

    def _values(self, one: PlannedRow, row: ReadRow, unchanged: set[str], now: Procedure | None) -> dict[str, Any]:
        values = {key: value for key, value in row.values.items() if _cell_key(key) not in unchanged}
        if (word := row.words.get("department")) and "department" not in unchanged:
            department = self._department(word)
            if department is None:
                row.remarks.append(f"所管課：{word}")
                one.sentences.append(f"所管課「{word}」が組織にないので、備考に残します。")
            else:
                values["department"] = department
        if (word := row.words.get("exclusion_rule")) and "exclusion_rule" not in unchanged:
            rule = self.rules.get(fold(word))
            if rule is None:
                fail(one, f"対象外のルール「{word}」がありません。先にルールを書いてください。")
            else:
                values["exclusion_rule"] = rule
        if (word := row.words.get("stage")) and "stage" not in unchanged and now is not None:
            fail(one, f"段階は書き換えられません（いまは{now.get_stage_display()}）。「操作」の列に書いてください。")
        if "done_elsewhere" in row.words and (now is None or not (now.is_online or now.online_elsewhere)):
            values.setdefault("online_elsewhere", _ELSEWHERE)
        if (survey := row.words.get("survey_id")) and (now is None or not now.survey_id):
            values["survey_id"] = survey
        old = now.note if now else ""
        lines = [line for line in row.remarks if line not in old.splitlines()]
        if lines:
            values["note"] = "\n".join([*([old] if old else []), *dict.fromkeys(lines)])
        return values

    def _form(self, one: PlannedRow, word: str, made: Procedure) -> None:
        """Plan the form; one that is there already stays, so that the same file twice changes nothing."""
        if not word:
            return
        if made.form_id is not None:
            one.sentences.append("様式はもうあるので、作りません。")
        elif not self.may_edit_forms:
            fail(one, "様式を作る権限がありません。")
        elif made.stage == Stage.EXCLUDED:
            fail(one, "対象外の手続です。様式を作るときは、先に対象に戻してください。")
        else:
            try:
                one.form = self.sources.form_of(word, Kind(made.kind))
            except NoSource as error:
                fail(one, str(error))
            else:
                made.form_id, made.stage = one.form.id, Stage.DRAFTED
                one.sentences.append(one.form.sentence)

    def _department(self, word: str) -> Department | None:
        plain = fold(word).replace(" ", "")
        exact = self.departments.get(plain)
        starts = [each for name, each in self.departments.items() if plain.startswith(name) and len(name) > 1]
        return exact or max(starts, key=lambda each: len(each.name), default=None)

    def _texts(self, one: PlannedRow, row: ReadRow, unchanged: set[str], now: Procedure | None) -> None:
        one.texts = {text.language: copy.copy(text) for text in now.texts.all()} if now else {}
        for language, given in row.texts.items():
            words = {name: text for name, text in given.items() if f"{language}.{name}" not in unchanged}
            if not words:
                continue
            text = one.texts.get(language)
            if text is None:
                made: Any = one.procedure
                text = ProcedureText(procedure=made, language=language, name=made.name if language == "ja" else "")
                one.texts[language] = text
            for name, value in words.items():
                setattr(text, name, value)
            one.written.add(f"text.{language}")

    def _check(self, one: PlannedRow, is_new: bool) -> None:
        made: Any = one.procedure
        if made.volume is not None and (made.online_volume or 0) > made.volume:
            fail(one, "オンラインの件数が年間件数より多くなっています。")
        if not is_new and one.before["stage"] == Stage.ONLINE and made.kind != one.before["kind"]:
            fail(one, "公開中の手続の種類は変えられません。")
        is_outside = self.allowed is not None and (
            made.department_id not in self.allowed
            or (not is_new and UUID(one.before["department_id"] or "0" * 32) not in self.allowed)
        )
        if is_outside:
            fail(one, "この鍵の所属の手続ではありません。")
        wants_out = not one.act and {"excluded_reason", "exclusion_rule"} & one.written
        if wants_out and made.stage in (Stage.PAPER, Stage.DRAFTED, Stage.REVIEWED):
            one.act = "exclude"

    def _judge_acts(self, rows: list[PlannedRow]) -> None:
        """Judge the acts against what the procedures would be; the gates are read once for all of them."""
        reader = GateReader(one.procedure for one in rows if one.act == "open" and one.procedure)
        for one in rows:
            made: Any = one.procedure
            before = made.stage
            if one.act in ("open", "close") and not self.may_open:
                fail(one, "公開・停止の権限がありません。")
                continue
            ACT_JUDGES[one.act](one, made, reader)
            if one.state == RowState.SAME and made.stage != before:
                one.state = RowState.CHANGE
            if one.state == RowState.SAME:
                one.act = ""


def _departments(rows: Iterable[Department]) -> dict[str, Department]:
    found: dict[str, Department] = {}
    for each in rows:
        for word in (each.name, each.symbol or "", each.code):
            if word:
                found.setdefault(fold(word).replace(" ", ""), each)
    return found


def _cell_key(value_key: str) -> str:
    return "processing" if value_key.startswith("standard_processing") else value_key


def _shown(value: Any) -> str:
    return "" if value is None else str(value).strip()


def cells_of_planned(made: Procedure, texts: Mapping[str, ProcedureText]) -> dict[str, Any]:
    """The cells of a procedure that is not saved."""
    shown = copy.copy(made)
    shown._prefetched_objects_cache = {"texts": list(texts.values())}  # type: ignore[attr-defined]
    return cells_of(shown)


def _differences(now: Mapping[str, Any], then: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    keys = [
        key for key in LABELS if key not in ("act", "id", "stage") and _shown(now.get(key)) != _shown(then.get(key))
    ]
    return [(LABELS[key], _shown(now.get(key))[:60], _shown(then.get(key))[:60]) for key in keys]
