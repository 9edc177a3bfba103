"""Evaluation of measures from few points: every method returns a full result or a typed refusal.

Modules are named as the methods are. Numerical functions are pure: arrays in, a small frozen
dataclass out. What the data cannot carry is refused with `analysis_lib.errors.AnalyseAvvist`;
`contract` turns results and refusals into verdicts that the report may print.
"""
