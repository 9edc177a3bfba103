"""Claims in prose: quantities read from Norwegian text, and held against the tables and each other.

`numerals` reads quantities, `statements` what is said of them and when; `candidates` finds the cells that are meant
(`series` of the tables), `matching` gives the verdict. `directions`, `ranks` and `runs` check words alone;
`places` finds one quantity with two numbers.
"""

from __future__ import annotations

from number_audit.claims.check import check_claims
from number_audit.claims.claim import CheckedClaim, ClaimVerdict, contradictions

__all__ = ["CheckedClaim", "ClaimVerdict", "check_claims", "contradictions"]
