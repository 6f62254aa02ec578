"""The Python side of manager_python_test.cc.

    manager_peer.py serve KEY          prints HOST PORT of a manager of its own, and serves until it is told to shut down
    manager_peer.py use KEY HOST PORT  uses a manager at that address, and prints "done"
"""
import sys
from multiprocessing import current_process
from multiprocessing.managers import SyncManager
from queue import Empty


class Counter:
    def __init__(self, start=0):
        self.number = start

    def add(self, n):
        self.number += n
        return self.number

    def fail(self):
        raise ValueError("told so")


class Manager(SyncManager):
    pass


def serve(key):
    current_process().authkey = key.encode()  # proxies inside of data are made with this one
    Manager.register("Counter", Counter)
    server = Manager(("127.0.0.1", 0), key.encode()).get_server()
    print(*server.address, flush=True)
    server.serve_forever()


def raises(error, act, *args):
    try:
        act(*args)
    except error as caught:
        return caught
    raise AssertionError(f"{error.__name__} was not raised")


def use(key, host, port):
    current_process().authkey = key.encode()  # proxies inside of data are made with this one
    Manager.register("Counter")
    manager = Manager((host, int(port)), key.encode())
    manager.connect()

    table = manager.dict({"a": 1}, b=[2])
    table["c"] = (3,)
    assert table.copy() == {"a": 1, "b": [2], "c": (3,)}, table.copy()
    assert raises(KeyError, table.__getitem__, "nothing").args == ("nothing",)
    assert sorted(table) == ["a", "b", "c"] and len(table) == 3 and "a" in table
    assert str(table) == "{'a': 1, 'b': [2], 'c': (3,)}", str(table)

    numbers = manager.list([3, 1, 2])
    numbers.sort()
    numbers += [4]
    assert numbers[:] == [1, 2, 3, 4] and numbers[1:3] == [2, 3] and numbers[-1] == 4
    raises(IndexError, numbers.__getitem__, 9)
    inner = manager.list()
    numbers.append(inner)
    numbers[4].append("nested")
    assert inner[:] == ["nested"]
    numbers.append(manager.list(["only there"]))
    assert numbers[5][:] == ["only there"]

    queue = manager.Queue(1)
    queue.put("x")
    assert queue.full() and queue.get() == "x"
    raises(Empty, queue.get, False)
    queue.task_done()
    raises(ValueError, queue.task_done)

    lock = manager.Lock()
    with lock:
        assert not lock.acquire(False)
    raises(RuntimeError, lock.release)
    condition = manager.Condition(lock)
    with condition:
        assert not lock.acquire(False)

    space = manager.Namespace(x=1)
    space.y = space.x + 1
    assert str(space) == "Namespace(x=1, y=2)"
    raises(AttributeError, lambda: space.z)

    value = manager.Value("i", 1)
    value.value += 1
    assert value.value == 2
    array = manager.Array("d", [1, 2])
    array[0] = 7
    assert list(array[:]) == [7, 2]

    counter = manager.Counter(5)
    assert counter.add(n=2) == 7
    assert str(raises(ValueError, counter.fail)) == "told so"
    print("done", flush=True)


{"serve": serve, "use": use}[sys.argv[1]](*sys.argv[2:])
