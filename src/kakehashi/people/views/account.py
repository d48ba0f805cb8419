"""A member of staff's own pages: sessions, second factor, the post acted as, administrator power."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel import clock
from kakehashi.kernel.access import any_staff, staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.people import services
from kakehashi.people.adapters.accounts import client_address
from kakehashi.people.domain.second_factors import Factor
from kakehashi.people.forms.staff import AdministrationForm, CodeForm
from kakehashi.people.models import AdministratorSession, MailCodePurpose, User
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors import StaffActor, required_factors
from kakehashi.people.services.mail_codes import why_code_failed
from kakehashi.people.services.sessions import SESSION_ADMINISTRATOR, SESSION_ONLY_GOVERNMENT, may_enter, shown_factors
from kakehashi.people.views import safe_next, say_on, status_of

SESSION_CODE = "second_factor_code"


@any_staff
@require_GET
def account(request: Request) -> HttpResponse:
    """My account: where I am signed in, what second factors I have, which posts I may act as."""
    sessions = UserSession.objects.purge_and_list(request.user)
    return render(
        request,
        "people/staff/account.html",
        {
            "sessions": sorted(sessions, key=lambda each: each.created_at, reverse=True),
            "current_key": request.session.session_key,
            # A session that the town's own provider opened reaches no page of the account itself.
            "has_own_pages": not request.session.get(SESSION_ONLY_GOVERNMENT),
            "authenticators": Authenticator.objects.filter(user=request.user),
            "required": sorted(factor.label for factor in required_factors(client_address(request))),
            "shown": sorted(factor.label for factor in shown_factors(request.session)),
        },
    )


@any_staff
@require_POST
def revoke_session(request: Request, session_id: int) -> HttpResponse:
    """End one of my sessions, on whatever machine it is; another than this one only after asking for the password or factor again."""
    session = UserSession.objects.filter(id=session_id, user=request.user).first()
    if session is None:
        raise Http404
    is_this_one = session.session_key == request.session.session_key
    # Whoever came by the town's own provider has neither here, and no page that would ask.
    if (
        not is_this_one
        and not request.session.get(SESSION_ONLY_GOVERNMENT)
        and not did_recently_reauthenticate(request)
    ):
        messages.info(
            request,
            "ほかの端末のサインインを終わらせる前に、もう一度本人を確かめます。確かめたら、もう一度押してください。",
        )
        return redirect(f"{reverse('account_reauthenticate')}?next={quote(reverse('people-staff:account'))}")
    services.end_session(session=session)
    if is_this_one:
        return redirect("account_login")
    messages.success(request, "そのサインインを終わらせました。")
    return redirect("people-staff:account")


@any_staff
@require_POST
def acting(request: Request) -> HttpResponse:
    """Act as another of my posts."""
    actor = request.actor
    assert isinstance(actor, StaffActor)
    try:
        services.act_as_post(
            session=request.session,
            post_id=UUID(request.POST.get("post", "")),
            held=[post.id for post in actor.posts],
        )
    except (ValueError, DomainError):
        messages.error(request, "その職には就いていません。")
    return redirect(safe_next(request, reverse("people-staff:account")))


@staff(PeoplePermission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def administration(request: Request) -> HttpResponse:
    """Open administrator power with a reason, see who opened it lately, give it back."""
    form = AdministrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = services.open_administrator_session(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            say_on(form, error)
        else:
            services.open_power(session=request.session, administrator_session_id=opened.id)
            return redirect(safe_next(request, reverse("people-staff:administration")))
    recent = AdministratorSession.objects.select_related("person").order_by("-opened_at")[:30]
    context = {"form": form, "recent": recent, "now": clock.now(), "next": safe_next(request, "")}
    return render(request, "people/staff/administration.html", context, status=status_of(form))


@staff(PeoplePermission.ADMINISTER)
@require_POST
def close_administration(request: Request) -> HttpResponse:
    """Give administrator power back."""
    session_id = request.session.pop(SESSION_ADMINISTRATOR, None)
    if session_id:
        session = get_object_or_404(AdministratorSession, id=session_id, person_id=request.actor.id)
        services.close_administrator_session(actor=request.actor, session=session)
        messages.success(request, "管理者の操作を終えました。")
    return redirect("people-staff:administration")


@any_staff
@require_GET
def second_factor(request: Request) -> HttpResponse:
    """What this network asks for, and the ways to show it."""
    onwards = safe_next(request, reverse("site:staff-home"))
    if may_enter(request.session, client_address(request)):
        return redirect(onwards)
    required = required_factors(client_address(request))
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "next": onwards,
        "mail": Factor.MAIL_CODE in required,
        "totp": Factor.TOTP in required,
        "passkey": Factor.PASSKEY in required,
        "has_totp": "totp" in kinds,
        "has_passkey": "webauthn" in kinds,
    }
    return render(request, "people/staff/second_factor.html", context)


@any_staff
@require_http_methods(["POST"])
def second_factor_mail(request: Request) -> HttpResponse:
    """Ask for a code by mail, or answer with it."""
    onwards = safe_next(request, reverse("site:staff-home"))
    assert isinstance(request.user, User)
    if "code" not in request.POST:
        code = services.issue_mail_code(
            email=request.user.email, purpose=MailCodePurpose.SECOND_FACTOR, context=str(request.user.pk)
        )
        request.session[SESSION_CODE] = str(code.id)
        return render(request, "people/staff/second_factor_mail.html", {"form": CodeForm(), "next": onwards})
    form = CodeForm(request.POST)
    if form.is_valid():
        kept = request.session.get(SESSION_CODE)
        used = services.confirm_mail_code(
            mail_code_id=kept, typed=form.cleaned_data["code"], purpose=MailCodePurpose.SECOND_FACTOR
        )
        if used is not None and used.context == str(request.user.pk):
            request.session.pop(SESSION_CODE, None)
            services.show_factor(session=request.session, factor=Factor.MAIL_CODE)
            return redirect(onwards)
        say_on(form, why_code_failed(kept))
    return render(request, "people/staff/second_factor_mail.html", {"form": form, "next": onwards}, status=422)
