"""The Python side of shared_memory_manager_python_test.cc.

    shared_memory_manager_peer.py serve KEY          prints HOST PORT of a manager of its own, and serves until it is told to shut down
    shared_memory_manager_peer.py use KEY HOST PORT  makes a block and a list through a manager at that address, shuts it down, and prints "done"
"""
import sys
from multiprocessing import resource_tracker
from multiprocessing.managers import SharedMemoryManager, dispatch
from multiprocessing.shared_memory import SharedMemory


def serve(key):
    server = SharedMemoryManager(("127.0.0.1", 0), key.encode()).get_server()
    print(*server.address, flush=True)
    server.serve_forever()


def ask(manager, key, function, *args):
    connection = manager._Client(manager.address, authkey=key)
    try:
        return dispatch(connection, None, function, args)
    finally:
        connection.close()


def assert_gone(name):
    try:
        SharedMemory(name)
    except FileNotFoundError:
        return
    raise AssertionError(f"{name} is still there")


def use(key, host, port):
    key = key.encode()
    manager = SharedMemoryManager((host, int(port)), key)
    manager.connect()
    block = manager.SharedMemory(100)
    sequence = manager.ShareableList([1, "text", None])
    other = manager.SharedMemory(10)
    for made in (block, sequence.shm, other):
        resource_tracker.unregister(made._name, "shared_memory")  # that of this process would remove them at its end
    assert list(sequence) == [1, "text", None]
    assert ask(manager, key, "list_segments") == [block.name, sequence.shm.name, other.name]
    ask(manager, key, "release_segment", other.name)
    assert_gone(other.name)
    ask(manager, key, "shutdown")
    assert_gone(block.name)
    assert_gone(sequence.shm.name)
    print("done", flush=True)


{"serve": serve, "use": use}[sys.argv[1]](*sys.argv[2:])
