"""Thin pages: fetch through an access check, call one service, answer."""
