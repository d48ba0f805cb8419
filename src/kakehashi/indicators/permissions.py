"""Who may read figures, see the rows behind them, and enter values by hand."""

from kakehashi.kernel.permissions import Permission, define


@define
class IndicatorsPermission(Permission):
    """Permissions of the indicators room."""

    READ = "indicators.measure:read", "指標を見る"
    READ_ROWS = "indicators.rows:read", "指標の数字の行を見る"
    DEFINE = "indicators.measure:define", "手入力の指標を作る"
    RECORD = "indicators.value:record", "指標の値を入力・訂正する"
    APPROVE = "indicators.value:approve", "報告された値を承認・差し戻し・確定する"
