"""Reads a file of JSON lines for each line on stdin, into a list of dicts, then prints the seconds it took.

    log_reading.py FILE
"""
import json
import sys
import time

print("ready", flush=True)
for _ in sys.stdin:
    started = time.perf_counter()
    with open(sys.argv[1]) as file:
        rows = [json.loads(line) for line in file]
    print(time.perf_counter() - started, len(rows), flush=True)
