"""SQLite in memory: ISO dates, an index on (member, day), tags in a WITHOUT ROWID table."""

import sqlite3

from sql import Sql


class Lite:
    def __init__(self, population):
        self.population = population
        self.database = sqlite3.connect(":memory:")
        self.database.executescript("""
            CREATE TABLE members (
                id INTEGER PRIMARY KEY, age INTEGER, city TEXT, ltv INTEGER, last_order TEXT,
                signup TEXT);
            CREATE TABLE tags (id INTEGER, tag TEXT, PRIMARY KEY (id, tag)) WITHOUT ROWID;
            CREATE TABLE actions (member INTEGER, day TEXT, amount INTEGER, kind INTEGER);
        """)
        members, names = population.members, population.tags
        self._fill("members", members.drop("tags").cast({"last_order": str, "signup": str}))
        tags = members.select("id", "tags").explode("tags").drop_nulls()
        self.database.executemany(
            "INSERT INTO tags VALUES (?, ?)", ((id, names[tag]) for id, tag in tags.iter_rows()))
        self._fill("actions", population.actions.cast({"day": str}))
        self.database.execute("CREATE INDEX by_day ON actions (member, day)")
        self.database.execute("ANALYZE")

    def forms(self):
        """query -> [(form, measured)]; what is measured gives its counts. The rules take hours."""
        sql = Sql(
            self.population, "members", "actions",
            lambda tag: f"EXISTS (SELECT 1 FROM tags WHERE tags.id = members.id"
            f" AND tag = '{tag}')",
            lambda day: f"'{day}'")
        statements = {
            "q1": sql.q1(), "q1w": sql.q1w(), "q2": sql.q2(),
            "q3": sql.probing(sql.selective()), "q3w": sql.probing(sql.wide()),
        }
        return {query: [("sqlite", self._counts(text))] for query, text in statements.items()}

    def _counts(self, statement):
        return lambda: [self.database.execute(statement).fetchone()[0]]

    def _fill(self, table, frame):
        places = ", ".join("?" * len(frame.columns))
        self.database.executemany(
            f"INSERT INTO {table} VALUES ({places})", frame.iter_rows())
