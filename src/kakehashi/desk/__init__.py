"""desk (業務DX相談): consultations and solved cases."""
