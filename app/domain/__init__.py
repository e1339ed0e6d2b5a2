"""Pure values and rules of the election; no clock, no disk, no network, no thread."""
