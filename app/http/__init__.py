"""The one place that speaks HTTP: requests out, replies or named faults back, never an exception for the expected.

`app.http.api` has the calls of an API (httpx), `app.http.carrier` the bodies of a transfer; both leave by the same
connections. A program that only transfers never loads httpx.
"""
