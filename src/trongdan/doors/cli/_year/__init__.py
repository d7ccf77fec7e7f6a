"""A simulated year of a province, played through `perform_many` with invented words (`trongdan simulate`)."""
