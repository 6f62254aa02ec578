"""The Python side of connection_python_test.cc: echoes on the connection whose descriptor is given.

Objects until the text "now bytes" comes, then bytes until the end.
"""
import sys
from multiprocessing.connection import Connection

with Connection(int(sys.argv[1])) as connection:
    while (value := connection.recv()) != "now bytes":
        connection.send(value)
    try:
        while True:
            connection.send_bytes(connection.recv_bytes())
    except EOFError:
        pass
