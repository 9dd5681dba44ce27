"""STS's bytes, and the credentials that are issued here."""
