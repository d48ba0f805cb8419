"""Who a signed-in account is in this government, in one prepared statement: every page of staff begins with it.

サインインした職員を、一度の問い合わせで求める。

Asked as three query sets it was a third of what a staff page costs the processor; composing them took longer than answering them.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from kakehashi.kernel.prepared import run_prepared
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.selectors.actors import ActingPost, StaffActor, acting_as

_HOLDS = "{0}.valid_from <= $3::date AND ({0}.valid_to IS NULL OR {0}.valid_to >= $3::date)"
# The same rows as `acting_person`, `posts_of` and `staff_actor` read; a test holds them against each other.
_STATEMENT = f"""
SELECT p.id, p.name, (
  SELECT json_agg(json_build_array(h.post_id, o.name, o.department_id, d.name, h.is_primary)
                  ORDER BY h.is_primary DESC, h.valid_from, h.id)
  FROM people_postholding h
  JOIN people_post o ON o.government_id = h.government_id AND o.id = h.post_id
  LEFT JOIN people_department d ON d.government_id = o.government_id AND d.id = o.department_id
  WHERE h.government_id = p.government_id AND h.person_id = p.id AND {_HOLDS.format("h")} AND {_HOLDS.format("o")}
), (
  SELECT json_agg(json_build_array(g.department_id, r.permissions))
  FROM people_rolegrant g
  JOIN people_role r ON r.government_id = g.government_id AND r.id = g.role_id
  LEFT JOIN people_contract c ON c.government_id = g.government_id AND c.id = g.contract_id
  WHERE g.government_id = p.government_id AND g.person_id = p.id AND {_HOLDS.format("g")}
    AND (g.contract_id IS NULL OR (c.valid_from <= $3::date AND c.valid_to >= $3::date))
)
FROM people_person p
WHERE p.government_id = $1::uuid AND p.user_id = $2::uuid AND p.is_active AND (p.left_on IS NULL OR p.left_on > $3::date)
ORDER BY p.id LIMIT 1
""".encode()  # noqa: S608 — only the condition above is put in


def signed_in_staff(
    user_id: UUID, on: date, *, post_id: str | None = None, administrator_session: str | None = None
) -> StaffActor | None:
    """The actor behind an account on a day, as `staff_actor` makes it, or None for who is not of this government's staff.

    Costs one query, and a second while an administrator session is said to be open.
    """
    government_id = current_government_id()
    rows = run_prepared(_STATEMENT, [government_id.hex, user_id.hex, on.isoformat()]).rows
    if not rows:
        return None
    person_id, name, holdings, grants = rows[0]
    posts = tuple(
        ActingPost(UUID(post), title, UUID(department) if department else None, section or "", is_primary)
        for post, title, department, section, is_primary in holdings or ()
    )
    return acting_as(
        (person_id, government_id, name),
        posts,
        [(UUID(department) if department else None, permissions) for department, permissions in grants or ()],
        post_id=post_id,
        administrator_session=administrator_session,
    )
