"""Who may do what at the consultation desk."""

from __future__ import annotations

from kakehashi.kernel.permissions import Permission, define


@define
class DeskPermission(Permission):
    """Permissions of the room."""

    READ = "desk.consultation:read", "相談を見る"
    FILE = "desk.consultation:file", "相談する"
    SUPPORT = "desk.consultation:support", "相談を受け付け、支援する"
    MAILBOX = "desk.mailbox:manage", "相談窓口のメールボックスをつなぐ"
    CASE_READ = "desk.solved_case:read", "解決事例を見る"
    CASE_WRITE = "desk.solved_case:write", "解決事例を書く"
    CASE_CHECK = "desk.solved_case:check", "解決事例を課として確認する"
    CASE_PUBLISH = "desk.solved_case:publish", "解決事例の個人情報を確認し、公開する"
    CASE_EXCHANGE = "desk.solved_case:exchange", "別のシステムの団体と解決事例をやりとりする"
    CASE_FEED = "desk.solved_case:feed", "全国に公開した解決事例を、鍵を持つ団体に渡す（API）"
    CASE_ADOPT = "desk.solved_case:adopt", "ほかの団体の解決事例を使う"
    SHARE_FIGURES = "desk.figures:share", "相談窓口の数字を県に見せる"
    WISH = "desk.wish:write", "要望・アイデアを読み、書く"
    WISH_ANSWER = "desk.wish:answer", "要望・アイデアに返事をする"
    MANUAL_READ = "desk.manual:read", "業務マニュアルを見る"
    MANUAL_WRITE = "desk.manual:write", "業務マニュアルを書く"
    FUNDING_READ = "desk.funding:read", "財政措置を見る"
    FUNDING_WRITE = "desk.funding:write", "財政措置と、その利用を書く"
    TRIAL_READ = "desk.trial:read", "ツールの試行を見て、アンケートに答える"
    TRIAL_RUN = "desk.trial:run", "ツールの試行を始め、続けるかを決める"
