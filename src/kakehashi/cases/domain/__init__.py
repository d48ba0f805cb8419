"""Pure rules of cases: phases and numbers."""
