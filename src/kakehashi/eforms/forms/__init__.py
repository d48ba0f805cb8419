"""What staff type in the editor."""

from kakehashi.eforms.forms.fields import FieldForm
from kakehashi.eforms.forms.papers import BankListForm, PaperDropForm
from kakehashi.eforms.forms.properties import PropertiesForm, StepForm
from kakehashi.eforms.forms.whole import BlockForm, QuestionForm, WholeForm

__all__ = [
    "BankListForm",
    "BlockForm",
    "FieldForm",
    "PaperDropForm",
    "PropertiesForm",
    "QuestionForm",
    "StepForm",
    "WholeForm",
]
