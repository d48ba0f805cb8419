"""Error pages that say what happened and what to do. They read no database and need no context processor."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import token_hex

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy

from kakehashi.kernel.api import error as machine_error
from kakehashi.kernel.database_pool import is_unavailable
from kakehashi.kernel.errors import DomainError, ElsewhereSignedIn, NotFound, PermissionRefused, Stale
from kakehashi.kernel.logs import view_of
from kakehashi.kernel.security_log import address_of, note_security
from kakehashi.kernel.trace import current_request
from kakehashi.kernel.typed import Typed, context_of, keepers, owner_of, same_origin, typed_in

log = logging.getLogger(__name__)

_MOST_TAKEN_IN = 256 * 1024 * 1024


@dataclass(frozen=True)
class ErrorText:
    """Title, what happened, and what to do: all in words that blame nobody."""

    title: str | Promise
    happened: str | Promise
    to_do: tuple[str | Promise, ...]


_ERRORS: dict[int, ErrorText] = {
    400: ErrorText(
        gettext_lazy("ページを開けませんでした"),
        gettext_lazy("送られた内容を読み取れませんでした。"),
        (gettext_lazy("前のページにもどって、もう一度やり直してください。"),),
    ),
    403: ErrorText(
        gettext_lazy("このページを見る権限がありません"),
        gettext_lazy(
            "サインインしている方には、このページを開く権限がないか、画面を開いてから時間がたちすぎています。"
        ),
        (
            gettext_lazy("前のページにもどり、画面を読み直してから、もう一度お試しください。"),
            gettext_lazy("仕事で必要なときは、庶務の担当者に権限の追加を頼んでください。"),
        ),
    ),
    404: ErrorText(
        gettext_lazy("ページが見つかりません"),
        gettext_lazy("アドレスが違うか、ページが移動しました。"),
        (
            gettext_lazy("アドレスに間違いがないか確かめてください。"),
            gettext_lazy("最初のページから、さがし直してください。"),
        ),
    ),
    405: ErrorText(
        gettext_lazy("このページは直接開けません"),
        gettext_lazy("ボタンを押したときだけ使うページです。"),
        (gettext_lazy("前のページにもどって、ボタンから操作してください。"),),
    ),
    409: ErrorText(
        gettext_lazy("内容が新しくなっています"),
        gettext_lazy("開いている間に、ほかの人の操作で内容が変わりました。あなたの操作はまだ反映されていません。"),
        (gettext_lazy("前のページにもどって読み直し、最新の内容を確かめてから、もう一度操作してください。"),),
    ),
    413: ErrorText(
        gettext_lazy("送られた内容が大きすぎます"),
        gettext_lazy("送られた内容が、受け取れる大きさをこえています。"),
        (
            gettext_lazy("長い文章は、短くするか、添付ファイルにしてください。"),
            gettext_lazy("写真は小さくするか、枚数をへらしてください。"),
            gettext_lazy("分けて送ることもできます。"),
        ),
    ),
    422: ErrorText(
        gettext_lazy("入力した内容を確かめてください"),
        gettext_lazy("このままでは進めない内容があります。"),
        (gettext_lazy("前のページにもどると、入力した内容が残っています。直してから、もう一度お試しください。"),),
    ),
    429: ErrorText(
        gettext_lazy("しばらく待ってからお試しください"),
        gettext_lazy("短い時間に何度も操作があったため、受付を一時止めています。"),
        (),
    ),
    500: ErrorText(
        gettext_lazy("システムの不具合で処理できませんでした"),
        gettext_lazy("申し訳ありません。こちらの不具合です。あなたの操作は取り消され、記録は変わっていません。"),
        (
            gettext_lazy("少し待ってから、もう一度お試しください。"),
            gettext_lazy("くりかえすときは、下の番号をそえて、お問い合わせください。"),
        ),
    ),
    503: ErrorText(
        gettext_lazy("いま、こみ合っています"),
        gettext_lazy("こみ合っているか、システムを動かし直しているところです。"),
        (
            gettext_lazy("10秒ほど待ってから、もう一度お試しください。"),
            gettext_lazy("送る途中だったときは、もう一度送ってください。同じものが二つできることはありません。"),
        ),
    ),
}


#: Surfaces whose forms are repeated; those of signing in hold passwords.
_WITH_FORMS = frozenset({"staff", "administrator", "resident"})

#: What a page of ours never sends by itself: broken or forged requests, forbidden ones, too large ones, too many.
_TELLING = frozenset({400, 403, 413, 429})

_OVERTAKEN = ErrorText(
    gettext_lazy("まだ送られていません"),
    gettext_lazy("入力した内容は、下に残っています。"),
    (gettext_lazy("内容を確かめて、「もう一度送る」を押してください。"),),
)

_INSECURE = ErrorText(
    gettext_lazy("この通信は暗号化されていません"),
    gettext_lazy(
        "このままサインインや送信をすると、パスワードや入力した内容を途中で読まれるおそれがあるため、止めました。"
    ),
    (
        gettext_lazy("アドレスの先頭を「https://」にして、開き直してください。"),
        gettext_lazy(
            "開けないときは、システムの管理者に「HTTPSの設定がまだです」と伝えてください（kakehashi doctor が直し方を示します）。"
        ),
    ),
)


_ELSEWHERE = ErrorText(
    gettext_lazy("いまのサインインでは、このページを開けません"),
    gettext_lazy(
        "この団体の職員として、サインインしていません。ほかの団体の職員としてサインインしたままかもしれません。"
    ),
    (
        gettext_lazy("ご自分の団体のアドレスから、開き直してください。"),
        gettext_lazy("この団体の職員でもあるときは、いちどサインアウトしてから、サインインし直してください。"),
    ),
)


def insecure_page(request: HttpRequest) -> HttpResponse:
    """403 for what must not travel over an open wire, and what to do instead."""
    return explain(request, 403, _INSECURE)


def error_page(request: HttpRequest, status: int, *, message: str = "") -> HttpResponse:
    """Render the page of one HTTP status; `message` is the sentence of a domain error, if there was one."""
    return explain(request, status, _ERRORS[status], message)


def too_many(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """429 for whoever tried too often: how long to wait, in minutes for people and in seconds for programs."""
    wait = gettext("%(minutes)s分ほど待ってから、もう一度お試しください。") % {"minutes": -(-seconds // 60)}
    page = explain(request, 429, replace(_ERRORS[429], to_do=(wait,)))
    page.headers["Retry-After"] = str(seconds)
    return page


def explain(
    request: HttpRequest, status: int, text: ErrorText, message: str = "", *, typed: Typed | None = None
) -> HttpResponse:
    """Render a page that says what happened and what to do, in the words given.

    `typed`: what was sent, with a button that sends it again. Without it the words of staff are shown all the same, so that a
    refused or broken page loses nothing of what was written.
    """
    if status in _TELLING:
        user = getattr(request, "_cached_user", None)
        note_security(
            "refused", page=view_of(request), status=status, user=getattr(user, "pk", ""), address=address_of(request)
        )
    # The number on the page is the request's own: the lines of the log carry it too.
    reference = current_request() or token_hex(4)
    if status >= 500:
        log.error("error page %s-%s for %s", status, reference, view_of(request))
    error = {
        "status": status,
        "reference": reference,
        "title": text.title,
        "happened": text.happened,
        "to_do": text.to_do,
        "message": message,
        "back": _back(request),
        "home": get_script_prefix(),
    }
    if request.path_info.startswith("/api/"):
        return machine_error(status, "error", message or str(text.happened))
    context: dict[str, object] = {"error": error}
    if typed is not None or (own := _own_words(request)) is None:
        context |= context_of(typed, request) if typed is not None else {}
    else:
        context |= context_of(own, request if status >= 500 else None)
    body = render_to_string("kernel/error.html", context)
    return HttpResponse(body, status=status)


def _own_words(request: HttpRequest) -> Typed | None:
    """What a member of staff sent with the form of a page that was drawn for them; asks no database."""
    user = getattr(request, "_cached_user", None)
    owner = owner_of(request) if user is not None and user.is_authenticated and request.method == "POST" else None
    return typed_in(request) if owner is not None and owner[0] == str(user.pk) else None  # type: ignore[union-attr]


def _back(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if referer and url_has_allowed_host_and_scheme(referer, {request.META.get("HTTP_HOST", "")}):
        return referer
    return request.get_full_path() if request.method == "POST" else ""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400; a body over the limit is told apart, because the person can do something about it."""
    from django.core.exceptions import RequestDataTooBig

    if is_unavailable(exception):
        # A session that cannot be saved is called a bad request by its own library.
        return _unavailable(request)
    is_too_big = isinstance(exception, RequestDataTooBig)
    if is_too_big:
        _take_in_the_rest(request)
    return error_page(request, 413 if is_too_big else 400)


def _take_in_the_rest(request: HttpRequest) -> None:
    """Read what the browser is still sending: whoever is answered too early finds the connection cut instead of the page."""
    left = _MOST_TAKEN_IN
    try:
        while left > 0 and (part := request.read(64 * 1024)):
            left -= len(part)
    except (OSError, ValueError):
        # The sender went away, or the body is not to be had any more: nobody waits for it.
        return


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404. Whoever is signed in for another government is told so; whether the page exists, nobody is told."""
    if isinstance(exception, ElsewhereSignedIn):
        return explain(request, 404, _ELSEWHERE)
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500; where trying again in a moment helps, 503 says so to people and to machines."""
    if not is_unavailable(sys.exc_info()[1]):
        return error_page(request, 500)
    return _unavailable(request)


def _unavailable(request: HttpRequest) -> HttpResponse:
    page = error_page(request, 503)
    page.headers["Retry-After"] = "10"
    return page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: nearly always a page that was left open overnight, or from before somebody signed in again.

    Nothing is done. What was typed is shown to the person it belongs to, with a button that sends it with a new token: only when the
    browser says that a page of ours sent it and, on pages of staff, when the form was drawn for whoever is signed in now.
    """
    message = gettext("画面を開いてから時間がたったため、安全のために止めました。")
    access = getattr(request.resolver_match.func if request.resolver_match else None, "access", None)
    typed = typed_in(request) if access is not None and access.surface in _WITH_FORMS and same_origin(request) else None
    if typed is not None and access is not None and access.surface != "resident":
        user, owner = request.user, owner_of(request)
        if owner is not None and not user.is_authenticated:
            kept = next((answer for _, keep in keepers.items() if (answer := keep(request)) is not None), None)
            if kept is not None:
                return kept
        if owner is None or owner[0] != str(user.pk):
            typed = None
    if typed is None:
        message += gettext("画面を読み直してください。")
    return explain(request, 403, _ERRORS[403] if typed is None else _OVERTAKEN, message, typed=typed)


class ErrorPagesMiddleware:
    """Answers the errors a person can cause: 403, 404, 409 and 422 with a page that says what to do.

    A view that has a form catches `DomainError` itself and shows it beside the field; this is the last net.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = error_page(request, 405)
            page.headers["Allow"] = response.headers.get("Allow", "")
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a known error, else None: then it is a fault of ours."""
        if isinstance(exception, PermissionRefused):
            return error_page(request, 403)
        if isinstance(exception, NotFound):
            return error_page(request, 404)
        if isinstance(exception, Stale):
            return error_page(request, 409, message=exception.message)
        if isinstance(exception, DomainError):
            return error_page(request, 422, message=exception.message)
        return None
