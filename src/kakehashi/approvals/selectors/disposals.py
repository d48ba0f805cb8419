"""What the rule pack says about disposal: who looks at what has expired, stage by stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kakehashi.approvals.selectors.packs import disposal_stages, document_of, pack_on, post_meant
from kakehashi.people.models import Department, Post
from kakehashi.people.selectors import valid_on
from kakehashi.records.hooks import Stage


def disposal_road(measure: str, department: Department, on: dt.date) -> Sequence[Stage]:
    """The stages of a measure for the files of a department, each with the post it means on that day; empty without a pack.

    A title such as 課長 is looked for in the department first. A stage whose post is not there has none.
    """
    pack = pack_on(on)
    if pack is None:
        return ()
    document = document_of(pack)
    posts = list(Post.objects.filter(valid_on(on)).order_by("rank", "name"))
    near = next((post for post in posts if post.department_id == department.id), None)
    stages = []
    for line in sorted(disposal_stages(measure, on), key=lambda each: each.order):
        post = post_meant(document, line.post, near, posts)
        clause = f"{document.records_regulation}{line.clause}"
        stages.append(Stage(line.name, line.post, post.id if post else None, clause))
    return stages
