"""kernel: what every room stands on. No models of its own.

ids, clock, calendars, codes, text folding, pages, the tenant guard, `Actor`, permissions, the
service decorator, view access, the queue and the mail port. Called by all rooms; calls none.
"""
