"""Truths written by hand, one line a field, as the scorer's JSON."""

from __future__ import annotations

import re


def truth_of(text):
    fields = []
    for line in text.strip().split("\n"):
        names, _, kind = line.partition("|")
        label, *others = names.split("=")
        columns = re.search(r"\((.*)\)$", kind)
        kinds = re.sub(r"\(.*\)$", "", kind)
        types = kinds.rstrip("?").split(",")
        one = {"label": label, "type": types[0]}
        if others:
            one["labels"] = others
        if len(types) > 1:
            one["types"] = types[1:]
        if kinds.endswith("?"):
            one["optional"] = True
        if columns:
            one["columns"] = [
                {"label": name, "type": type_} for name, _, type_ in (c.partition(":") for c in columns[1].split(","))
            ]
        fields.append(one)
    return {"fields": fields}
