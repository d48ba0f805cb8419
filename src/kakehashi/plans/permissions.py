"""Who may read, edit, publish and report on plans."""

from kakehashi.kernel.permissions import Permission, define


@define
class PlansPermission(Permission):
    """Permissions of the plans room."""

    READ = "plans.plan:read", "計画を見る"
    EDIT = "plans.plan:edit", "計画・施策・取組・目標を作り、直す"
    PUBLISH = "plans.plan:publish", "計画を住民に公開する"
    REPORT = "plans.initiative:report", "取組の状態を報告する"
    REVIEW = "plans.review:close", "計画の評価を始める・催促する・締める"
    SHARE = "plans.sharing:choose", "県と市町村に見せる数字を選ぶ"
    OVERSEE = "plans.municipalities:read", "市町村の指標・地図・回答を見る（県）"
    INQUIRE = "plans.inquiry:issue", "市町村に照会し、回答を集める（県）"
    ANSWER = "plans.inquiry:answer", "県からの照会に回答する"
    CONFIRM = "plans.inquiry:confirm", "県への回答を確認して提出する"
    AREA = "plans.area_map:import", "市町村の地図を取り込む（県）"
