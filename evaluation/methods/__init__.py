"""Methods: numbers in, a frozen result out, or a refusal (`AnalyseAvvist`) with its reason.

Every method refuses what is missing or no number (MISSING_VALUE, INVALID_VALUE), an exposure of zero
(ZERO_EXPOSURE), periods that lack or stand twice (GAP, DUPLICATE_PERIOD), a series that does not vary or a
model that goes through every point (CONSTANT_SERIES), fewer points than the model has parameters
(TOO_FEW_POINTS), columns that cannot be told apart (COLLINEAR) and a search that does not settle
(NO_CONVERGENCE). A docstring names what is particular to its method.
"""
