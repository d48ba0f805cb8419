"""Roles, contracts, who may do what, and how people sign in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people import services
from kakehashi.people.adapters.accounts import client_address
from kakehashi.people.domain.second_factors import Factor
from kakehashi.people.forms.staff import (
    ContractForm,
    DirectoryForm,
    NetworkRuleForm,
    ProviderForm,
    RoleForm,
    RolePermissionsForm,
    SessionRuleForm,
)
from kakehashi.people.models import Contract, IdentityProvider, Role, RoleGrant, SecondFactorRule, StaffDirectory
from kakehashi.people.permissions import PeoplePermission, has_power
from kakehashi.people.selectors import idle_minutes, permission_matrix, required_factors, valid_on
from kakehashi.people.views import say_on, status_of


def ask_for_power(request: Request) -> HttpResponse | None:
    """Send an act without open administrator power to the page that opens it."""
    if request.method != "POST" or has_power(request.actor):
        return None
    messages.info(request, "この操作には管理者の操作を始める必要があります。理由を書いて始めてください。")
    return redirect(f"{reverse('people-staff:administration')}?next={request.path}")


@staff(PeoplePermission.GRANT_ROLE)
@require_http_methods(["GET", "POST"])
def roles(request: Request) -> HttpResponse:
    """All roles with how many hold them, contracts, and a new one of either."""
    ask = ask_for_power(request)
    if ask is not None:
        return ask
    act = request.POST.get("act")
    if act == "end-contract":
        return _end_contract(request)
    role_form = RoleForm(request.POST if act == "role" else None)
    contract_form = ContractForm(request.POST if act == "contract" else None)
    verbs: dict[str, tuple[Any, Any]] = {
        "role": (role_form, lambda data: services.create_role(actor=request.actor, **data)),
        "contract": (contract_form, lambda data: services.register_contract(actor=request.actor, **data)),
    }
    form, verb = verbs.get(act or "", (None, None))
    if form is not None and form.is_valid():
        try:
            made = verb(form.cleaned_data)
            return redirect("people-staff:role", made.id) if act == "role" else redirect("people-staff:roles")
        except DomainError as error:
            say_on(form, error)
    today = clock.today()
    matrix = permission_matrix(today)
    context = {
        "rows": list(zip(matrix.roles, matrix.holders, strict=True)),
        "contracts": Contract.objects.order_by("-valid_to")[:50],
        "role_form": role_form,
        "contract_form": contract_form,
        "today": today,
        "has_power": has_power(request.actor),
    }
    return render(request, "people/staff/roles.html", context, status=422 if form is not None else 200)


def _end_contract(request: Request) -> HttpResponse:
    """Yesterday is the last day: roles count whole days, and a contract that ends now must not last until midnight."""
    try:
        contract = get_object_or_404(Contract, id=UUID(request.POST.get("contract", "")))
        last_day = clock.today() - timedelta(days=1)
        services.end_contract(actor=request.actor, contract=contract, last_day=last_day)
        messages.success(request, "契約を終わらせました。委託先の役割は、いまから効きません。")
    except (ValueError, DomainError) as error:
        messages.error(request, error.message if isinstance(error, DomainError) else "その契約はありません。")
    return redirect("people-staff:roles")


@staff(PeoplePermission.GRANT_ROLE)
@require_http_methods(["GET", "POST"])
def role(request: Request, role_id: UUID) -> HttpResponse:
    """One role: what it may do and who holds it."""
    row = get_object_or_404(Role, id=role_id)
    ask = ask_for_power(request)
    if ask is not None:
        return ask
    form = RolePermissionsForm(request.POST or None, initial={"permissions": row.permissions})
    if request.method == "POST" and form.is_valid():
        services.set_role_permissions(actor=request.actor, role=row, permissions=form.cleaned_data["permissions"])
        messages.success(request, "役割を変えました。次に開くページから効きます。")
        return redirect("people-staff:role", row.id)
    grants = RoleGrant.objects.filter(valid_on(clock.today()), role=row).select_related(
        "person", "contract", "department"
    )
    context = {"role": row, "form": form, "grants": grants, "has_power": has_power(request.actor)}
    return render(request, "people/staff/role.html", context, status=status_of(form))


@staff(PeoplePermission.READ)
@require_GET
def matrix(request: Request) -> HttpResponse:
    """誰が何をできるか: roles against permissions, from the enums that the code itself checks."""
    table = permission_matrix(clock.today())
    if request.GET.get("format"):
        rows = [
            (room, row.code, row.label, *("○" if allowed else "" for allowed in row.allowed))
            for room, lines in table.rooms
            for row in lines
        ]
        headers = ("部屋", "権限", "できること", *(each.name for each in table.roles))
        return spreadsheet_response(kind=request.GET["format"], name="誰が何をできるか", headers=headers, rows=rows)
    return render(request, "people/staff/matrix.html", {"table": table, "today": clock.today()})


@staff(PeoplePermission.SECURE)
@require_http_methods(["GET", "POST"])
def security(request: Request) -> HttpResponse:
    """How people sign in: second factors by network, providers, directories."""
    ask = ask_for_power(request)
    if ask is not None:
        return ask
    act = request.POST.get("act", "")
    if act == "remove":
        rule = get_object_or_404(SecondFactorRule, network=request.POST.get("network", "").replace("\x00", ""))
        services.remove_network_rule(actor=request.actor, rule=rule)
        return redirect("people-staff:security")
    rule_form = NetworkRuleForm(request.POST if act == "rule" else None)
    session_form = SessionRuleForm(request.POST if act == "session" else None, initial={"idle_minutes": idle_minutes()})
    provider_form = ProviderForm(request.POST if act == "provider" else None)
    directory_form = DirectoryForm(request.POST if act == "directory" else None)
    verbs: dict[str, tuple[Any, Any]] = {
        "directory": (directory_form, lambda data: services.register_directory(actor=request.actor, **data)),
        "rule": (rule_form, lambda data: services.set_network_rule(actor=request.actor, **data)),
        "session": (
            session_form,
            lambda data: services.set_idle_minutes(actor=request.actor, minutes=data["idle_minutes"]),
        ),
        "provider": (provider_form, lambda data: services.register_provider(actor=request.actor, **data)),
    }
    form, verb = verbs.get(act, (None, None))
    if form is not None and form.is_valid():
        try:
            verb(form.cleaned_data)
            messages.success(request, "保存しました。")
            return redirect("people-staff:security")
        except DomainError as error:
            say_on(form, error)
    address = client_address(request)
    context = {
        "rules": [
            (each, [Factor(value).label for value in each.factors])
            for each in SecondFactorRule.objects.order_by("network")
        ],
        "providers": IdentityProvider.objects.order_by("audience", "name"),
        "directories": StaffDirectory.objects.order_by("name"),
        "rule_form": rule_form,
        "provider_form": provider_form,
        "session_form": session_form,
        "idle_minutes": idle_minutes(),
        "directory_form": directory_form,
        "address": address,
        "here": sorted(factor.label for factor in required_factors(address)),
        "has_power": has_power(request.actor),
    }
    return render(request, "people/staff/security.html", context, status=422 if form is not None else 200)
