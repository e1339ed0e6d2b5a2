"""The only SQL of the client: the database, its schema, one module per aggregate. Functions take a connection."""
