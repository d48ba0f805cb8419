"""What staff type in the editor."""

from kakehashi.eforms.forms.papers import PaperDropForm
from kakehashi.eforms.forms.properties import FieldForm, PropertiesForm, StepForm
from kakehashi.eforms.forms.whole import WholeForm

__all__ = ["FieldForm", "PaperDropForm", "PropertiesForm", "StepForm", "WholeForm"]
