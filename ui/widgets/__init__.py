"""Widgets that know nothing of elections: they show what they are given."""
