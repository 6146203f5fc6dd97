"""Nippy: finds Python that is slower, heavier or more fragile than it needs to be, says why, and repairs it."""
