"""Pure logic of forms: definitions, the catalogue of field types, conditions, validation. No Django here."""
