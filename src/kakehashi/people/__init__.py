"""people (組織・職員): departments, posts, staff, absences, residents, roles.

Posts (職) are apart from persons: rules name posts, and a post is resolved to its holder on a date.
Verbs: appoint, record an absence, grant a role, sign in. Called by every room that needs to know who acts.
"""
