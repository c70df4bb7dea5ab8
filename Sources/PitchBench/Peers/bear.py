"""Polars on one thread: lazy queries over frames, with an enumerated city."""

import polars
from polars import col

from population import aggregate_name


class Bear:
    def __init__(self, population):
        self.population = population
        self.members = population.members.lazy()
        self.actions = population.actions.lazy()

    def forms(self):
        """query -> [(form, measured)]; what is measured gives its counts."""
        ago = self.population.days_ago
        return {
            "q1": [("polars", self._count(self.members.filter(
                self._selective() & (col("signup") < ago(365)))))],
            "q1w": [("polars", self._count(self.members.filter(
                self._wide() & ~col("city").is_in(["Shanghai", "Beijing"])
                & ~self._has("beauty") & (col("signup") < ago(30)))))],
            "q2": [("polars", self._count(self._buyers()))],
            "q3": [("polars", self._count(self._buying(self._selective())))],
            "q3w": [("polars", self._count(self._buying(self._wide())))],
            "q4": [("polars, one query", self._rules)],
        }

    def _has(self, tag):
        return col("tags").list.contains(
            polars.lit(self.population.tags.index(tag), dtype=polars.UInt8))

    def _selective(self):
        return (
            col("age").is_between(25, 40) & col("city").is_in(["Shanghai", "Beijing"])
            & (col("ltv") > 200000) & (col("last_order") < self.population.days_ago(60))
            & self._has("beauty"))

    def _wide(self):
        return (
            col("age").is_between(20, 70) & (col("ltv") > 10000)
            & (col("last_order") < self.population.days_ago(7)))

    def _in_last(self, days):
        ago = self.population.days_ago
        return (col("kind") == 0) & (col("day") > ago(days)) & (col("day") <= ago(0))

    def _buyers(self):
        orders = self.actions.filter(self._in_last(30) & (col("amount") > 10000))
        return orders.group_by("member").len().filter(col("len") >= 2)

    def _buying(self, condition):
        return self.members.filter(condition).join(
            self._buyers(), left_on="id", right_on="member", how="semi")

    def _count(self, frame):
        counted = frame.select(polars.len())
        return lambda: [counted.collect().item()]

    def _rules(self):
        columns = []
        for name, (function, days, bound) in self.population.aggregates().items():
            chosen = self._in_last(days)
            if bound is not None:
                chosen = chosen & (col("amount") > bound * 100)
            what = chosen.sum() if function == "count" else col("amount").filter(chosen).sum()
            columns.append(what.alias(name))
        kept = self.members.join(
            self.actions.group_by("member").agg(columns), left_on="id", right_on="member",
            how="left").with_columns(
                col(name).fill_null(0) for name in self.population.aggregates())
        counted = kept.select(
            self._rule(rule).sum().alias(str(number))
            for number, rule in enumerate(self.population.rules))
        return list(counted.collect().row(0))

    def _rule(self, rule):
        return polars.all_horizontal(self._clause(clause) for clause in rule["clauses"])

    def _clause(self, clause):
        any_of = polars.any_horizontal(
            self._condition(condition) for condition in clause["conditions"])
        return ~any_of if clause["is_negated"] else any_of

    def _condition(self, condition):
        subject, numbers = condition["subject"], condition["numbers"]
        if subject == "age":
            return col("age").is_between(*numbers)
        if subject == "city":
            return col("city").is_in(condition["words"])
        if subject == "ltv":
            return col("ltv") > numbers[0] * 100
        if subject in ("last_order", "signup"):
            return col(subject) < self.population.days_ago(numbers[0])
        if subject == "tag":
            return self._has(condition["words"][0])
        bound = numbers[2] if subject == "count" else numbers[1] * 100
        return col(aggregate_name(condition)) >= bound
