"""The licences under which a town may publish."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LICENCE", "LICENCES", "Licence"]


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its name in Japanese, its short name, and the address of its text."""

    label: str
    short: str
    url: str


LICENCES: dict[str, Licence] = {
    "cc-by-4.0": Licence(
        "クリエイティブ・コモンズ 表示 4.0 国際（CC BY 4.0）",
        "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/deed.ja",
    ),
    "cc0-1.0": Licence(
        "クリエイティブ・コモンズ CC0 1.0（権利を主張しない）",
        "CC0 1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/deed.ja",
    ),
    "pdl-1.0": Licence(
        "公共データ利用規約（第1.0版）（PDL1.0）",
        "PDL1.0",
        "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
    ),
}
DEFAULT_LICENCE = "cc-by-4.0"
