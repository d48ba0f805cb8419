"""Pages: the exchange for staff, and the address the staff side calls."""
