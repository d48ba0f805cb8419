"""The class of device an application is written on: three words, nothing by which a device could be known again."""

from __future__ import annotations

import enum

__all__ = ["Device", "device_of"]


class Device(enum.StrEnum):
    """What is kept of a browser."""

    UNKNOWN = ""
    PHONE = "phone"
    TABLET = "tablet"
    COMPUTER = "computer"

    @property
    def label(self) -> str:
        """The Japanese word."""
        return _LABELS[self]


_LABELS = {
    Device.UNKNOWN: "不明",
    Device.PHONE: "スマートフォン",
    Device.TABLET: "タブレット",
    Device.COMPUTER: "パソコン",
}


def device_of(user_agent: str) -> Device:
    """The class that a browser's own words name; nothing of the words is kept."""
    words = user_agent.lower()
    if "ipad" in words or "tablet" in words or ("android" in words and "mobile" not in words):
        return Device.TABLET
    if "iphone" in words or "mobile" in words:
        return Device.PHONE
    return (
        Device.COMPUTER if any(name in words for name in ("windows", "macintosh", "linux", "cros")) else Device.UNKNOWN
    )
