"""CPython's figure for one row of the benchmarks: python3 peers.py ROW OPERATIONS prints seconds per operation."""
import multiprocessing as mp
import os
import sys
import time


def nothing():
    pass


def pin(cpu):
    os.sched_setaffinity(0, {cpu})


def start(method, operations):
    context = mp.get_context(method)
    first = context.Process(target=nothing)  # a fork server starts with the first child
    first.start()
    first.join()
    begin = time.perf_counter()
    for _ in range(operations):
        process = context.Process(target=nothing)
        process.start()
        process.join()
    return (time.perf_counter() - begin) / operations


def produce(queue, item, operations):
    for _ in range(operations):
        queue.put(item)


def queue(size, operations):
    q = mp.Queue()
    process = mp.Process(target=produce, args=(q, bytes(size), operations + 1))
    process.start()
    q.get()
    begin = time.perf_counter()
    for _ in range(operations):
        q.get()
    seconds = (time.perf_counter() - begin) / operations
    process.join()
    return seconds


def echo_queue(cpu, there, back, operations):
    pin(cpu)
    for _ in range(operations):
        back.put(there.get())


def queue_round_trip(cpu, operations):
    there, back = mp.SimpleQueue(), mp.SimpleQueue()
    process = mp.Process(target=echo_queue, args=(cpu, there, back, operations + 1))
    process.start()
    pin(0)
    there.put(b"12345678")
    back.get()
    begin = time.perf_counter()
    for _ in range(operations):
        there.put(b"12345678")
        back.get()
    seconds = (time.perf_counter() - begin) / operations
    process.join()
    return seconds


def echo_connection(cpu, connection, operations):
    pin(cpu)
    for _ in range(operations):
        connection.send_bytes(connection.recv_bytes())


def connection_round_trip(cpu, operations):
    here, there = mp.Pipe()
    process = mp.Process(target=echo_connection, args=(cpu, there, operations + 1))
    process.start()
    pin(0)
    here.send_bytes(b"12345678")
    here.recv_bytes()
    begin = time.perf_counter()
    for _ in range(operations):
        here.send_bytes(b"12345678")
        here.recv_bytes()
    seconds = (time.perf_counter() - begin) / operations
    process.join()
    return seconds


def take_all(connection, operations):
    for _ in range(operations):
        connection.recv_bytes()
    connection.send_bytes(b"done")


def connection_one_way(size, operations):
    here, there = mp.Pipe()
    process = mp.Process(target=take_all, args=(there, operations))
    process.start()
    message = bytes(size)
    begin = time.perf_counter()
    for _ in range(operations):
        here.send_bytes(message)
    here.recv_bytes()
    seconds = (time.perf_counter() - begin) / operations
    process.join()
    return seconds


def manager_get(operations):
    with mp.Manager() as manager:
        table = manager.dict({"key": 1})
        table["key"]
        begin = time.perf_counter()
        for _ in range(operations):
            table["key"]
        return (time.perf_counter() - begin) / operations


def pairs(lock, operations):
    begin = time.perf_counter()
    for _ in range(operations):
        lock.acquire()
        lock.release()
    return (time.perf_counter() - begin) / operations


def beside(cpu, operations, side, *args):
    """Runs side(*args, 0 or 1, operations) in a child on that CPU and here on CPU 0, after one round to warm up."""
    process = mp.Process(target=other_side, args=(cpu, operations, side, args))
    process.start()
    pin(0)
    side(*args, 0, 1)
    begin = time.perf_counter()
    side(*args, 0, operations)
    seconds = (time.perf_counter() - begin) / operations
    process.join()
    return seconds


def other_side(cpu, operations, side, args):
    pin(cpu)
    side(*args, 1, operations + 1)


def take_turns(condition, turn, mine, operations):
    for _ in range(operations):
        with condition:
            while turn.value != mine:
                condition.wait()
            turn.value = 1 - mine
            condition.notify()


def pass_barrier(barrier, mine, operations):
    for _ in range(operations):
        barrier.wait()


def value(operations):
    value = mp.Value("i", 0)
    begin = time.perf_counter()
    for _ in range(operations):
        with value.get_lock():
            value.value += 1
    return (time.perf_counter() - begin) / operations


def increment(number):
    return number + 1


def pool_map(chunksize, operations):
    with mp.Pool(2) as pool:
        pool.map(increment, range(1000), 1)
        begin = time.perf_counter()
        pool.map(increment, range(operations), chunksize)
        return (time.perf_counter() - begin) / operations


def pool_apply(operations):
    with mp.Pool(2) as pool:
        pool.apply(increment, (1,))
        begin = time.perf_counter()
        for number in range(operations):
            pool.apply(increment, (number,))
        return (time.perf_counter() - begin) / operations


def count_primes(part):
    begin, end = (2 + 999_999 * border // 64 for border in (part, part + 1))
    return sum(all(number % divisor for divisor in range(2, int(number ** 0.5) + 1)) for number in range(begin, end))


def pool_primes(operations):
    with mp.Pool(2) as pool:
        pool.apply(increment, (1,))
        begin = time.perf_counter()
        for _ in range(operations):
            pool.map(count_primes, range(64), 1)
        return (time.perf_counter() - begin) / operations


ROWS = {
    "fork": lambda n: start("fork", n),
    "spawn": lambda n: start("spawn", n),
    "forkserver": lambda n: start("forkserver", n),
    "queue-8": lambda n: queue(8, n),
    "queue-1M": lambda n: queue(1 << 20, n),
    "queue-round-trip-same": lambda n: queue_round_trip(0, n),
    "queue-round-trip-cross": lambda n: queue_round_trip(1, n),
    "connection-round-trip-same": lambda n: connection_round_trip(0, n),
    "connection-round-trip-cross": lambda n: connection_round_trip(1, n),
    "connection-one-way-8": lambda n: connection_one_way(8, n),
    "connection-one-way-1048576": lambda n: connection_one_way(1 << 20, n),
    "lock": lambda n: pairs(mp.Lock(), n),
    "rlock": lambda n: pairs(mp.RLock(), n),
    "semaphore": lambda n: pairs(mp.Semaphore(), n),
    "condition-round-trip-same": lambda n: beside(0, n, take_turns, mp.Condition(), mp.RawValue("i", 0)),
    "condition-round-trip-cross": lambda n: beside(1, n, take_turns, mp.Condition(), mp.RawValue("i", 0)),
    "barrier-same": lambda n: beside(0, n, pass_barrier, mp.Barrier(2)),
    "barrier-cross": lambda n: beside(1, n, pass_barrier, mp.Barrier(2)),
    "value": value,
    "pool-map-1": lambda n: pool_map(1, n),
    "pool-map": lambda n: pool_map(None, n),
    "pool-apply": pool_apply,
    "pool-primes": pool_primes,
    "manager-get": manager_get,
}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ROWS:
        sys.exit("usage: peers.py ROW OPERATIONS, with ROW one of " + " ".join(ROWS))
    print(ROWS[sys.argv[1]](int(sys.argv[2])))
