"""shelters (避難所): where people go in a disaster.

Owns: EvacuationSite (a 指定緊急避難場所, a 指定避難所, or both: two different things in law, 災害対策基本法49条の4 and 49条の7), the national
list of both as a reference (ReferenceSite). Staff keep the sites among the tables of opendata; residents read them by district and
kind of disaster.
Verbs: import_reference, import_sites.
Called by: site (command line, demo). Offers opendata the lists 指定緊急避難場所 and 指定避難所.
"""
