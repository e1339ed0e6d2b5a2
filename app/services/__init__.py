"""Use cases as functions: one user action, one transaction (the fact, its journal line, its outbox row)."""
