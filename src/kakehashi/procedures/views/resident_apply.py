"""申請する: step by step, confirm, hand in. Also the answer to a 補正, which walks the same pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.eforms.domain.definition import localized
from kakehashi.eforms.selectors import StepResult, clean_answers, compiled_form, describe_answers, fee_of, validate_step
from kakehashi.eforms.selectors import visible_steps as steps_for
from kakehashi.eforms.services import keep_uploads
from kakehashi.kernel.access import resident
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.paths import path_to
from kakehashi.people.domain.tries import Limit
from kakehashi.people.models import ProviderAudience
from kakehashi.people.selectors import providers_for
from kakehashi.people.services import sign_out_resident, visitor_of
from kakehashi.people.services.limits import limited
from kakehashi.procedures.domain.applicant import applicant_of as applicant_in
from kakehashi.procedures.domain.deliveries import Way, wished
from kakehashi.procedures.domain.identity import IdentityCheck, satisfies
from kakehashi.procedures.domain.names import FILE_PURPOSE_ANSWER, FILE_PURPOSE_PROTECTED
from kakehashi.procedures.domain.reception import reception_from_row
from kakehashi.procedures.models import CoSigning, Draft, Role
from kakehashi.procedures.selectors.applications import handed_in_as
from kakehashi.procedures.selectors.parties import NOBODY, parties_of_draft, rule_of
from kakehashi.procedures.selectors.payments import pays_at_office
from kakehashi.procedures.selectors.public import guide_of
from kakehashi.procedures.services import (
    Incomplete,
    answer_correction,
    ask_consents,
    discard_draft,
    hand_in_with_parties,
    remember_visitor,
    save_step,
    submit_draft,
)
from kakehashi.procedures.views.passes import applicant_of, forget, grant, own_draft
from kakehashi.procedures.views.resident_pay import payment_before

# Each asks up to ten addresses, once for a state of the answers.
ASKS_PER_CLIENT = Limit("procedures.ask_per_client", 20, 900)


def _frame(draft: Draft, step_key: str) -> dict[str, Any]:
    """What every step shows: the names of the steps, which one this is, and its neighbours."""
    language = get_language() or "ja"
    steps = steps_for(draft.form_version, draft.answers)
    keys = [step.key for step in steps]
    if step_key not in keys:
        raise NotFound
    at = keys.index(step_key)
    names = [localized(step, "title", language) for step in steps]
    return {
        "draft": draft,
        "file_purpose": FILE_PURPOSE_ANSWER,
        "procedure": draft.procedure,
        "guide": guide_of(draft.procedure, language),
        "step": steps[at],
        "step_title": names[at],
        "names": [*names, gettext("確認")],
        "number": at + 1,
        "total": len(names) + 1,
        "before": keys[at - 1] if at else "",
        "after": keys[at + 1] if at + 1 < len(keys) else "",
    }


def already_handed_in(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    """The way to the application for whoever comes back to a draft that has become one.

    What were changed here would reach nobody, however often it was handed in again: say so, and say what to do.
    """
    application_id = handed_in_as(draft)
    if application_id is None:
        return None
    messages.info(request, gettext("この内容は、もう届いています。変えたいことは、この画面から役所に伝えてください。"))
    return grant(request, redirect("procedures:application", application_id), application=application_id)


@resident
@require_http_methods(["GET", "POST"])
def step_page(request: HttpRequest, draft_id: UUID, step_key: str) -> HttpResponse:
    """One page of the form. Whatever is posted is kept, right or wrong; wrong answers come back with their errors."""
    draft = own_draft(request, draft_id)
    if (already := already_handed_in(request, draft)) is not None:
        return already
    if request.method == "POST":
        return _posted(request, draft, step_key)
    context = _frame(draft, step_key) | {"values": {**draft.answers, **draft.typed}, "errors": {}}
    return render(request, "procedures/resident/step.html", context | {"to_confirm": "confirm" in request.GET})


def _posted(request: HttpRequest, draft: Draft, step_key: str) -> HttpResponse:
    frame = _frame(draft, step_key)
    version = draft.form_version
    post = keep_uploads(
        actor=applicant_of(request),
        version=version,
        step_key=step_key,
        post=request.POST,
        files=request.FILES,
        purpose=FILE_PURPOSE_ANSWER,
        protected_purpose=FILE_PURPOSE_PROTECTED,
    )
    for name in post.twice:
        messages.info(
            request,
            gettext("「%(name)s」は、もう付いています。同じファイルなので、1つだけ残しました。") % {"name": name},
        )
    result = validate_step(version, step_key, post, draft.answers)
    _keep(request, draft, step_key, result)
    if "save" in request.POST:
        return redirect("procedures:saved", draft.id)
    to_confirm = "confirm" in request.POST
    if result.errors or result.redisplay:
        values = {**draft.answers, **draft.typed, **result.typed}
        context = frame | {"values": values, "errors": result.errors, "to_confirm": to_confirm}
        return render(request, "procedures/resident/step.html", context, status=422 if result.errors else 200)
    # The answers may have opened or closed pages: the way on is asked anew.
    after = _frame(draft, step_key)["after"]
    if to_confirm or not after:
        return redirect("procedures:confirm", draft.id)
    return redirect("procedures:step", draft.id, after)


def _keep(request: HttpRequest, draft: Draft, step_key: str, result: StepResult) -> None:
    fields = [each.key for each in compiled_form(draft.form_version).definition.step(step_key).fields]
    save_step(
        actor=applicant_of(request),
        draft=draft,
        step_key=step_key,
        field_keys=fields,
        values=result.values,
        typed=result.typed,
        is_done=not result.errors and not result.redisplay,
    )


@resident
@require_POST
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Forget a draft and everything typed in it."""
    draft = own_draft(request, draft_id)
    discard_draft(actor=applicant_of(request), draft_id=draft.id)
    messages.success(request, gettext("書きかけの内容を消しました。"))
    return redirect("procedures:mine")


@resident
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Take every pass off this browser: what was filed stays, and comes back by number and mail code."""
    if visitor_of(request.session) is not None:
        sign_out_resident(session=request.session)
    messages.success(request, gettext("この端末から、あなたの申請の記録を消しました。"))
    return forget(redirect("procedures:search"))


@resident
@require_GET
def confirm_page(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """All answers in groups with 「直す」, and the verb of the procedure's kind."""
    draft = own_draft(request, draft_id)
    if (already := already_handed_in(request, draft)) is not None:
        return already
    # Whoever signs in on the way comes back here: noted now, handing in asks no session.
    remember_visitor(draft=draft, visitor=visitor_of(request.session))
    return _confirm(request, draft)


def _confirm(request: HttpRequest, draft: Draft, *, message: str = "", status: int = 200) -> HttpResponse:
    version = draft.form_version
    checked = clean_answers(version, draft.answers)
    wrong = {name.split(".")[0] for name in checked.errors}
    steps = steps_for(version, draft.answers)
    described = describe_answers(version, draft.answers)
    groups = [
        (step.key, title, rows, any(field.key in wrong for field in step.fields))
        for step, (title, rows) in zip(steps, described, strict=True)
    ]
    names = [title for _, title, _, _ in groups]
    context = (
        _identity(draft)
        | _others(draft)
        | {
            "draft": draft,
            "procedure": draft.procedure,
            "guide": guide_of(draft.procedure, get_language() or "ja"),
            "groups": groups,
            "is_complete": not checked.errors,
            "fee": fee_of(version, draft.answers),
            "pays_at_office": pays_at_office(fee_of(version, draft.answers) or draft.procedure.fee),
            # A 届出 ends with its arrival: there is no notice to ask about.
            "asks_notice": draft.correction is None and not draft.procedure.road.arrival_completes,
            "way": request.POST.get("way", ""),
            "message": message,
            "names": [*names, gettext("確認")],
            "total": len(names) + 1,
        }
    )
    return render(request, "procedures/resident/confirm.html", context, status=status)


def _others(draft: Draft) -> dict[str, Any]:
    """Who else stands behind it, whether they agree to this, and what the procedure lets the applicant do about it."""
    if draft.correction is not None:
        return {"parties": NOBODY}
    rule, parties = rule_of(draft.procedure), parties_of_draft(draft)
    waits_for = [
        each for each in parties.missing if rule.co_signing != CoSigning.MAY_FOLLOW or each.role != Role.CO_SIGNER
    ]
    return {
        "rule": rule,
        "parties": parties,
        "signs_together": rule.co_signing != CoSigning.NONE,
        "lacks_signers": max(rule.least_co_signers - len(parties.co_signers), 0),
        "asks_first": bool(waits_for),
        "unasked": parties.unasked,
    }


@resident
@limited(ASKS_PER_CLIENT)
@require_POST
def ask(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """同意をお願いする: a link to everybody who has not agreed to the answers as they stand."""
    draft = own_draft(request, draft_id)
    if (already := already_handed_in(request, draft)) is not None:
        return already
    try:
        count = ask_consents(
            actor=applicant_of(request),
            draft=draft,
            accepts_electronic_notice=_wish(request) is Way.ELECTRONIC,
            fetches_at_counter=_wish(request) is Way.COUNTER,
        )
    except Incomplete:
        return _confirm(request, draft, message=gettext("まだ直すところがあります。"), status=422)
    except DomainError as error:
        return _confirm(request, draft, message=error.message, status=422)
    messages.success(request, gettext("%(n)s人に、同意のお願いをメールで送りました。") % {"n": count})
    return redirect("procedures:confirm", draft.id)


def _identity(draft: Draft) -> dict[str, Any]:
    """What of 本人確認 is still to be shown, to which address a code would go, and who else may vouch."""
    check = IdentityCheck(draft.procedure.identity_check)
    email = applicant_in(draft.form_version.definition, draft.answers).email or draft.email
    if draft.correction is not None or satisfies(check, draft.proof, email):
        return {"identity": "", "shown": draft.shown, "resident": draft.resident}
    return {"identity": check.value, "email": email, "providers": providers_for(ProviderAudience.RESIDENT)}


@resident
@require_POST
def submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Hand it in. Pressed twice, or sent again after a lost answer, it leads to the same receipt."""
    draft = own_draft(request, draft_id, to_hand_in=True)
    try:
        if (to_pay := payment_before(request, draft)) is not None:
            return to_pay
        application_id, page = _hand_in(request, draft)
    except Incomplete:
        return _confirm(request, draft, message=gettext("まだ直すところがあります。"), status=422)
    except DomainError as error:
        return _confirm(request, draft, message=error.message, status=422)
    return grant(request, HttpResponseRedirect(path_to(page, application_id)), application=application_id)


def _wish(request: HttpRequest) -> Way:
    return wished(request.POST.get("way", ""))


def _hand_in(request: HttpRequest, draft: Draft) -> tuple[UUID, str]:
    actor = applicant_of(request)
    if draft.correction is not None:
        checked = clean_answers(draft.form_version, draft.answers)
        if checked.errors:
            raise Incomplete(checked.errors)
        answered = answer_correction(actor=actor, correction=draft.correction, answers=checked.values)
        return answered.id, "procedures:application"
    if draft.has_parties:
        together = hand_in_with_parties(
            actor=actor,
            draft=draft,
            accepts_electronic_notice=_wish(request) is Way.ELECTRONIC,
            fetches_at_counter=_wish(request) is Way.COUNTER,
        )
        return together.id, "procedures:receipt"
    application = submit_draft(
        actor=actor,
        draft=draft,
        government_code=request.government.code,  # type: ignore[attr-defined]
        accepts_electronic_notice=_wish(request) is Way.ELECTRONIC,
        fetches_at_counter=_wish(request) is Way.COUNTER,
        and_commit=True,
        reception=reception_from_row(draft.procedure.reception_row),
    )
    return application.id, "procedures:receipt"
