#!/usr/bin/env python3
"""Offers a Python implementation of the process model to the conformance runner.

Serves ../../protocol/protocol.md for every importable module with the API of multiprocessing. One file, the standard library
alone, CPython 3.8 or later and PyPy. The functions and classes that children run are top-level names of the main script, so
that each start method finds them in the way it finds those of any other program.
"""
import argparse
import base64
import ctypes
import gc
import importlib
import inspect
import json
import math
import mmap
import os
import pickle
import platform
import queue
import re
import socket
import sys
import threading
import time

if __name__ == "__main__":
    options = argparse.ArgumentParser(description="A testee for conform: serves the module under test.")
    options.add_argument("--module", default="multiprocessing", help="e.g. multiprocessing, billiard, multiprocess")
    options.add_argument("--edition", help="the edition of the documentation that it is held to, e.g. 3.11")
    options = options.parse_args()
    os.environ["CONFORM_MODULE"] = options.module  # children, and the fork server, import this file with other arguments
    try:
        importlib.import_module(options.module)
    except ModuleNotFoundError as missing:
        sys.exit("adapter.py: %s (%s): install it for this Python, or start another one" % (missing, sys.executable))

MODULE = os.environ.get("CONFORM_MODULE", "multiprocessing")
mp = importlib.import_module(MODULE)
# One clock for all processes of a machine; on Windows time.monotonic() of older editions ticks only every 16 ms.
clock = time.perf_counter if sys.platform == "win32" else time.monotonic


class Unsupported(Exception):
    """The implementation does not have this name."""


class ProtocolError(Exception):
    """The request itself makes no sense."""


def submodule(name):
    try:
        return importlib.import_module(MODULE + "." + name)
    except ImportError:
        return None


def lookup(owner, name):
    """What `owner.name` is, or Unsupported. An AttributeError that the implementation raises on purpose passes through."""
    if inspect.getattr_static(owner, name, lookup) is lookup and not hasattr(type(owner), "__getattr__"):
        raise Unsupported("%s has no %s" % (MODULE if owner is mp else type(owner).__name__, name))
    return getattr(owner, name)


# ---- Errors: an exception is known by the names of its class and of its bases.

REFUSES_TO_PICKLE = re.compile(r"\bpickl|only be shared between processes|get local object", re.IGNORECASE)


def error_to_json(error):
    names = [cls.__name__ for cls in type(error).__mro__ if cls not in (object, BaseException)]
    names = ["TimeoutError" if name == "timeout" else name for name in names]  # socket.timeout before Python 3.10
    refusals = (TypeError, AttributeError, RuntimeError, ValueError)
    if "PickleError" not in names and isinstance(error, refusals) and REFUSES_TO_PICKLE.search(str(error)):
        names.insert(0, "PickleError")
    result = {"types": names, "text": str(error)}
    if "BufferTooShort" in names and error.args and isinstance(error.args[0], bytes):
        result.update(text="the message is longer than the buffer", value=to_bytes_json(error.args[0]))
    return result


def error_from_name(name, text):
    """An error of that canonical name: the implementation's own class where it has one."""
    for home in (mp, queue, submodule("pool"), submodule("managers"), threading, pickle, __import__("builtins")):
        cls = getattr(home, name, None)
        if isinstance(cls, type) and issubclass(cls, BaseException):
            return cls(text, "") if name == "MaybeEncodingError" else cls(text)
    raise ProtocolError("no error is called %r" % (name,))


# ---- Values.

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def to_bytes_json(value):
    return {"$bytes": base64.b64encode(value).decode("ascii")}


class Handles:
    """The objects of this process that the runner knows, each by one number until it is dropped."""

    def __init__(self):
        self.lock = threading.Lock()
        self.objects, self.numbers, self.last = {}, {}, 0

    def keep(self, value):
        with self.lock:
            number = self.numbers.get(id(value))
            if number is None:
                number = self.last = self.last + 1
                self.objects[number], self.numbers[id(value)] = value, number
            return {"$handle": number}

    def drop(self, reference):
        with self.lock:
            value = self.find(reference)
            del self.objects[reference["$handle"]], self.numbers[id(value)]
            return value

    def find(self, reference):
        try:
            return self.objects[reference["$handle"]]
        except (KeyError, TypeError):
            raise ProtocolError("%s is not a handle of this process" % (json.dumps(reference),)) from None

    def encode(self, value):
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return int(value) if abs(value) < 2 ** 53 else {"$int": str(int(value))}
        if isinstance(value, float):
            odd = not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0)
            return {"$float": repr(float(value))} if odd else float(value)
        if isinstance(value, str):
            return str(value) if LONE_SURROGATE.search(value) is None else {"$str": [ord(point) for point in value]}
        if isinstance(value, (bytes, memoryview)):
            return to_bytes_json(value)
        if type(value) is list:
            return [self.encode(item) for item in value]
        if type(value) in (tuple, set, frozenset):
            return {"$" + type(value).__name__: [self.encode(item) for item in value]}
        if type(value) is slice:
            return {"$slice": [self.encode(bound) for bound in (value.start, value.stop, value.step)]}
        if type(value) is dict:
            return {"$dict": [[self.encode(key), self.encode(item)] for key, item in value.items()]}
        if isinstance(value, BaseException):
            return {"$error": error_to_json(value)}
        if inspect.isfunction(value) and FUNCTIONS.get(value.__name__) is value:
            return {"$function": value.__name__}
        return self.keep(value)

    def value(self, form):
        try:
            return self.decode(form)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            raise ProtocolError("not a value: %s" % (error,)) from None

    def decode(self, form):
        if isinstance(form, list):
            return [self.decode(item) for item in form]
        if not isinstance(form, dict):
            return form
        if len(form) != 1:
            raise ProtocolError("a value has exactly one tag, this one has %s" % (sorted(form),))
        (tag, content), = form.items()
        if tag == "$handle":
            return self.find(form)
        if tag not in DECODERS:
            raise ProtocolError("unknown tag %s" % (tag,))
        return DECODERS[tag](self, content)


def decode_slice(handles, bounds):
    start, stop, step = map(handles.decode, bounds)
    return slice(start, stop, step)


def decode_function(_, name):
    if name not in FUNCTIONS:
        raise ProtocolError("no function is called %r" % (name,))
    return FUNCTIONS[name]


DECODERS = {
    "$int": lambda handles, text: int(text),
    "$float": lambda handles, text: float(text),
    "$bytes": lambda handles, text: base64.b64decode(text, validate=True),
    "$str": lambda handles, points: "".join(map(chr, points)),
    "$tuple": lambda handles, items: tuple(map(handles.decode, items)),
    "$set": lambda handles, items: set(map(handles.decode, items)),
    "$frozenset": lambda handles, items: frozenset(map(handles.decode, items)),
    "$dict": lambda handles, pairs: {handles.decode(key): handles.decode(item) for key, item in pairs},
    "$slice": decode_slice,
    "$function": decode_function,
    "$error": lambda handles, error: error_from_name(error["types"][0], error["text"]),
}


# ---- The line: one for each process, opened by that process.

INHERITED = []  # this process's sockets, which a copy of it must close


def close_inherited():
    while INHERITED:
        INHERITED.pop().close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=close_inherited)


class Line:
    def __init__(self):
        host, _, port = os.environ["CONFORM_ADDRESS"].rpartition(":")
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sending, self.closed = threading.Lock(), False
        INHERITED.append(self.socket)

    def send(self, message):
        data = json.dumps(message, allow_nan=False).encode("ascii") + b"\n"
        with self.sending:
            if self.closed:  # after bye: what a named thread has to say comes too late
                return
            try:
                self.socket.sendall(data)
            except OSError:
                os._exit(1)

    def lines(self):
        """Each line that comes. When the runner has closed it, or is gone, this process leaves at once."""
        line = bytearray()
        while True:
            try:
                data = self.socket.recv(1 << 18)
            except OSError:
                data = b""
            if not data:
                os._exit(1)
            while data:
                head, end, data = data.partition(b"\n")
                line += head
                if end:
                    yield bytes(line)
                    line.clear()

    def close(self):
        with self.sending:
            INHERITED.remove(self.socket)
            self.socket.close()
            self.closed = True


# ---- Requests.

SHAPES = {"do": str, "thread": str, "class": str, "method": str, "name": str, "args": list, "kwargs": dict, "seconds": (int, float),
          "calls": list, "repeat": int, "exit": dict}


def check(request):
    """What is there has to be of its shape; what is not there is found by who needs it."""
    for field, shape in SHAPES.items():
        if field in request and not isinstance(request[field], shape):
            raise ProtocolError("%s is no field %s" % (json.dumps(request[field])[:60], field))
    for call in request.get("calls", []):
        if not isinstance(call, dict):
            raise ProtocolError("%s is no request" % (json.dumps(call)[:60],))
        check(call)
    if "exit" in request and not {"return", "exit", "raise", "signal", "quit"} & set(request["exit"]):
        raise ProtocolError("%s is no way to end" % (json.dumps(request["exit"])[:60],))


class Server:
    """Answers the requests of one line. Requests without a thread run here; each named thread has its own queue."""

    def __init__(self, line):
        self.line, self.handles, self.threads = line, Handles(), {}

    def run(self):
        """Serves until bye; returns how this process shall end."""
        for text in self.line.lines():
            try:
                request = json.loads(text)
                identity = {"id": request["id"]}
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                self.refuse({"id": None}, "not a request: %s" % (error,))
                continue
            try:
                check(request)
            except ProtocolError as error:
                self.refuse(identity, str(error))
                continue
            if request.get("do") == "bye":
                self.line.send(dict(identity, value=None, at=clock(), seconds=0.0))
                self.line.close()
                return request.get("exit") or {"return": None}
            if "thread" in request:
                self.thread(request["thread"]).put(request)
            else:
                self.line.send(dict(identity, **self.answer(request)))

    def refuse(self, identity, text):
        self.line.send(dict(identity, error={"types": ["ProtocolError"], "text": text}, at=clock(), seconds=0.0))

    def thread(self, name):
        if name not in self.threads:
            self.threads[name] = queue.Queue()
            threading.Thread(target=self.run_thread, args=(self.threads[name],), name=name, daemon=True).start()
        return self.threads[name]

    def run_thread(self, requests):
        while True:
            self.answer_threaded(requests.get())

    def answer_threaded(self, request):  # its own function, so that an idle thread refers to nothing
        self.line.send(dict({"id": request["id"]}, **self.answer(request)))

    def answer(self, request):
        begin = clock()
        try:
            work = self.prepare(request)
            begin = clock()
            value = work()
            seconds = clock() - begin
            del work
            return {"value": value if request["do"] == "batch" else self.handles.encode(value),
                    "at": begin, "seconds": seconds}
        except Unsupported as reason:
            return {"unsupported": str(reason), "at": begin, "seconds": clock() - begin}
        except BaseException as error:  # also KeyboardInterrupt and SystemExit: a call may end so
            return {"error": error_to_json(error), "at": begin, "seconds": clock() - begin}

    def prepare(self, request):
        """The call itself, with everything looked up and converted: what is left is what the clock measures."""
        verb = request.get("do")
        if verb not in VERBS:
            raise ProtocolError("unknown verb %r" % (verb,))
        try:
            return VERBS[verb](self, request)
        except KeyError as missing:
            raise ProtocolError("%s needs the field %s" % (verb, missing)) from None

    def arguments(self, request):
        args = self.handles.value(request.get("args", []))
        kwargs = {name: self.handles.value(form) for name, form in request.get("kwargs", {}).items()}
        return args, kwargs

    def prepare_make(self, request):
        return prepare_make(mp, request["class"], *self.arguments(request))

    def prepare_call(self, request):
        args, kwargs = self.arguments(request)
        if "on" in request:
            return prepare_method(self.handles.find(request["on"]), request["method"], args, kwargs)
        home = MODULE_FUNCTIONS.get(request["method"])
        if home is None:
            raise Unsupported("%s has no function %s" % (MODULE, request["method"]))
        function = lookup(home(), request["method"])
        return lambda: function(*args, **kwargs)

    def prepare_get(self, request):
        owner, name = self.handles.find(request["on"]), request["name"]
        return lambda: lookup(owner, name)

    def prepare_set(self, request):
        owner, name, value = self.handles.find(request["on"]), request["name"], self.handles.value(request["value"])
        if type(owner).__setattr__ is object.__setattr__ and inspect.getattr_static(owner, name, lookup) is lookup:
            raise Unsupported("%s has no %s" % (type(owner).__name__, name))
        return lambda: setattr(owner, name, value)

    def prepare_drop(self, request):
        last = [self.handles.drop(request["on"])]

        def forget():
            last.clear()
            if platform.python_implementation() != "CPython":
                for _ in range(3):  # no reference counts: this is what "now" means there. What a finalizer held goes with a later one
                    gc.collect()
        return forget

    def prepare_sleep(self, request):
        seconds = request["seconds"]
        return lambda: time.sleep(seconds)

    def prepare_batch(self, request):
        calls, repeat = request["calls"], request.get("repeat", 1)
        if any(call.get("do") in ("batch", "bye") or "thread" in call for call in calls):
            raise ProtocolError("a batch holds neither batch nor bye nor threads")
        return lambda: [self.answer(call) for _ in range(repeat) for call in calls]


VERBS = {verb: getattr(Server, "prepare_" + verb) for verb in ("make", "call", "get", "set", "drop", "sleep", "batch")}


# ---- Functions of the module, each with the module that has it.

MEMORY = {}


def remember(name, value):
    MEMORY[name] = value


def recall(name):
    return MEMORY.get(name)


def program():
    return sys.executable


MODULE_FUNCTIONS = {name: lambda: mp for name in (
    "active_children current_process parent_process cpu_count freeze_support get_all_start_methods get_start_method "
    "set_start_method get_context set_executable set_forkserver_preload log_to_stderr get_logger").split()}
MODULE_FUNCTIONS.update(wait=lambda: submodule("connection"), deliver_challenge=lambda: submodule("connection"),
                        answer_challenge=lambda: submodule("connection"), copy=lambda: submodule("sharedctypes"),
                        synchronized=lambda: submodule("sharedctypes"))
MODULE_FUNCTIONS.update({name: lambda: sys.modules[__name__] for name in ("remember", "recall", "program")})


# ---- Classes and methods: Python's own, but for these.

def ctypes_type(name):
    if name == "Point":
        return Point
    return getattr(ctypes, name) if isinstance(name, str) and name.startswith("c_") else name


def prepare_make(owner, name, args, kwargs):
    """`owner` is the module, or a context."""
    if name in OWN_CLASSES:
        cls = OWN_CLASSES[name]
    elif name in HOMES:
        home = submodule(HOMES[name])
        if home is None:
            raise Unsupported("%s has no module %s" % (MODULE, HOMES[name]))
        cls = lookup(home, name)
    else:
        cls = lookup(owner, name)
    if name in ("Value", "Array", "RawValue", "RawArray"):
        args = [ctypes_type(args[0])] + args[1:] if args else args
        kwargs = {key: ctypes_type(value) if key == "typecode_or_type" else value for key, value in kwargs.items()}
    return lambda: cls(*args, **kwargs)


def prepare_method(owner, method, args, kwargs):
    if isinstance(owner, CONTEXTS) and method in CONTEXT_CLASSES:
        return prepare_make(owner, method, args, kwargs)
    if isinstance(owner, bytearray) and method == "bytes":
        return lambda: bytes(owner)
    if method == "__exit__" and not args:
        args = (None, None, None)
    if type(owner).__name__ == "SharedMemory" and method in ("__getitem__", "__setitem__"):
        if owner.buf is None:  # closed: what a program would see that uses it all the same
            return lambda: owner.buf[args[0]]
        owner = owner.buf
    if method == "next" and not hasattr(owner, "next"):
        method = "__next__"  # what imap() with chunks gives is a plain generator
    function = lookup(owner, method)
    return lambda: function(*args, **kwargs)


def make_mmap(fileno=-1, length=0, path=None, **kwargs):
    if path is None:
        return mmap.mmap(fileno, length, **kwargs)
    with open(path, "r+b") as file:
        return mmap.mmap(file.fileno(), length, **kwargs)


class Recorder:
    """Callable; remembers what it was called with, in this process. The n-th call returns, or raises, the n-th result."""

    def __init__(self, *results):
        self.changed, self.seen, self.results = threading.Condition(), [], results

    def __call__(self, *args):
        with self.changed:
            self.seen.append(args)
            self.changed.notify_all()
            result = self.results[min(len(self.seen), len(self.results)) - 1] if self.results else None
        if isinstance(result, BaseException):
            raise result
        return result

    def calls(self):
        with self.changed:
            return list(self.seen)

    def wait(self, count):
        with self.changed:
            self.changed.wait_for(lambda: len(self.seen) >= count)

    def __reduce__(self):
        raise pickle.PicklingError("a recorder cannot be pickled")


def spoil():
    raise ValueError("the spoilt cannot be unpickled")


class Spoilt:
    """Can be pickled, but not unpickled."""

    def __reduce__(self):
        return spoil, ()


class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_double), ("y", ctypes.c_double)]


class ServeProcess(getattr(mp, "Process", object)):
    def __init__(self, actor, *args, **kwargs):
        super().__init__()
        self.kept = (actor, args, kwargs)

    def run(self):
        actor, args, kwargs = self.kept
        serve(actor, *args, **kwargs)


class Counter:
    def __init__(self):
        self.number = 0

    def add(self, n):
        self.number += n
        return self.number

    def value(self):
        return self.number

    def fail(self, name, text):
        fail(name, text)

    def unserialisable(self):
        return Recorder()

    def _secret(self):
        return "hidden"


class Maths:
    def add(self, x, y):
        return x + y

    def mul(self, x, y):
        return x * y

    def counter(self):
        return Counter()


class OpenCounter(Counter):
    pass


class Squares:
    def __init__(self, n):
        self.squares = (number * number for number in range(n))

    def __next__(self):
        return next(self.squares)


SHARED_LIST = []
SHARED_QUEUE = queue.Queue()


def shared_list():
    return SHARED_LIST


def shared_queue():
    return SHARED_QUEUE


OWN_CLASSES = {"ServeProcess": ServeProcess, "bytearray": bytearray, "mmap": make_mmap, "recorder": Recorder,
               "spoilt": Spoilt, "socketpair": socket.socketpair}
HOMES = {"ThreadPool": "pool", "Listener": "connection", "Client": "connection", "SharedMemory": "shared_memory",
         "ShareableList": "shared_memory", "SharedMemoryManager": "managers", "SyncManager": "managers"}
CONTEXT_CLASSES = frozenset(
    "Process Pipe Queue JoinableQueue SimpleQueue Lock RLock Semaphore BoundedSemaphore Condition Event Barrier Value Array "
    "RawValue RawArray Manager Pool".split())
CONTEXTS = getattr(submodule("context"), "BaseContext", ())

managers = submodule("managers")
if managers is not None:
    class BaseManager(managers.BaseManager):
        pass

    class ClientManager(managers.BaseManager):
        pass

    class SumsProxy(managers.BaseProxy):
        _exposed_ = ("add", "counter")
        _method_to_typeid_ = {"counter": "counter_result"}

        def add(self, x, y):
            return self._callmethod("add", (x, y))

        def counter(self):
            return self._callmethod("counter")

        def twice(self, x):
            return self._callmethod("add", (x, x))

    MATHS = {"exposed": ("add", "mul", "counter"), "method_to_typeid": {"counter": "counter_result"}}
    for name, referent, registered in (("Counter", Counter, {}), ("OpenCounter", OpenCounter, {"exposed": ("value", "_secret")}),
                                    ("Maths", Maths, MATHS), ("Sums", Maths, {"proxytype": SumsProxy}),
                                    ("Squares", Squares, {"proxytype": managers.IteratorProxy}),
                                    ("shared_list", shared_list, {"proxytype": managers.ListProxy}),
                                    ("shared_queue", shared_queue, {})):
        BaseManager.register(name, referent, **registered)
        ClientManager.register(name, **registered)
    for own in (BaseManager, ClientManager):  # no callable: the result itself becomes the referent
        own.register("counter_result", exposed=("add", "value", "fail"), create_method=False)
    OWN_CLASSES.update(BaseManager=BaseManager, ClientManager=ClientManager)


# ---- Functions that children run.

def serve(actor, *args, **kwargs):
    line = Line()
    server = Server(line)
    line.send({"hello": {
        "protocol": 1, "token": os.environ["CONFORM_TOKEN"], "pid": os.getpid(), "role": "child", "actor": actor,
        "args": [server.handles.encode(value) for value in args],
        "kwargs": {name: server.handles.encode(value) for name, value in kwargs.items()}}})
    return leave(server.run(), server.handles)


def leave(how, handles):
    if "exit" in how:
        sys.exit(how["exit"])
    if "raise" in how:
        raise error_from_name(how["raise"], how.get("text", ""))
    if "signal" in how:
        die(how["signal"])
    if "quit" in how:
        os._exit(how["quit"])
    return handles.value(how.get("return"))


def nothing(*args, **kwargs):
    return None


def echo(*args):
    return args[0] if len(args) == 1 else args


def exit(value):
    sys.exit(value)


def fail(name, text):
    raise error_from_name(name, text)


def die(signal):
    os.kill(os.getpid(), signal)


def pid():
    return os.getpid()


def square(x):
    return x * x


def add(x, y):
    return x + y


def nap(seconds, value):
    time.sleep(seconds)
    return value


def call(object, method, *args):
    return prepare_method(object, method, args, {})()


FUNCTIONS = {function.__name__: function for function in
             (serve, nothing, echo, exit, fail, die, pid, square, add, nap, call)}


# ---- The main process.

def implementation(edition):
    own = MODULE == "multiprocessing"
    python = platform.python_implementation()
    release = ".".join(map(str, sys.pypy_version_info[:3])) if python == "PyPy" else platform.python_version()
    methods = list(mp.get_all_start_methods()) if hasattr(mp, "get_all_start_methods") else []
    needs = {"queue": "queues", "sync": "synchronize", "shared": "sharedctypes", "manager": "managers",
             "remote": "managers", "pool": "pool"}
    profiles = ["process"] + [profile for profile, name in needs.items() if submodule(name)]
    return {
        "name": python + " multiprocessing" if own else MODULE,
        "version": release if own else str(getattr(mp, "__version__", "unknown")),
        "platform": {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform),
        "language": "python",
        "edition": edition or "%d.%d" % sys.version_info[:2],
        "start_methods": methods,
        "profiles": profiles + [method for method in ("spawn", "forkserver") if method in methods] + ["robust", "python"],
        "features": ["pass-connections", "threads"]}


def refuse_to_start(text):
    sys.stderr.write("adapter.py: %s\n" % (text,))
    sys.exit(2)


def main(edition):
    for variable in ("CONFORM_ADDRESS", "CONFORM_TOKEN"):
        if variable not in os.environ:
            refuse_to_start("%s is not set: this program is started by `conform run --testee`" % (variable,))
    method = os.environ.get("CONFORM_START_METHOD")
    if method:
        try:
            mp.set_start_method(method)
        except (ValueError, AttributeError):
            refuse_to_start("%s has no start method %s" % (MODULE, method))
    line = Line()
    server = Server(line)
    line.send({"hello": {"protocol": 1, "token": os.environ["CONFORM_TOKEN"], "pid": os.getpid(), "role": "main",
                         "implementation": implementation(edition)}})
    leave(server.run(), server.handles)


if __name__ == "__main__":
    main(options.edition)
