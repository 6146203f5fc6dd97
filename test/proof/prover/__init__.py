"""Runs a program and its repaired form on real inputs and tells where they behave differently."""
