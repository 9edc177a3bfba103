"""The gate between rows and report: nothing leaves with a person or a doctor in it.

Method: complementary cell suppression (Fischetti and Salazar, *Models and algorithms for optimizing cell
suppression in tabular data with linear constraints*, JASA 95, 2000). Statistics Norway's R package
GaussSuppression (Langsrud) is the reference for what a national office does. Prose takes its numbers from
cleared files only, as tables and figures do, so no sentence can show what a table hides.
"""
