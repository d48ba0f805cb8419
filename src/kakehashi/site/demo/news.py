"""What the municipalities of the demo tell their residents."""

from __future__ import annotations

from datetime import timedelta

from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.ids import uuid7
from kakehashi.notices.models import AnnouncementKind
from kakehashi.notices.services import publish_announcement
from kakehashi.site.demo.organisation import Body


def tell_news(body: Body) -> None:
    """Publish one piece of news in the three languages; the scope of the government must be open."""
    name, now = body.government.name, clock.now()
    publish_announcement(
        actor=system_actor(body.government.id, "見本の準備"),
        values={
            "kind": AnnouncementKind.NEWS,
            "title": "スマートフォンから申請できる手続が増えました",
            "body": f"{name}では、証明書の交付申請や補助金の申請など、窓口に来なくてもできる手続を増やしています。"
            "「手続をさがす」で、手続の名前や、引っ越し・子育てなどの場面からさがせます。窓口や郵送でも、これまでどおり受け付けます。",
            "title_easy": "スマートフォンで できる 手続が ふえました",
            "body_easy": "役所に 来なくても、スマートフォンで 申請できます。「手続をさがす」で さがして ください。窓口でも できます。",
            "title_en": "More procedures can be done on your phone",
            "body_en": "You can apply for certificates, subsidies and more without visiting us. Look under “Find a procedure”. "
            "The counter and the post remain open to you.",
            "starts_at": now - timedelta(days=2),
            "ends_at": now + timedelta(days=180),
        },
        idempotency_key=uuid7(),
    )
