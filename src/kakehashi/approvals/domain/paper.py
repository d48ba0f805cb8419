"""紙で決裁する理由: a closed list, so that the electronic rate can say what keeps the paper alive."""

from enum import StrEnum


class PaperReason(StrEnum):
    """Why a decision is made on paper."""

    LARGE = "large"
    ORIGINAL = "original"
    CONFIDENTIAL = "confidential"
    OUTAGE = "outage"
    COUNTERPART = "counterpart"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words of the rules."""
        return {
            "large": "図面・冊子など、電子化がむずかしいもの",
            "original": "原本への押印・自署が要るもの",
            "confidential": "秘密文書として紙で扱うもの",
            "outage": "システムが使えなかったもの",
            "counterpart": "相手方の定めた紙の様式によるもの",
            "other": "その他",
        }[self.value]


def paper_reason(code: str, text: str) -> str:
    """The reason as it is kept and printed: the list's words, and what was written beside them. Empty: not on paper.

    Raises ValueError for an unknown code, or for その他 without words of its own.
    """
    written = text.strip()
    if not code:
        return written
    reason = PaperReason(code)
    if reason is PaperReason.OTHER:
        if not written:
            raise ValueError("the reason is missing")
        return written
    return f"{reason.label}（{written}）" if written else reason.label
