"""The other end: the centre's server, its stores, the KPU RI console and the public site.

Shares `sync.wire`, `app.domain`, `app.forms` and `app.errors` with the client, nothing else.
"""
