"""Keying without a window: what a key means in a box, and the way through the boxes. Pure, no Qt; any thread."""
