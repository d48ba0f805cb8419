"""The pack against the organisation of a day: posts nobody has or holds, departments that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.findings import Finding, Organisation, PostFact, error, warning


def findings(document: PackDocument, organisation: Organisation) -> Iterator[Finding]:
    """Unreachable posts and unknown departments; a section in which only the decider could draft."""
    if organisation.posts:
        yield from _titles(document, organisation)
        yield from _named(document, organisation)
        yield from _lonely(document, organisation)
    if organisation.departments:
        yield from _departments(document, organisation)


def _fitting(document: PackDocument, name: str, organisation: Organisation) -> list[PostFact]:
    title = document.titles.get(name)
    if title is not None and title.is_head:
        lowest = min(post.rank for post in organisation.posts)
        return [post for post in organisation.posts if post.department == "" and post.rank == lowest]
    exact = [post for post in organisation.posts if post.name == name]
    return exact or [p for p in organisation.posts if (title.fits(p.name) if title else p.name.endswith(name))]


def _say(part: str, place: int, name: str, fitting: list[PostFact], what: str) -> Iterator[Finding]:
    if not fitting:
        yield warning(
            "no_post",
            part,
            place,
            f"{what}「{name}」に当たる職が、組織にありません。",
            "職を設けるか、決裁の職の「当たる職」に加えてください。",
        )
    elif not any(post.is_held for post in fitting):
        yield warning(
            "vacant_post",
            part,
            place,
            f"{what}「{name}」に当たる職（{fitting[0].name}など）に、就いている人がいません。",
            "人を充てるか、代決の順序を確かめてください。",
        )


def _titles(document: PackDocument, organisation: Organisation) -> Iterator[Finding]:
    used = {line.decider for line in document.rules}
    for place, row in enumerate(document.rows("titles")):
        if row["name"] in used:
            fitting = _fitting(document, row["name"], organisation)
            if not fitting and row["kind"] == "head":
                yield error(
                    "no_head_post",
                    "titles",
                    place,
                    "首長の職が、組織に登録されていません。",
                    "組織の画面で、首長の職を登録してください。",
                )
                continue
            yield from _say("titles", place, row["name"], fitting, "決裁する職")


def _named(document: PackDocument, organisation: Organisation) -> Iterator[Finding]:
    said: set[str] = set()
    for line in document.consults:
        if line.post not in said:
            said.add(line.post)
            yield from _say(
                "consults", line.place, line.post, _fitting(document, line.post, organisation), "合議する職"
            )
    said.clear()
    for deputy in document.deputies:
        if deputy.deputy not in said:
            said.add(deputy.deputy)
            yield from _say(
                "deputies", deputy.place, deputy.deputy, _fitting(document, deputy.deputy, organisation), "代決する職"
            )


def _lonely(document: PackDocument, organisation: Organisation) -> Iterator[Finding]:
    """A section whose only held post is a decider's: whoever drafts there is the decider."""
    if not document.self_approval_barred:
        return
    by_department: dict[str, list[PostFact]] = {}
    for post in organisation.posts:
        if post.department and post.is_held:
            by_department.setdefault(post.department, []).append(post)
    deciding = {line.decider: line.place for line in reversed(document.rules)}
    for department, posts in sorted(by_department.items()):
        title = next((t for t in document.titles.values() if t.name in deciding and t.fits(posts[0].name)), None)
        if len(posts) == 1 and title is not None and not title.is_head:
            yield warning(
                "self_approval", "rules", deciding[title.name],
                f"{department}には{posts[0].name}しかいないため、起案者と決裁する者が同じになり、直近上位の職が決裁することになります。",
                "起案する職を置くか、この課の特例の行を加えてください。",
            )  # fmt: skip


def _departments(document: PackDocument, organisation: Organisation) -> Iterator[Finding]:
    for part in ("rules", "numbering"):
        for place, row in enumerate(document.rows(part)):
            for name in row["departments"]:
                if name not in organisation.departments:
                    yield warning(
                        "no_department",
                        part,
                        place,
                        f"特例の課「{name}」が、組織にありません。",
                        "課の名か符号を直してください。",
                    )
