"""SLO: what a promise means in business time, and how well promises are kept.

Owns business hours and due times, published calendars, objectives with their budgets and burn rates, lag percentiles
(closed-only and censor-aware) and what they forecast, exception aging and KPIs with their written definitions. Never
decides what a handoff is (correlator) or whom to tell (alerts). Every figure is a query over facts and derived tables
as of an instant; nothing is stored but `business_hours`.
Read `business_time.py` first, then `objectives.py` and `lag.py`.
"""
