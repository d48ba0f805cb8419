"""What datasets are about: the data themes of DCAT-AP, with the words residents read."""

from __future__ import annotations

from django.utils.translation import gettext_noop

__all__ = ["THEMES", "theme_url"]

# The EU's list of data themes is the only one that DCAT harvesters know; the words are ours.
THEMES: dict[str, str] = {
    "GOVE": gettext_noop("行政・手続"),
    "SOCI": gettext_noop("くらし・地域"),
    "EDUC": gettext_noop("教育・文化・催し"),
    "HEAL": gettext_noop("健康・福祉"),
    "ENVI": gettext_noop("防災・環境"),
    "REGI": gettext_noop("施設・まち"),
    "TRAN": gettext_noop("交通"),
    "ECON": gettext_noop("産業・財政"),
}


def theme_url(code: str) -> str:
    """The address of a theme in the EU's vocabulary."""
    return f"http://publications.europa.eu/resource/authority/data-theme/{code}"
