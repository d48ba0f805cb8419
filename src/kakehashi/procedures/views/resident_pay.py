"""手数料を支払う: choose a way, go to the provider, come back; and the door for the providers' notices."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from kakehashi.kernel.access import resident
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.requests import Request
from kakehashi.people.domain.tries import Limit
from kakehashi.people.services.limits import is_within, limited, refuse
from kakehashi.procedures.adapters.payment import NoticeRefused, TrialProvider
from kakehashi.procedures.domain.deliveries import Way, wished
from kakehashi.procedures.domain.payments import FeeWhen, Told
from kakehashi.procedures.domain.reception import reception_from_row
from kakehashi.procedures.models import Application, Draft, TrialCharge
from kakehashi.procedures.selectors.payments import (
    accounts_in_use,
    amount_due,
    fee_box,
    is_paid_up,
    may_try_payments,
    newest_payment,
    payment_by_reference,
)
from kakehashi.procedures.selectors.public import guide_of
from kakehashi.procedures.services.payments import ask_about, begin_payment, open_charge, take_notice, trial_provider
from kakehashi.procedures.services.reception import check_reception
from kakehashi.procedures.views.passes import applicant_of, grant, own_application, read_passes

STARTS = Limit("procedures.pay_per_client", 60, 600)


def payment_before(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    """前払い: to the payment's page while the fee of a draft is owed; None when it may be handed in. No query without a fee."""
    if draft.procedure.fee_when != FeeWhen.BEFORE or draft.correction_id is not None:
        return None
    amount = amount_due(draft.procedure, draft.form_version, draft.answers)
    if is_paid_up(draft.idempotency_key, amount):
        return None
    check_reception(reception_from_row(draft.procedure.reception_row))
    way = wished(request.POST.get("way", ""))
    chosen = {"electronic": way is Way.ELECTRONIC, "counter": way is Way.COUNTER}
    payment = begin_payment(actor=applicant_of(request), amount=amount, draft=draft, chosen=chosen)
    return redirect("procedures:pay", payment.reference)


@resident
@require_POST
def begin(request: Request, application_id: UUID) -> HttpResponse:
    """Pay the fee of one's application."""
    application = own_application(request, application_id)
    box = fee_box(application)
    if box is None or not box.can_begin:
        return redirect("procedures:application", application_id)
    payment = begin_payment(actor=applicant_of(request), amount=box.amount, application=application)
    return redirect("procedures:pay", payment.reference)


@resident
@require_GET
def pay_page(request: Request, reference: str) -> HttpResponse:
    """What is to be paid, and the ways to pay; afterwards, that it is paid and where the application is."""
    payment = payment_by_reference(reference)
    application = payment.application or Application.objects.filter(idempotency_key=payment.key).first()
    passes = read_passes(request)
    is_own = application is not None and application.id.hex in passes.applications
    is_own = is_own or (payment.draft_id is not None and payment.draft_id.hex in passes.drafts)
    context = {
        "payment": payment,
        "guide": guide_of(payment.procedure, get_language() or "ja"),
        "accounts": accounts_in_use() if payment.is_open else [],
        "application": application if is_own else None,
        "is_own": is_own,
    }
    response = render(request, "procedures/resident/pay.html", context)
    response["Cache-Control"] = "no-store"
    if is_own and application is not None and application.id.hex not in passes.applications:
        return grant(request, response, application=application.id)
    return response


@resident
@limited(STARTS)
@require_POST
def pay_start(request: Request, reference: str) -> HttpResponse:
    """支払いに進む: the charge is opened with the provider; from there a link leads to its page."""
    payment = payment_by_reference(reference)
    method = request.POST.get("provider", "")
    try:
        open_charge(actor=applicant_of(request), payment=payment, method=method)
    except Stale:
        messages.info(request, gettext("この支払いは、もう終わっています。"))
        return redirect("procedures:pay", reference)
    except DomainError:
        sentence = gettext("支払いのサービスにつながりません。しばらくしてから、もう一度お試しください。")
        messages.error(request, sentence)
        return redirect("procedures:pay", reference)
    # A form may not lead to another site (form-action of our content policy): the page that follows has the link.
    payment = newest_payment(payment.key) or payment
    return redirect("procedures:trial-pay" if method == "trial" else "procedures:pay", payment.reference)


@resident
@require_GET
def pay_return(request: Request, reference: str) -> HttpResponse:
    """Back from the provider: what it says is asked of it, never read from the address."""
    if not is_within(request, STARTS):
        return refuse(request, STARTS)
    payment = payment_by_reference(reference)
    try:
        ask_about(actor=applicant_of(request), payment=payment)
    except DomainError:
        messages.info(
            request, gettext("支払いの結果を確かめています。しばらくしてから、このページを開き直してください。")
        )
    return redirect("procedures:pay", reference)


@csrf_exempt
@resident
@require_POST
def pay_notice(request: Request, provider: str) -> HttpResponse:
    """A provider's notice. What is no notice of ours is refused; what could not be asked about will be sent again."""
    try:
        body, media_type = take_notice(
            government_id=request.government.id, provider=provider, headers=request.headers, body=request.body
        )
    except NoticeRefused:
        return HttpResponse(status=400)
    except NotFound:
        return HttpResponse(status=404)
    except DomainError:
        return HttpResponse(status=503)
    return HttpResponse(body, content_type=media_type)


def _charge(reference: str) -> TrialCharge:
    """A charge of the trial provider. Raises NotFound outside of demo towns."""
    found = TrialCharge.objects.filter(reference=reference[:40]).first() if may_try_payments() else None
    if found is None:
        raise NotFound
    return found


@resident
@require_GET
def trial_page(request: Request, reference: str) -> HttpResponse:
    """The page of the trial provider: what a payer would see there, with the faults that real ones have."""
    return _trial(request, _charge(reference))


def _trial(request: Request, charge: TrialCharge, *, stays: bool = False) -> HttpResponse:
    choices = [
        ("once", gettext("ふつうに1回知らせる")),
        ("twice", gettext("同じ知らせを2回送る")),
        ("none", gettext("知らせを送らない")),
    ]
    context = {"charge": charge, "notice_choices": choices, "stays": stays}
    return render(request, "procedures/resident/trial_pay.html", context)


@resident
@limited(STARTS)
@require_POST
def trial_act(request: Request, reference: str) -> HttpResponse:
    """Pay, fail or stop at the trial provider; it then sends its notice, twice or not at all if that was asked for."""
    charge = _charge(reference)
    told = {"pay": Told.PAID, "fail": Told.FAILED, "stop": Told.CANCELLED}.get(request.POST.get("act", ""))
    if told is None:
        raise NotFound
    TrialCharge.objects.filter(id=charge.id, state=Told.PENDING).update(state=told)
    headers, body = _notice(reference)
    # The same notice again, byte by byte, as a provider repeats it that got no answer.
    for _ in range({"none": 0, "twice": 2}.get(request.POST.get("notices", ""), 1)):
        take_notice(government_id=request.government.id, provider="trial", headers=headers, body=body)
    if request.POST.get("returns") == "no":
        return _trial(request, _charge(reference), stays=True)
    return redirect("procedures:pay-return", reference)


def _notice(reference: str) -> tuple[dict[str, str], bytes]:
    provider: TrialProvider = trial_provider()
    return provider.notice_about(reference)
