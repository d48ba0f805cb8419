"""What the other rooms hold for sections: procedures, the plan, figures, webhooks."""

from __future__ import annotations

from django.urls import reverse

from kakehashi.exchange.models import Webhook
from kakehashi.indicators.models import ManualMeasure
from kakehashi.opendata.models import Dataset
from kakehashi.opendata.models.datasets import DatasetState
from kakehashi.people.hooks import HandoverItem
from kakehashi.plans.models import Initiative
from kakehashi.procedures.models import Procedure, RoutingRule, Stage
from kakehashi.site.reorganising.describing import item_at, of_section

PROCEDURES = of_section(
    "手続",
    lambda: Procedure.objects.exclude(stage=Stage.EXCLUDED),
    item_at("procedures-staff:procedure", "name"),
    moves="当日の朝、{heir}の所管になり、新しい申請は{heir}に届きます。",
    breaks="新しい申請を受け取る課がなくなります。",
)

ROUTING = of_section(
    "申請の振り分けの決まり",
    lambda: RoutingRule.objects.select_related("procedure"),
    lambda row: HandoverItem(row.procedure.name, reverse("procedures-staff:procedure", args=[row.procedure_id])),
    breaks="その答えの申請を受け取る課がなくなります。",
)

INITIATIVES = of_section(
    "計画の取組",
    Initiative.objects.all,
    item_at("plans-staff:initiative", "title"),
    moves="当日の朝、{heir}の取組になります。",
    breaks="進み具合を報告する課がなくなります。",
)

MEASURES = of_section(
    "手で入れる指標",
    ManualMeasure.objects.all,
    lambda row: HandoverItem(row.label, reverse("indicators-staff:measure", args=[row.code])),
    moves="当日の朝、{heir}が入れる指標になります。過ぎた期間の値はそのままです。",
    breaks="値を入れる課がなくなります。",
    stops=False,
)

WEBHOOKS = of_section(
    "Webhookの送り先",
    Webhook.objects.all,
    item_at("exchange-staff:webhook"),
    moves="当日の朝から、{heir}のものを送ります。",
    breaks="何も送られなくなります。",
    stops=False,
)

DATASETS = of_section(
    "問合せ先になっているオープンデータ",
    lambda: Dataset.objects.exclude(state=DatasetState.WITHDRAWN),
    lambda row: HandoverItem(row.code, reverse("opendata-staff:dataset", args=[row.code]), row.get_state_display()),
    moves="当日の朝、{heir}が問合せ先になります。",
    breaks="問合せ先の課がなくなります。",
    stops=False,
)

KINDS = {
    "procedures.procedures": PROCEDURES,
    "procedures.routing": ROUTING,
    "plans.initiatives": INITIATIVES,
    "indicators.measures": MEASURES,
    "exchange.webhooks": WEBHOOKS,
    "opendata.datasets": DATASETS,
}
