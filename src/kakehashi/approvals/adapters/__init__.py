"""What approvals reads from outside."""
