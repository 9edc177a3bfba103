"""Try damaged inputs: ``python -m tests.fuzz [SEED [SECONDS [FIRST [LAST]]]]``; 1 if any is not mended."""

import sys

from tests.fuzz.run import OTHER, outcomes, table


def main() -> int:
    """Print what is neither typed nor accepted, and how many there were of each kind."""
    given = [int(text) for text in sys.argv[1:]]
    seed, seconds, first, last = (*given, *(1, 60, 0, 10**9)[len(given) :])
    tried = []
    for one in outcomes(seed, range(first, last), seconds=seconds):
        tried.append(one)
        if one.kind == OTHER:
            print(f"{one.case}: {one.file}, {one.how}: {one.said}\n", flush=True)
    print(table(tried))
    return int(any(one.kind == OTHER for one in tried))


if __name__ == "__main__":
    sys.exit(main())
