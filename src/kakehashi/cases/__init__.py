"""cases (案件): everything somebody must handle.

Owns the case: number (gapless, per government and fiscal year), department, handler, phase, due date, the public and the
internal thread, the timeline, and the inbox 「今日の仕事」. A service room keeps its own richer states and maps them here.
Verbs: open_case, build_case, move_case, assign_case, post_message, close_case, number_cases.
Callers: procedures, desk, approvals, records; they register a kind in `hooks`.
案件（担当・期限・やり取り・経過）を持つ部屋。上の部屋は kind を登録し、状態を五つの段階に写して使う。
"""
