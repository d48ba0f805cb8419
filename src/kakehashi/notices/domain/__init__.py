"""When to try again, who wants which channel: the rules of notices without a database."""
