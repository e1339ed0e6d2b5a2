"""Qt item models over the services: small lists in memory, long ones page by page."""
