"""The Python side of python_client.cc: python_client.py PORT"""
import sys
from multiprocessing.managers import DictProxy, SyncManager


class Manager(SyncManager):
    pass


Manager.register("Maths")
Manager.register("board", proxytype=DictProxy)

manager = Manager(("127.0.0.1", int(sys.argv[1])), b"abracadabra")
manager.connect()
print("Python adds:", manager.Maths().add(4, y=3))
board = manager.board()
print("Python reads:", board["greeting"])
board["answer"] = "hello from Python"
numbers = manager.list([3, 1, 2])
numbers.sort(reverse=True)
print("Python sorts:", numbers)
