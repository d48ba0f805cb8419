"""The state machine as data, and the one function that moves a proposal.

Every act is a row of `TRANSITIONS`: from where, to where, who may, and which guards must hold.
`advance` checks them in that order and answers the next state; nothing else decides it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kakehashi.approvals.domain.states import AFTER_DECISION, EDITABLE, ProposalState

S = ProposalState


class Act(StrEnum):
    """Everything that can be done to a proposal."""

    SUBMIT = "submit"
    EDIT = "edit"
    RECALL = "recall"
    TAKE_BACK = "take_back"
    RETURN = "return"
    ENDORSE = "endorse"
    CONSENT = "consent"
    DECIDE_PROVISIONALLY = "decide_provisionally"
    DECIDE = "decide"
    ACT_FOR = "act_for"
    RECORD_PAPER = "record_paper"
    PULL_UP = "pull_up"
    POST_REVIEW = "post_review"
    UNDO_DECISION = "undo_decision"
    ISSUE = "issue"
    SKIP_ISSUE = "skip_issue"
    CIRCULATE = "circulate"
    READ = "read"
    COMPLETE = "complete"
    FILE = "file"
    WITHDRAW = "withdraw"
    REJECT = "reject"


class Standing(StrEnum):
    """How the actor stands to the proposal at this moment."""

    DRAFTER = "drafter"
    SENDER = "sender"
    LAST_ENDORSER = "last_endorser"
    ENDORSER = "endorser"
    CONSULTEE = "consultee"
    PROVISIONAL = "provisional"
    DECIDER = "decider"
    DEPUTY = "deputy"
    SUPERIOR = "superior"
    POST_REVIEWER = "post_reviewer"
    ISSUER = "issuer"
    READER = "reader"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """All that the guards look at. Texts are already stripped."""

    state: ProposalState
    standings: frozenset[Standing] = frozenset()
    digest_shown: str = ""
    digest_now: str = ""
    reason: str = ""
    missing: tuple[str, ...] = ()
    route_length: int = 0
    next_actor_has_acted: bool = False
    open_mandatory_steps: int = 0
    open_dissent: bool = False
    may_proceed_with_opinion: bool = True
    authority_clause: str = ""
    holder_absent: bool = False
    deputy_barred: bool = False
    deputy_condition: str = ""
    lower_actor_absent: bool = False
    is_drafter: bool = False
    self_decision_allowed: bool = False
    anything_left: bool = False
    was_submitted: bool = False
    on_paper: bool = False
    has_original: bool = False
    unread: int = 0


class Refused(Exception):
    """The act is not possible now; `code` for programs, `message_ja` for the person."""

    def __init__(self, code: str, message_ja: str) -> None:
        """Keep both."""
        super().__init__(message_ja)
        self.code = code
        self.message_ja = message_ja


Guard = Callable[[Situation], None]


def digest_is_current(now: Situation) -> None:
    """No act on a stale body: what was on the screen is what is decided."""
    if now.digest_shown != now.digest_now:
        raise Refused("stale", "内容が変わっています。新しい内容を確かめてから、もう一度進めてください。")


def reason_is_given(now: Situation) -> None:
    """A reason is mandatory."""
    if not now.reason:
        raise Refused("reason", "理由を記入してください。")


def nothing_is_missing(now: Situation) -> None:
    """件名, 分類, 保存期間, 施行方法, 決裁区分 and 公開区分 are present and the route is not empty."""
    if now.missing:
        raise Refused("missing", f"{'、'.join(now.missing)}を記入してください。")
    if now.route_length == 0:
        raise Refused("route", "決裁の経路がありません。")


def next_has_not_acted(now: Situation) -> None:
    """Recall is possible only while the next person has not acted."""
    if now.next_actor_has_acted:
        raise Refused("acted", "次の人がすでに処理したため、引戻しできません。")


def steps_are_done(now: Situation) -> None:
    """All mandatory steps are done or flagged for later review."""
    if now.open_mandatory_steps:
        raise Refused("open_steps", f"承認・同意が{now.open_mandatory_steps}件残っています。")


def no_open_dissent(now: Situation) -> None:
    """A dissent stops the decision unless the rules let the decider proceed with the opinion."""
    if now.open_dissent and not now.may_proceed_with_opinion:
        raise Refused("dissent", "合議が調っていません。")


def clause_is_named(now: Situation) -> None:
    """The authority for a decision is recorded with its clause."""
    if not now.authority_clause:
        raise Refused("clause", "決裁の根拠となる規程の条項がありません。")


def decider_is_not_drafter(now: Situation) -> None:
    """The drafter does not decide, unless the rules allow it in words."""
    if now.is_drafter and not now.self_decision_allowed:
        raise Refused("self", "起案者は、自分の起案を決裁できません。")


def deputy_is_not_drafter(now: Situation) -> None:
    """The drafter never decides in another's place."""
    if now.is_drafter:
        raise Refused("self", "起案者は、自分の起案を代決できません。")


def absence_covers_now(now: Situation) -> None:
    """代決 needs a recorded absence of the decider that covers this instant."""
    if not now.holder_absent:
        raise Refused("absence", "決裁権者の不在が記録されていないため、代決できません。")


def matter_allows_deputy(now: Situation) -> None:
    """Restricted matters, and matters without agreement, need the exception in words."""
    if (now.deputy_barred or now.open_dissent) and not now.reason:
        raise Refused(
            "restricted",
            "代決が制限されている事項です。特に指示を受けた、又は緊急やむを得ない理由を記入してください。",
        )


def deputy_condition_is_met(now: Situation) -> None:
    """Where the order of deputies names a condition, who acts says in words why it is met."""
    if now.deputy_condition and not now.reason:
        raise Refused("restricted", f"代決の条件は「{now.deputy_condition}」です。これに当たる理由を記入してください。")


def lower_is_absent(now: Situation) -> None:
    """引上げ passes only a person who is away."""
    if not now.lower_actor_absent:
        raise Refused("absence", "手元にある人の不在が記録されていないため、引き上げできません。")


def nothing_has_left(now: Situation) -> None:
    """Undo is a second act, possible only while nothing has left the building."""
    if now.anything_left:
        raise Refused("left", "すでに通知などが出ているため、元に戻せません。")


def decided_on_screen(now: Situation) -> None:
    """A proposal that circulates on paper is stamped on paper: its result is registered, never clicked."""
    if now.on_paper:
        raise Refused("paper", "紙で決裁する起案です。紙の決裁が済んだら、原本を付けて登録してください。")


def decided_on_paper(now: Situation) -> None:
    """A decision on paper is registered with its reason and the scanned original."""
    if not now.on_paper:
        raise Refused("paper", "電子で決裁する起案です。紙の決裁は登録できません。")
    if not now.has_original:
        raise Refused("original", "押印された原本をスキャンして付けてください。")


def was_submitted_before(now: Situation) -> None:
    """Only what once had its 起案番号 is withdrawn; a draft that nobody saw is no act."""
    if not now.was_submitted:
        raise Refused("draft", "まだ回議に出していない下書きは、取下げの対象ではありません。")


def everybody_has_read(now: Situation) -> None:
    """供覧 is complete when the last reader has seen it."""
    if now.unread:
        raise Refused("unread", f"まだ{now.unread}人が見ていません。")


@dataclass(frozen=True)
class Transition:
    """One row: sources, target (None: the state stays), who may, guards in order."""

    sources: frozenset[ProposalState]
    target: ProposalState | None
    who: frozenset[Standing]
    guards: tuple[Guard, ...] = ()


def _row(
    sources: frozenset[ProposalState] | set[ProposalState],
    target: ProposalState | None,
    who: set[Standing],
    *guards: Guard,
) -> Transition:
    return Transition(frozenset(sources), target, frozenset(who), guards)


_ACTIVE = {Standing.ENDORSER, Standing.CONSULTEE, Standing.PROVISIONAL, Standing.DECIDER, Standing.DEPUTY}

TRANSITIONS: dict[Act, Transition] = {
    Act.SUBMIT: _row(EDITABLE, S.IN_CIRCULATION, {Standing.DRAFTER}, nothing_is_missing),
    Act.EDIT: _row(EDITABLE, None, {Standing.DRAFTER}),
    Act.RECALL: _row({S.IN_CIRCULATION}, S.DRAFT, {Standing.SENDER}, reason_is_given, next_has_not_acted),
    Act.TAKE_BACK: _row({S.IN_CIRCULATION}, None, {Standing.LAST_ENDORSER}, reason_is_given),
    Act.RETURN: _row({S.IN_CIRCULATION}, S.RETURNED, _ACTIVE, reason_is_given),
    Act.ENDORSE: _row({S.IN_CIRCULATION}, None, {Standing.ENDORSER}, digest_is_current, decided_on_screen),
    Act.CONSENT: _row({S.IN_CIRCULATION}, None, {Standing.CONSULTEE}, digest_is_current, decided_on_screen),
    Act.DECIDE_PROVISIONALLY: _row(
        {S.IN_CIRCULATION},
        None,
        {Standing.PROVISIONAL},
        digest_is_current,
        decided_on_screen,
        clause_is_named,
        decider_is_not_drafter,
    ),
    Act.DECIDE: _row(
        {S.IN_CIRCULATION},
        S.DECIDED,
        {Standing.DECIDER},
        digest_is_current,
        decided_on_screen,
        steps_are_done,
        no_open_dissent,
        clause_is_named,
        decider_is_not_drafter,
    ),
    Act.ACT_FOR: _row(
        {S.IN_CIRCULATION},
        S.DECIDED,
        {Standing.DEPUTY},
        digest_is_current,
        decided_on_screen,
        steps_are_done,
        clause_is_named,
        deputy_is_not_drafter,
        absence_covers_now,
        matter_allows_deputy,
        deputy_condition_is_met,
    ),
    Act.RECORD_PAPER: _row(
        {S.IN_CIRCULATION},
        S.DECIDED,
        {Standing.DRAFTER, Standing.ISSUER},
        digest_is_current,
        decided_on_paper,
        clause_is_named,
    ),
    Act.PULL_UP: _row({S.IN_CIRCULATION}, None, {Standing.SUPERIOR}, decided_on_screen, lower_is_absent),
    Act.POST_REVIEW: _row(AFTER_DECISION, None, {Standing.POST_REVIEWER}),
    Act.UNDO_DECISION: _row(
        {S.DECIDED}, S.IN_CIRCULATION, {Standing.DECIDER, Standing.DEPUTY}, decided_on_screen, nothing_has_left
    ),
    Act.ISSUE: _row({S.DECIDED}, S.ISSUED, {Standing.ISSUER}, digest_is_current),
    Act.SKIP_ISSUE: _row({S.DECIDED}, S.NO_ISSUE_NEEDED, {Standing.ISSUER}),
    Act.CIRCULATE: _row(EDITABLE, S.READING, {Standing.DRAFTER}, nothing_is_missing),
    Act.READ: _row(AFTER_DECISION | {S.READING}, None, {Standing.READER}),
    Act.COMPLETE: _row(
        {S.ISSUED, S.NO_ISSUE_NEEDED, S.READING},
        S.COMPLETED,
        {Standing.ISSUER, Standing.READER},
        everybody_has_read,
    ),
    Act.FILE: _row({S.COMPLETED}, S.FILED, {Standing.ISSUER, Standing.READER}),
    Act.WITHDRAW: _row(EDITABLE | {S.READING}, S.WITHDRAWN, {Standing.DRAFTER}, reason_is_given, was_submitted_before),
    Act.REJECT: _row({S.IN_CIRCULATION}, S.REJECTED, {Standing.DECIDER}, reason_is_given),
}


def advance(act: Act, now: Situation) -> ProposalState:
    """The state after the act. Raises `Refused` when state, standing or a guard forbids it."""
    row = TRANSITIONS[act]
    if now.state not in row.sources:
        raise Refused("state", f"「{now.state.label}」の起案には、この処理はできません。")
    if not (row.who & now.standings):
        raise Refused("standing", "この処理をする立場にありません。")
    for guard in row.guards:
        guard(now)
    return row.target or now.state


def is_possible(act: Act, now: Situation) -> bool:
    """Whether the act would be accepted: what a page asks before it shows a button."""
    try:
        advance(act, now)
    except Refused:
        return False
    return True
