"""Who may hand over."""

from __future__ import annotations

from kakehashi.kernel.permissions import Permission, define


@define
class ExchangePermission(Permission):
    """Permissions of the room."""

    READ = "exchange.bundle:read", "外との受け渡しのようすを見る"
    CARRY = "exchange.bundle:carry", "受け渡しの包みを作る・取り込む"
    PAIR = "exchange.peer:pair", "受け渡しの相手と鍵を組にする"
    SYSTEMS = "exchange.system:use", "今のシステムと一覧・結果をやり取りする"
    WEBHOOKS = "exchange.webhook:manage", "Webhookの送り先を見る・止める・送り直す"
