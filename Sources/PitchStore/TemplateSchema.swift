/// The tables of templates: what was tried, what was picked. Items and words are JSON, read and
/// written as a whole; shares are of one.
enum TemplateSchema {
    static let statements = [
        "ALTER TABLE coupon ADD COLUMN template INTEGER",
        "ALTER TABLE coupon ADD COLUMN segment TEXT",
        // AUTOINCREMENT: a number is never given a second time, also after a row is gone.
        """
        CREATE TABLE template (
            number INTEGER PRIMARY KEY AUTOINCREMENT, theme TEXT NOT NULL, words TEXT NOT NULL,
            items TEXT NOT NULL, made_at INTEGER NOT NULL,
            conversion REAL NOT NULL, weight REAL NOT NULL)
        """,
        """
        CREATE TABLE template_trial (
            template INTEGER NOT NULL, at INTEGER NOT NULL, place INTEGER NOT NULL,
            is_frontier INTEGER NOT NULL, basis TEXT NOT NULL, trial TEXT NOT NULL,
            PRIMARY KEY (template, at)) WITHOUT ROWID
        """,
        """
        CREATE TABLE template_pick (
            id INTEGER PRIMARY KEY AUTOINCREMENT, strategy TEXT NOT NULL, theme TEXT NOT NULL,
            template INTEGER, items TEXT NOT NULL, at INTEGER NOT NULL)
        """,
        "CREATE INDEX template_pick_strategy ON template_pick (strategy, id)",
    ]
}
