"""plans (DX計画): 基本方針 → 施策 → 取組 → 指標。 The plan as a tree, this year's target against the actual figure.

Owns: DxPlan, PlanPolicy, PlanProgram, Initiative, PlanIndicator (which measure, baseline, attainment policy), yearly targets,
results in words. The numbers themselves belong to `indicators`; this room only sets targets against them.
Verbs: create_plan, edit_plan, publish_plan, withdraw_plan, add_node, edit_node, report_initiative, attach_indicator,
set_targets, record_words. Called by: site. Residents read the published plan at `/plans/`.
"""
