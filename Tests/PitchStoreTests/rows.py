"""The rows of CSV files by Python's own reader, as the tests compare them with Pitch's.

Each line of input is a file's bytes in hexadecimal; each line of output is a JSON list of its rows,
[line, fields] with the fields in hexadecimal, and [line, null] for one that is wrong: there a new
reader begins with the line after it.
"""

import csv
import io
import json
import sys


def rows(data):
    lines = list(io.StringIO(data.decode("latin-1"), newline=""))
    begun = 0
    while begun < len(lines):
        reader = csv.reader(lines[begun:], strict=True)
        line = 1
        try:
            for fields in reader:
                if fields:
                    yield begun + line, [field.encode("latin-1").hex() for field in fields]
                line = reader.line_num + 1
            return
        except csv.Error:
            yield begun + line, None
            begun += line


for line in sys.stdin:
    print(json.dumps(list(rows(bytes.fromhex(line)))), flush=True)
