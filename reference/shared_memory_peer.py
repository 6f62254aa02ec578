"""The Python side of shared_memory_python_test: shared_memory_peer.py VERB NAME."""
import sys
from multiprocessing import resource_tracker, shared_memory

VALUES = [1, -2.5, True, "hello", b"\xff\x00\x01", None, "", False, -(2 ** 63)]


def leave_alone(block):
    """The tracker of this process would remove what it only attached to, or leaves for others."""
    resource_tracker.unregister(block._name, "shared_memory")


def change_list(name):
    values = shared_memory.ShareableList(name=name)
    leave_alone(values.shm)
    assert list(values) == VALUES, list(values)
    assert [type(value) for value in values] == [type(value) for value in VALUES], list(values)
    values[0] = 99
    values[3] = "howdy"
    values[5] = "now text"[:8]
    values.shm.close()


def make_list(name):
    values = shared_memory.ShareableList(VALUES, name=name)
    leave_alone(values.shm)
    print(values.format)
    values.shm.close()


def change_block(name):
    block = shared_memory.SharedMemory(name)
    leave_alone(block)
    assert bytes(block.buf[:5]) == b"hello", bytes(block.buf[:5])
    block.buf[block.size - 1] = 7
    block.close()


def make_block(name):
    block = shared_memory.SharedMemory(name, create=True, size=5000)
    leave_alone(block)
    block.buf[:5] = b"howdy"
    block.close()


{"change-list": change_list, "make-list": make_list, "change-block": change_block, "make-block": make_block}[sys.argv[1]](sys.argv[2])
