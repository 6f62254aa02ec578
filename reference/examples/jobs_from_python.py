"""The Python side of jobs_from_python.cc: serves a queue of jobs and one of results, and prints what comes back."""
import threading
from multiprocessing.managers import BaseManager
from queue import Queue

NUMBERS = [97, 91, 1_000_003, 1_000_001]
jobs, results = Queue(), Queue()


class Manager(BaseManager):
    pass


Manager.register("jobs", callable=lambda: jobs)
Manager.register("results", callable=lambda: results)

server = Manager(("127.0.0.1", 0), b"abracadabra").get_server()
threading.Thread(target=server.serve_forever, daemon=True).start()
print(*server.address, flush=True)

for number in NUMBERS:
    jobs.put(number)
found = sorted(results.get() for _ in NUMBERS)
for number, is_prime in found:
    print(number, "is prime" if is_prime else "is not prime")
WORKERS = 2
for _ in range(WORKERS):
    jobs.put(None)
for _ in range(WORKERS):
    results.get()  # None: this worker needs the queues no more
