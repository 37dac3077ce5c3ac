"""What is measured in a run: each measure a numerator, a denominator and their ratio. No measure sums up the others."""

from singlestep.measures.counts import Counted, Names, Ratio, compared, measured

__all__ = ["Counted", "Names", "Ratio", "compared", "measured"]
