"""Use cases as functions over an open workplace: what the window, the command line and the engine call."""
