"""The vendor's Python client, doing what worker.mjs does with ours. Prints milliseconds as JSON."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from mags import Mags

rounds, in_flight = int(sys.argv[1]), int(sys.argv[2])
client = Mags()


def look(_):
    client.status(box)
    client.logs(box)
    client.list_jobs(page_size=50)
    client.find_job("box")
    client.exec("box", "true")
    client.usage()


def start(name):
    client.run("true", name=name)


def one_after_another(work, names):
    begun = time.perf_counter()
    for name in names:
        work(name)
    return (time.perf_counter() - begun) * 1000


def together(work, names):
    begun = time.perf_counter()
    with ThreadPoolExecutor(in_flight) as pool:
        list(pool.map(work, names))
    return (time.perf_counter() - begun) * 1000


def names(kind):
    return [f"{kind}-{index}" for index in range(rounds)]


box = client.new("box", poll_interval=0.1)["request_id"]
look("warm")
start("warm")

# It finds a VM among the newest fifty jobs only, so the starts come last.
times = {
    "sequential": one_after_another(look, names("a")),
    "together": together(look, names("b")),
}
times["sequential"] += one_after_another(start, names("c"))
times["together"] += together(start, names("d"))
print(json.dumps(times))
