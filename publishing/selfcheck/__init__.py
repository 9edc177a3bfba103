"""The report held against itself before it is published: what it shows, what it says, what its files hold."""

from __future__ import annotations
