"""The only SQL. One writer thread with group commit, readers on their own connections."""
