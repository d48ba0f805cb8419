"""governments (団体): the tenant. Prefectures, municipalities and wards with code, kana, kind and parent.

Verbs: import the national list, open a government as a tenant, switch rooms on and off.
Called by every room for the government a request belongs to.
"""
