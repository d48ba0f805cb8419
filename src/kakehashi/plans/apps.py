"""Wiring of the plans room."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The plans room."""

    name = "kakehashi.plans"
    label = "plans"

    def ready(self) -> None:
        """Register this room with the floors below."""
        from kakehashi.indicators.hooks import register_targets
        from kakehashi.journal.hooks import register_events
        from kakehashi.kernel.navigation import Link, register_resident_link, register_staff_link
        from kakehashi.plans.permissions import PlansPermission
        from kakehashi.plans.selectors import targets_for_measure

        register_events(
            "plans",
            {
                "plans.plan.created": "計画を作った",
                "plans.plan.edited": "計画を直した",
                "plans.plan.published": "計画を住民に公開した",
                "plans.plan.withdrawn": "計画の公開をやめた",
                "plans.initiative.reported": "取組の状態を報告した",
                "plans.indicator.attached": "取組に指標を付けた",
                "plans.indicator.detached": "取組から指標を外した",
                "plans.target.set": "目標を決めた・変えた",
                "plans.words.recorded": "言葉で示す成果を記録した",
            },
        )
        register_targets("plans", targets_for_measure)
        register_staff_link(
            Link(
                room="plans",
                label="DX計画・指標",
                tab="DX計画",
                url_name="plans-staff:index",
                icon="plan",
                order=70,
                permission=PlansPermission.READ,
            )
        )
        register_resident_link(
            Link(room="plans", label="デジタル化の計画", url_name="plans:index", icon="plan", order=60)
        )
