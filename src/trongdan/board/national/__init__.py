"""The record for the national database on reception and letters (domain 16): what it says, by which way it goes, what there
differs. The database is behind a port: a connection, a file, or a hand that copies from one screen."""
