"""Writes the reference workload's numbers into its society and regime: kinds of events, their points, and the pace of life.

    PYTHONPATH=benchmarks python benchmarks/workload/make.py
"""

from __future__ import annotations

import re
from pathlib import Path

from reference_workload import kinds, pace

HERE = Path(__file__).parent
LEVELS = 8


def main() -> None:
    """Write `acts.csv` and `indicators.csv`, and the numbers of the first act into `society.yaml`."""
    weights, points = kinds()
    rates = [f"{365 * weight:.9f}" for weight in weights]
    acts = [f"kind-{k},kind-0,{rate}" for k, rate in enumerate(rates)][1:]
    # A rule that changes nothing would be refused: the one kind worth no points is worth one.
    indicators = [f"kind-{k},everything,kind-{k},{change or 1},1" for k, change in enumerate(points)]
    (HERE / "acts.csv").write_text("\n".join(["id,like,rate", *acts, ""]))
    (HERE / "indicators.csv").write_text("\n".join(["id,source,act,points,sees", *indicators, ""]))
    paces = ", ".join(f"p{level}: {rate:.6f}" for level, rate in enumerate(pace(LEVELS)))
    society = (HERE / "society.yaml").read_text()
    society = re.sub(r"(\n    rate: )\S+", rf"\g<1>{rates[0]}", society)
    society = re.sub(r"(\n      pace: ).*", rf"\g<1>{{{paces}}}", society)
    (HERE / "society.yaml").write_text(society)


if __name__ == "__main__":
    main()
