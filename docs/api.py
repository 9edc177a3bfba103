"""Write the API reference, from the docstrings alone, to ``docs/_api``; a warning is an error."""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path

import pdoc

HOUSES = ("analysis_lib", "evaluation", "number_audit", "publishing")


def main() -> None:
    """Document every module of the four houses."""
    warnings.simplefilter("error", UserWarning)
    # Of the base class of the kernel manager.
    warnings.filterwarnings("ignore", "Error parsing type annotation .* jupyter_client")
    for house in map(import_module, HOUSES):
        # Loaded on first use, and documented where they live; pdoc takes the list for all there is.
        vars(house).pop("__all__", None)
    pdoc.render.configure(docformat="numpy", search=True)
    pdoc.pdoc(*HOUSES, output_directory=Path(__file__).parent / "_api")


if __name__ == "__main__":
    main()
