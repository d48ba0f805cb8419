"""Who may change how the search understands words."""

from kakehashi.kernel.permissions import Permission, define


@define
class SearchPermission(Permission):
    """Permissions of the search room."""

    EDIT_SYNONYMS = "search.synonym:edit", "検索の同義語を変更する"
