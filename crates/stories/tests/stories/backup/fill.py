# Fills every table of a shop's file with rows that its own constraints allow: NULL wherever NULL may be, and the
# smallest, largest and strangest values elsewhere. A table that is added tomorrow is filled too.
import random, re

random.seed(7)
STRANGE = ['', 'plain', "it's \"quoted\"", 'Grüße, 世界 🍵', 'line\r\nline\ttab', '{"a": 1}', 'x' * 70_000, '0', '\\N', '\x01']
NUMBERS = [0, 1, -1, 2**63 - 1, -2**63, 1_795_348_800_000]
BYTES = [b'', b'\x00', bytes(range(256)), b'\xff' * 70_000, b'plain']
WANTED = 30

db.execute('PRAGMA foreign_keys = ON')
tables = {name: sql for name, sql in db.execute(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'schema_migrations'")}
parents = {t: {row[3]: (row[2], row[4]) for row in db.execute(f'PRAGMA foreign_key_list("{t}")')} for t in tables}

def words(table, column):
    """The values that a CHECK of this column lists."""
    found = re.search(rf"\b{column} IN \(([^)]*)\)", tables[table])
    return [eval(word) for word in found[1].split(',')] if found else None

def value(table, column, kind, nullable, number):
    if nullable and random.random() < 0.4:
        return None
    if column in parents[table]:
        parent, key = parents[table][column]
        return random.choice(db.execute(f'SELECT "{key or column}" FROM "{parent}"').fetchall())[0]
    listed = words(table, column)
    if listed:
        return random.choice(listed)
    if kind == 'INTEGER':
        return random.choice(NUMBERS + [number])
    if kind == 'BLOB':
        return random.choice(BYTES)
    return random.choice(STRANGE + [f'{column} {number}'] * 4)

left = sorted(tables)
while left:
    table = next(t for t in left if all(p == t or p not in left for p, _ in parents[t].values()))
    left.remove(table)
    columns = db.execute(f'PRAGMA table_info("{table}")').fetchall()
    made = db.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0]
    # Until there are enough rows, and each column that may be NULL is once and is not once.
    open_columns = {(name, is_null) for _, name, _, required, _, key in columns if not required and not key for is_null in (True, False)}
    for number in range(20_000):
        if made >= WANTED and not open_columns:
            break
        row = [value(table, name, kind, not required and not key, number) for _, name, kind, required, _, key in columns]
        try:
            db.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(row))})', row)
            made += 1
            open_columns -= {(column[1], cell is None) for column, cell in zip(columns, row)}
        except sqlite3.IntegrityError:
            pass
    assert made > 0, f'no row fits into {table}'
    for _, name, kind, required, _, key in columns:
        nulls, values = db.execute(f'SELECT SUM("{name}" IS NULL), SUM("{name}" IS NOT NULL) FROM "{table}"').fetchone()
        assert values and (nulls or required or key), f'{table}.{name}: {nulls} NULL, {values} other'
print(len(tables))
