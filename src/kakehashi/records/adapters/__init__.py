"""Outer formats of records: words inside files, mails, mailboxes."""
