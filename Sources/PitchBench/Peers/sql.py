"""The queries in SQL, with the differences between DuckDB's and SQLite's data as arguments."""

from population import aggregate_name


class Sql:
    """`has` gives the condition that a member has a tag, `day` a date as the engine writes it."""

    def __init__(self, population, members, actions, has, day):
        self.population = population
        self.members, self.actions = members, actions
        self.has = has
        self.day = lambda days: day(population.days_ago(days))

    def selective(self):
        return (
            f"age BETWEEN 25 AND 40 AND city IN ('Shanghai', 'Beijing') AND ltv > 200000"
            f" AND last_order < {self.day(60)} AND {self.has('beauty')}")

    def wide(self):
        return f"age BETWEEN 20 AND 70 AND ltv > 10000 AND last_order < {self.day(7)}"

    def orders(self):
        return (
            f"kind = 0 AND amount > 10000 AND day > {self.day(30)} AND day <= {self.day(0)}")

    def buyers(self):
        return (
            f"SELECT member FROM {self.actions} WHERE {self.orders()}"
            " GROUP BY member HAVING count(*) >= 2")

    def q1(self):
        return self.count(f"{self.selective()} AND signup < {self.day(365)}")

    def q1w(self):
        return self.count(
            f"{self.wide()} AND city NOT IN ('Shanghai', 'Beijing') AND NOT {self.has('beauty')}"
            f" AND signup < {self.day(30)}")

    def q2(self):
        return f"SELECT count(*) FROM ({self.buyers()})"

    def semi_join(self, condition):
        return self.count(f"{condition} AND id IN ({self.buyers()})")

    def join_first(self, condition):
        return (
            f"SELECT count(*) FROM (SELECT id FROM {self.members}"
            f" JOIN {self.actions} ON member = id WHERE {condition} AND {self.orders()}"
            " GROUP BY id HAVING count(*) >= 2)")

    def probing(self, condition):
        """Counts the orders of each member that the condition leaves over."""
        return self.count(
            f"{condition} AND (SELECT count(*) FROM {self.actions}"
            f" WHERE member = id AND {self.orders()}) >= 2")

    def count(self, condition):
        return f"SELECT count(*) FROM {self.members} WHERE {condition}"

    def aggregates(self):
        """A row for each member with an action, a column for each aggregate of the rules."""
        columns = []
        for name, (function, days, bound) in self.population.aggregates().items():
            what = "count(*)" if function == "count" else "sum(amount)"
            above = f" AND amount > {bound * 100}" if bound is not None else ""
            when = f"kind = 0 AND day > {self.day(days)} AND day <= {self.day(0)}{above}"
            columns.append(f"{what} FILTER (WHERE {when}) AS {name}")
        return f"SELECT member, {', '.join(columns)} FROM {self.actions} GROUP BY member"

    def rule(self, rule):
        return " AND ".join(self._clause(clause) for clause in rule["clauses"])

    def _clause(self, clause):
        any_of = " OR ".join(self._condition(condition) for condition in clause["conditions"])
        return f"{'NOT ' if clause['is_negated'] else ''}({any_of})"

    def _condition(self, condition):
        subject, numbers = condition["subject"], condition["numbers"]
        if subject == "age":
            return f"age BETWEEN {numbers[0]} AND {numbers[1]}"
        if subject == "city":
            return "city IN (" + ", ".join(f"'{city}'" for city in condition["words"]) + ")"
        if subject == "ltv":
            return f"ltv > {numbers[0] * 100}"
        if subject in ("last_order", "signup"):
            return f"{subject} < {self.day(numbers[0])}"
        if subject == "tag":
            return self.has(condition["words"][0])
        bound = numbers[2] if subject == "count" else numbers[1] * 100
        return f"{aggregate_name(condition)} >= {bound}"
