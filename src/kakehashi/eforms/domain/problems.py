"""What is wrong with an answer, as a sentence that can be translated later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["PART", "Problem", "gettext_noop", "pgettext"]

# The context of the words on inputs and their options: 「日」 alone could be a day, a date or a Sunday.
PART = "form part"


def gettext_noop(message: str) -> str:
    """Mark a Japanese sentence for the message catalogues without translating it here."""
    return message


def pgettext(context: str, message: str) -> str:
    """Mark a single word with its context for the message catalogues; the page translates it with the same context."""
    return message


@dataclass(frozen=True)
class Problem:
    """One error beside one input: the Japanese msgid and the values that stand in it.

    ``part`` names the input inside a field of several inputs ("family", "month"); empty means the whole field.
    """

    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    part: str = ""

    def text(self, message: str | None = None) -> str:
        """The sentence, in Japanese, or in the translated ``message`` given."""
        template = self.message if message is None else message
        return template % dict(self.params) if self.params else template
