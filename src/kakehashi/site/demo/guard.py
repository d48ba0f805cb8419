"""The demo never touches a database that is somebody's work."""

from __future__ import annotations

from kakehashi.governments.models import Government


class NotADemoError(RuntimeError):
    """The database holds a government that is not the demo's."""


def refuse_unless_demo() -> None:
    """Raise `NotADemoError` when any government served here is not of the demo."""
    real = Government.objects.filter(is_tenant=True, is_demo=False).first()
    if real is not None:
        message = (
            f"このデータベースには {real.name} の本物のデータがあります。見本は別の KAKEHASHI_HOME で動かしてください。"
        )
        raise NotADemoError(message)
