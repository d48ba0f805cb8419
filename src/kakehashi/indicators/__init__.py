"""indicators (指標): 数は、その行を知っている。 What can be counted, in which words, and the rows behind every figure.

Owns: the registry of measures (指標の定義), live figures, monthly snapshots per department, values entered by hand or imported.
Verbs: take_snapshots, define_measure (手入力の指標), record_value, revise_value. Reads: measure_now, rows_behind, series.

To register a measure, in `apps.ready()` of a room above:
    from kakehashi.indicators.hooks import Column, Direction, Measure, register_measure
    register_measure(Measure(code="procedures.use_rate", label="オンライン利用率", unit="%", direction=Direction.UP,
        formula_text="オンラインで出された申請 ÷ すべての申請", version=1, numerator=online_applications,
        denominator=all_applications, row_columns=(Column("受付番号", lambda row: row.number),), row_url=url_of))
`numerator` and `denominator` take a Period (first, last, start_at, end_at) and return a QuerySet. See domain/measure.py for
averages (statistic, value), weights (value with a denominator), departments (department_path) and stocks (is_stock).
"""
