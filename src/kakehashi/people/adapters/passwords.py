"""Words that every attacker of a town hall tries first: a password may hold them, but must be long enough without them."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError

from kakehashi.governments.selectors import tenants

__all__ = ["WORDS", "ContextWordsValidator"]

#: Documented in docs/operate/sign-in.md. The names of the governments in this installation are added.
WORDS = (
    "kakehashi", "架け橋", "かけはし", "password", "pass", "admin", "kanri", "管理者", "shokuin", "職員", "jumin", "住民",
    "yakuba", "役場", "yakusho", "役所", "shiyakusho", "市役所", "kencho", "県庁", "jichitai", "自治体", "lgwan",
    "reiwa", "令和", "heisei", "平成", "qwerty", "asdf",
)  # fmt: skip
_LEAST_LEFT = 8


class ContextWordsValidator:
    """Refuses a password of which little is left without these words, digits and marks."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        left = unicodedata.normalize("NFKC", password).casefold()
        names = [name for one in tenants() for name in (one.slug, one.name, one.kana) if name]
        for word in sorted((*WORDS, *names), key=len, reverse=True):
            left = left.replace(unicodedata.normalize("NFKC", word).casefold(), "")
        if len(re.sub(r"[\W\d_]", "", left)) < _LEAST_LEFT:
            raise ValidationError(self.get_help_text(), code="context_words")

    def get_help_text(self) -> str:
        """What the person is told."""
        return "団体やシステムの名前、「password」「役場」などの語と数字・記号を除いても、8文字以上残るものにしてください。"
