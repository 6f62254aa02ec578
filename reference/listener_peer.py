"""The Python side of listener_python_test.cc: one role at one address.

    listener_peer.py serve FAMILY KEY      prints its address as "HOST PORT" or "PATH", then serves one client
    listener_peer.py call KEY HOST PORT    or PATH instead of the last two: calls, and speaks first
"""
import sys
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener


def echo(connection):
    with connection:
        try:
            while True:
                connection.send(connection.recv())
        except EOFError:
            pass


def serve(family, key):
    with Listener(family=family, authkey=key.encode() or None) as listener:
        address = listener.address
        print(*(address if family == "AF_INET" else (address,)), flush=True)
        echo(listener.accept())


def call(key, *address):
    address = (address[0], int(address[1])) if len(address) == 2 else address[0]
    with Client(address, authkey=key.encode() or None) as connection:
        connection.send(["hello", b"bytes", 7])
        echo(connection)


try:
    {"serve": serve, "call": call}[sys.argv[1]](*sys.argv[2:])
except AuthenticationError:
    print("AuthenticationError")
    sys.exit(7)
