"""Plays the runner for the tests of this folder: listens, starts an adapter, speaks to each of its processes."""
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ADAPTER = os.path.join(HERE, "adapter.py")
LIMIT = 60  # seconds until a test gives up on an answer; never a measurement


class Actor:
    """One process of the testee, by its line."""

    def __init__(self, connection, log):
        self.socket, self.file, self.last = connection, connection.makefile("rb"), 0
        self.hello = json.loads(self.file.readline())["hello"]
        self.name = self.hello.get("actor", "main")
        self.log = log
        log.append((self.name, ">", {"hello": self.hello}))

    def begin(self, do, **fields):
        self.last += 1
        self.write({"id": self.last, "do": do, **fields})
        return self.last

    def write(self, request):
        self.log.append((self.name, "<", request))
        self.socket.sendall(json.dumps(request).encode() + b"\n")

    def end(self):
        line = self.file.readline()
        if not line:
            raise EOFError("%s closed its line" % self.name)
        answer = json.loads(line)
        self.log.append((self.name, ">", answer))
        return answer

    def ask(self, do, **fields):
        identity = self.begin(do, **fields)
        answer = self.end()
        assert answer["id"] == identity, answer
        return answer

    def value(self, do, **fields):
        answer = self.ask(do, **fields)
        assert "value" in answer, answer
        return answer["value"]

    def make(self, name, *args, **kwargs):
        return self.value("make", **{"class": name}, args=list(args), kwargs=kwargs)

    def call(self, on, method, *args, **kwargs):
        return self.value("call", **({"on": on} if on else {}), method=method, args=list(args), kwargs=kwargs)

    def error(self, on, method, *args, **kwargs):
        answer = self.ask("call", **({"on": on} if on else {}), method=method, args=list(args), kwargs=kwargs)
        assert "error" in answer, answer
        return answer["error"]

    def get(self, on, name):
        return self.value("get", on=on, name=name)

    def set(self, on, name, value):
        return self.value("set", on=on, name=name, value=value)

    def closed(self):
        return self.file.readline() == b""

    def close(self):
        self.file.close()
        self.socket.close()


class Testee:
    """A run of an adapter in a process group of its own, which ends with the `with` block."""

    def __init__(self, command, start_method):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(LIMIT)
        self.log, self.actors = [], []
        self.token = secrets.token_hex(8)
        environment = dict(os.environ, CONFORM_ADDRESS="127.0.0.1:%d" % self.server.getsockname()[1],
                           CONFORM_TOKEN=self.token, CONFORM_START_METHOD=start_method, CONFORM_SEED="1")
        self.process = subprocess.Popen(command, env=environment, start_new_session=True, stdin=subprocess.DEVNULL)

    def accept(self):
        connection, _ = self.server.accept()
        connection.settimeout(LIMIT)
        self.actors.append(Actor(connection, self.log))
        assert self.actors[-1].hello["token"] == self.token
        return self.actors[-1]

    def __enter__(self):
        return self

    def await_helpers(self):
        """The implementation's own, such as a tracker of resources, clean up after the main process, when they are let."""
        until = time.monotonic() + 5
        while self.group_lives() and time.monotonic() < until:
            time.sleep(0.01)

    def group_lives(self):
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        if not os.path.exists("/proc/self/stat"):
            return True
        for name in filter(str.isdigit, os.listdir("/proc")):  # those that have ended count for killpg until somebody reaps them
            try:
                with open("/proc/%s/stat" % name) as file:
                    state, _, group = file.read().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if group == str(self.process.pid) and state not in "ZX":
                return True
        return False

    def __exit__(self, kind, error, trace):
        for actor in self.actors:
            actor.close()
        self.server.close()
        try:
            self.process.wait(LIMIT if kind is None else 0.1)
        except subprocess.TimeoutExpired:
            if kind is None:
                raise
        else:
            if kind is None:
                self.await_helpers()
        finally:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
        if kind is not None:
            for name, direction, message in self.log[-20:]:
                print(name, direction, json.dumps(message), file=sys.stderr)
