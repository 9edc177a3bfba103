"""Slips planted in a text of which nothing is known, one at a time, to tell what the audit would find."""

from __future__ import annotations
