"""Floor 4, from notebooks to a published report: parameters, plan, execution, book, rendering."""

from __future__ import annotations
