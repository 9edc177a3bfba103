"""Claims in prose: quantities read from Norwegian text, and held against the tables and each other."""

from analysis_lib.audit.claims.check import check_claims
from analysis_lib.audit.claims.claim import Claim, ClaimVerdict, contradictions

__all__ = ["Claim", "ClaimVerdict", "check_claims", "contradictions"]
