"""The catalogue of field types: the only list of what a form can ask."""

from __future__ import annotations

from kakehashi.eforms.domain.catalogue.accounts import BankAccountType
from kakehashi.eforms.domain.catalogue.addresses import AddressType
from kakehashi.eforms.domain.catalogue.attachments import AttachmentType
from kakehashi.eforms.domain.catalogue.base import Context, FieldType, Input, PlainRaw, Raw, Setting, Wrong
from kakehashi.eforms.domain.catalogue.calculation import CalculationType
from kakehashi.eforms.domain.catalogue.choices import ChoicesType, ChoiceType, ConsentType
from kakehashi.eforms.domain.catalogue.contact import MailType, PhoneType
from kakehashi.eforms.domain.catalogue.corporate import CorporateNumberType
from kakehashi.eforms.domain.catalogue.dates import BirthDateType, DateType
from kakehashi.eforms.domain.catalogue.declaration import DeclarationType
from kakehashi.eforms.domain.catalogue.locations import LocationType
from kakehashi.eforms.domain.catalogue.names import NameType
from kakehashi.eforms.domain.catalogue.numbers import MoneyType, NumberType
from kakehashi.eforms.domain.catalogue.tables import HouseholdType, TableType
from kakehashi.eforms.domain.catalogue.text import NoteType, TextType
from kakehashi.eforms.domain.definition import DefinitionError, Field

__all__ = [
    "CATALOGUE",
    "CalculationType",
    "Context",
    "FieldType",
    "Input",
    "PlainRaw",
    "Raw",
    "Setting",
    "TableType",
    "Wrong",
    "type_of",
]

_COLUMNS: dict[str, FieldType] = {
    type_.code: type_
    for type_ in (
        TextType(),
        NameType(),
        NumberType(),
        MoneyType(),
        ChoiceType(),
        DateType(),
        BirthDateType(),
        PhoneType(),
        MailType(),
    )
}

# In the order in which the editor offers them.
CATALOGUE: dict[str, FieldType] = {
    type_.code: type_
    for type_ in (
        NameType(),
        BirthDateType(),
        AddressType(),
        PhoneType(),
        MailType(),
        TextType(),
        ChoiceType(),
        ChoicesType(),
        NumberType(),
        MoneyType(),
        DateType(),
        AttachmentType(),
        ConsentType(),
        DeclarationType(),
        CalculationType(),
        BankAccountType(),
        CorporateNumberType(),
        LocationType(),
        HouseholdType(_COLUMNS),
        TableType(_COLUMNS),
        NoteType(),
    )
}


def type_of(field: Field) -> FieldType:
    """The type of a field; raises DefinitionError for a type that the catalogue does not have."""
    found = CATALOGUE.get(field.type)
    if found is None:
        raise DefinitionError(f"この種類の項目は使えません：{field.type}")
    return found
