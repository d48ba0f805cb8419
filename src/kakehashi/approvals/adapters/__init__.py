"""What approvals ask of the world outside: workbooks of the rules, the seal's key, the time-stamping authority."""
