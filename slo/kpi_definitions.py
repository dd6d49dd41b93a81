"""What the definition of a KPI says, and which there are.

Adding one: a definition in `invoice_kpis`, `order_kpis` or `record_kpis`, its query in `sql/kpi_<key>.sql`, a test.
"""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["days", "hours", "invoices", "payments", "approvals", "share"]
# How the figure follows from the items of its query: counted of measured; how many are counted; the median of those
# that are finished; the median over open ones too; what is owed over what is bought a day.
Measure = Literal["share", "count", "closed_median", "median", "days_owed"]
BY_FACILITY = ("facility",)
BY_FLOW = ("facility", "flow_type")
OURS = "No formal definition was found in the field: this one is ours"


@dataclass(frozen=True)
class KpiDefinition:
    """What a KPI counts, of what, what it leaves out, and where its definition is from.

    `items` names the query of its items, where it is not `key`'s own. `closed_only`: the figure rests on finished items
    alone; `twin` is the KPI that counts the open ones too. `needs`: which attributes or events must be told, in words
    after "no event states". `breakdowns`: by what it is told apart.
    """

    key: str
    title: str
    text: str
    numerator: str
    denominator: str
    exclusions: str
    unit: Unit
    source: str
    measure: Measure = "share"
    items: str = ""
    closed_only: bool = False
    twin: str = ""
    needs: str = ""
    breakdowns: tuple[str, ...] = BY_FACILITY

    @property
    def query(self) -> str:
        """The name of its items' query."""
        return f"kpi_{self.items or self.key}"
