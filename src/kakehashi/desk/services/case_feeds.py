"""取り寄せ: cases of another installation by HTTP, through the house's one door to the outside; results go back the same way."""

from __future__ import annotations

from datetime import timedelta

from kakehashi.desk.domain.case_file import MOST_BYTES, MOST_CASES, Bundle
from kakehashi.desk.models import CaseFeed, CaseSigner, ReceivedCase
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.exchange import untold_results
from kakehashi.desk.services.case_exchange import (
    Receipt,
    mark_told,
    note_signer,
    open_bundle,
    results_bundle,
    store_bundle,
)
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.outbound import NoAnswer, OutboundRefused, check_address, send
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.services.security import seal_secret, unseal_secret

__all__ = ["add_feed", "drop_feed", "pull_due_feed", "pull_feed", "receive_results", "switch_feed"]

SUBJECT = "desk.case_feed"
EVERY = timedelta(hours=6)
_SECONDS = 10.0
_MOST_PAGES = 40


@service
def add_feed(*, actor: Actor, name: str, url: str, key: str) -> CaseFeed:
    """Fetch the cases of another installation from now on; `key` is the API key it gave us, kept sealed.

    Raises DomainError for no name, an address that the house's door refuses, one that is there already, or no key.
    """
    require(actor, DeskPermission.CASE_EXCHANGE)
    if not name.strip():
        raise DomainError("名前を書いてください。", field="name", code="required")
    if not key.strip() or not key.strip().isprintable():
        raise DomainError("相手から受け取ったAPIの鍵を書いてください。", field="key", code="required")
    address = url.strip()
    try:
        check_address(address)
    except OutboundRefused as error:
        raise DomainError(str(error), field="url", code="refused") from error
    if len(address) > 500 or CaseFeed.objects.filter(url=address).exists():
        raise DomainError("このアドレスは、もう登録されています。", field="url", code="taken")
    feed: CaseFeed = CaseFeed.objects.create(
        name=name.strip()[:100], url=address, key_sealed=seal_secret(key.strip()), made_by=actor.label[:200]
    )
    _record(actor, "desk.case_feed.added", feed)
    return feed


@service
def switch_feed(*, actor: Actor, feed: CaseFeed, is_on: bool) -> None:
    """Stop fetching from an address, or go on."""
    require(actor, DeskPermission.CASE_EXCHANGE)
    feed.is_on = is_on
    feed.save(update_fields=["is_on"])
    _record(actor, "desk.case_feed.switched", feed)


@service
def drop_feed(*, actor: Actor, feed: CaseFeed) -> None:
    """Fetch from an address no more, and forget its key. What was received stays."""
    require(actor, DeskPermission.CASE_EXCHANGE)
    _record(actor, "desk.case_feed.dropped", feed)
    feed.cases.update(feed=None)
    feed.delete()


@service
def pull_feed(*, actor: Actor, feed: CaseFeed) -> Receipt | None:
    """Fetch a feed now: what it brought, or None with `feed.problem` saying why nothing came.

    A signer that nobody has confirmed yet brings nothing and waits on the page. What came of its cases here is posted back.
    """
    feed.tried_at, feed.problem = clock.now(), ""
    receipt = None
    try:
        receipt = _fetch_pages(actor, feed)
        _tell_results(actor, feed)
    except (OutboundRefused, DomainError) as error:
        feed.problem = (error.message if isinstance(error, DomainError) else str(error))[:300]
    except NoAnswer:
        feed.problem = "返事がありませんでした。あとで、もう一度試します。"
    feed.save()
    if receipt is not None and (receipt.cases or receipt.withdrawn):
        record_event(
            actor=actor, code="desk.case_feed.pulled", subject_kind=SUBJECT, subject_id=feed.id,
            payload={"name": feed.name, "cases": receipt.cases, "withdrawn": receipt.withdrawn},
        )  # fmt: skip
    return receipt


@service
def pull_due_feed(*, actor: Actor) -> int:
    """Fetch the one feed that has waited longest, if any is due after six hours; 1 when one was. Run by the worker.

    One at a time: the other side's slowness holds up nothing else.
    """
    due = (
        CaseFeed.objects.select_for_update(skip_locked=True)
        .filter(is_on=True)
        .exclude(tried_at__gt=clock.now() - EVERY)
    )
    feed = due.order_by("tried_at", "id").first()
    if feed is None:
        return 0
    pull_feed(actor=actor, feed=feed)
    return 1


@service
def receive_results(*, actor: Actor, content: bytes) -> int | CaseSigner:
    """Take in what came of our cases elsewhere, posted with an API key; return how many said something new.

    The key of the API says who may call, the signature who speaks: where nobody here has confirmed the signer yet, nothing
    is kept and the signer is returned, which waits on the page. Raises DomainError for what is no bundle.
    """
    require(actor, DeskPermission.CASE_FEED)
    bundle = open_bundle(content)
    signer = note_signer(actor, bundle)
    if signer.confirmed_at is None:
        return signer
    return store_bundle(actor, bundle, None).results


def _fetch_pages(actor: Actor, feed: CaseFeed) -> Receipt:
    """Fetch page after page while the other side names cases that are not here yet and still sends full pages."""
    whole = Receipt("", 0, 0, 0)
    for page in range(1, _MOST_PAGES + 1):
        url = feed.url if page == 1 else f"{feed.url}?page={page}"
        answer = send(url, headers=_headers(feed), seconds=_SECONDS, most=MOST_BYTES)
        if answer.status != 200:
            raise DomainError(f"相手が {answer.status} と答えました。アドレスと鍵を確かめてください。")
        bundle = open_bundle(answer.body)
        brought = _taken(actor, feed, bundle)
        whole = Receipt(
            brought.origin_name, whole.cases + brought.cases, whole.withdrawn + brought.withdrawn, whole.results + brought.results
        )  # fmt: skip
        here = set(ReceivedCase.objects.filter(origin_code=bundle.origin_code).values_list("case_id", flat=True))
        if len(bundle.cases) < MOST_CASES or not (bundle.current or frozenset()) - here:
            break
    return whole


def _taken(actor: Actor, feed: CaseFeed, bundle: Bundle) -> Receipt:
    if feed.origin_code and bundle.origin_code != feed.origin_code:
        raise DomainError(f"前と違う団体（{bundle.origin_name}）の事例が届きました。アドレスを確かめてください。")
    signer = note_signer(actor, bundle)
    if signer.confirmed_at is None:
        raise DomainError(f"{signer.name}の署名の鍵を、まだ確かめていません。指紋を確かめると、次から受け取ります。")
    if feed.last_made_at is not None and bundle.made_at < feed.last_made_at:
        raise DomainError("前に受け取ったものより古い内容が届きました。受け取っていません。")
    feed.origin_code, feed.last_made_at, feed.pulled_at = bundle.origin_code, bundle.made_at, clock.now()
    return store_bundle(actor, bundle, feed)


def _tell_results(actor: Actor, feed: CaseFeed) -> None:
    rows = list(untold_results(feed.origin_code))
    if not rows or not feed.origin_code:
        return
    headers = {**_headers(feed), "Content-Type": "application/json", "Idempotency-Key": str(uuid7())}
    answer = send(
        f"{feed.url.rstrip('/')}/results/", method="POST", body=results_bundle(rows), headers=headers, seconds=_SECONDS
    )
    if answer.status != 200:
        raise DomainError(
            f"事例は受け取りましたが、結果を伝えられませんでした（{answer.status}）。相手がこちらの鍵を確かめると届きます。"
        )
    mark_told(rows)
    record_event(
        actor=actor, code="desk.received_case.told", subject_kind=SUBJECT, subject_id=feed.id,
        payload={"origin": feed.origin_code, "cases": [str(row.case_id) for row in rows]},
    )  # fmt: skip


def _headers(feed: CaseFeed) -> dict[str, str]:
    return {"Authorization": f"Bearer {unseal_secret(feed.key_sealed)}", "Accept": "application/json"}


def _record(actor: Actor, code: str, feed: CaseFeed) -> None:
    payload = {"name": feed.name, "url": feed.url, "is_on": feed.is_on}
    record_event(actor=actor, code=code, subject_kind=SUBJECT, subject_id=feed.id, payload=payload)
