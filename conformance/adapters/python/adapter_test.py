"""Holds an adapter to the protocol: adapter.py with this Python's multiprocessing, or the testee of --testee.

    adapter_test.py [--testee COMMAND] [--methods fork,spawn] [--peers] [-k PATTERN]...    (-k as of unittest: only those tests)

--peers: with each other implementation that is installed, too. They are known to hang now and then, which is for the suite to find.
"""
import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from driver import ADAPTER, Testee

TUPLE = "$tuple"


def function(name):
    return {"$function": name}


class Conversations:
    """The tests; a subclass says with whom."""

    command, method = None, None

    def talk(self):
        return Testee(self.command, self.method)

    def test_values_come_back_as_they_went(self):
        values = [
            None, True, 5, -7, 1.0, 1e300, "text", "\u00e9\u4e2d\U0001f600", [1, [2]], {"$int": str(2 ** 70)}, {"$float": "nan"},
            {"$float": "inf"}, {"$float": "-inf"}, {"$float": "-0.0"}, {"$bytes": "AAEC/w=="}, {"$str": [55296, 65]},
            {TUPLE: []}, {TUPLE: [1, {TUPLE: ["a"]}]}, {"$dict": [[1, "a"], [{TUPLE: [1]}, {"$dict": []}]]}, {"$set": [3]},
            {"$frozenset": ["x"]}, {"$slice": [1, None, {"$int": str(2 ** 60)}]}, function("square")]
        with self.talk() as testee:
            main = testee.accept()
            for value in values:
                main.call(None, "remember", "it", value)
                back = main.call(None, "recall", "it")
                self.assertEqual((back, type(back)), (value, type(value)))
            main.call(None, "remember", "it", {"$error": {"types": ["ValueError", "Exception"], "text": "wrong"}})
            self.assertEqual(main.call(None, "recall", "it")["$error"]["text"], "wrong")
            lock = main.make("Lock")
            main.call(None, "remember", "it", lock)
            self.assertEqual(main.call(None, "recall", "it"), lock, "the same object has the same handle")
            main.ask("bye")

    def test_requests_that_make_no_sense_are_protocol_errors(self):
        with self.talk() as testee:
            main = testee.accept()
            lock = main.make("Lock")
            for request in ({"do": "dance"}, {"do": "call", "on": {"$handle": 99}, "method": "get"}, {"do": "make"},
                            {"do": "call", "on": lock, "method": "acquire", "args": [{"$what": 1}]},
                            {"do": "call", "on": lock, "method": "acquire", "args": [{"$int": "x"}]},
                            {"do": "call", "on": lock, "method": "acquire", "args": [{}]},
                            {"do": "call", "on": lock, "method": "acquire", "args": [{"$slice": [1, 2]}]},
                            {"do": []}, {"do": "call", "on": lock, "method": "acquire", "args": None},
                            {"do": "call", "on": lock, "method": "acquire", "kwargs": []}, {"do": "call", "on": lock, "method": 5},
                            {"do": "sleep", "seconds": 0, "thread": []}, {"do": "sleep", "seconds": "long"},
                            {"do": "batch", "calls": [1]}, {"do": "batch", "calls": [], "repeat": "x"},
                            {"do": "bye", "exit": 5}, {"do": "bye", "exit": {}}):
                self.assertEqual(main.ask(**request)["error"]["types"][0], "ProtocolError", request)
            for line in (b"{]", b"{}", b"[1]", b'"id"', b"[" * 100000):
                main.socket.sendall(line + b"\n")
                answer = main.end()
                self.assertEqual((answer["id"], answer["error"]["types"][0]), (None, "ProtocolError"), line[:20])
            for request in ({"do": "make", "class": "Sofa"}, {"do": "call", "on": lock, "method": "sing"},
                            {"do": "get", "on": lock, "name": "colour"}, {"do": "call", "method": "gibberish"},
                            {"do": "set", "on": lock, "name": "colour", "value": 1}):
                self.assertIn("unsupported", main.ask(**request), request)
            main.value("drop", on=lock)
            self.assertEqual(main.error(lock, "acquire")["types"][0], "ProtocolError")
            main.ask("bye")

    def test_a_child_serves_its_own_line_and_ends_as_told(self):
        ends = [(None, 0), ({"return": 5}, 0), ({"exit": 3}, 3),
                ({"raise": "ValueError", "text": "told so"}, 1), ({"signal": int(signal.SIGKILL)}, -9), ({"quit": 4}, 4)]
        with self.talk() as testee:
            main = testee.accept()
            self.assertEqual(main.hello["role"], "main")
            for number, (end, code) in enumerate(ends):
                name, queue = "a%d" % number, main.make("Queue")  # its own: a killed process may leave a queue locked for ever
                if number % 2:
                    process = main.make("ServeProcess", name, queue, 5)
                else:
                    process = main.make("Process", target=function("serve"), args={TUPLE: [name, queue, 5]})
                main.call(process, "start")
                child = testee.accept()
                self.assertEqual((child.hello["actor"], child.hello["args"][1]), (name, 5))
                self.assertEqual(child.hello["pid"], main.get(process, "pid"))
                child.call(child.hello["args"][0], "put", [number])
                self.assertEqual(main.call(queue, "get"), [number])
                self.assertEqual(child.ask("bye", **({"exit": end} if end else {}))["value"], None)
                self.assertTrue(child.closed())
                main.call(process, "join")
                self.assertEqual(main.get(process, "exitcode"), code, end)
            main.ask("bye", exit={"exit": 7})
            self.assertEqual(testee.process.wait(), 7)

    def test_functions_run_in_children(self):
        runs = [("nothing", [], 0), ("exit", [6], 6), ("fail", ["ValueError", "told so"], 1), ("die", [15], -15)]
        with self.talk() as testee:
            main = testee.accept()
            for name, args, code in runs:
                process = main.make("Process", target=function(name), args={TUPLE: args})
                main.call(process, "start")
                main.call(process, "join")
                self.assertEqual(main.get(process, "exitcode"), code, name)
            queue = main.make("Queue")
            process = main.make("Process", target=function("call"), args=[queue, "put", "from the child"])
            main.call(process, "start")
            self.assertEqual(main.call(queue, "get"), "from the child")
            main.call(process, "join")
            main.ask("bye")

    def test_a_line_is_not_held_open_by_a_child(self):
        with self.talk() as testee:
            main = testee.accept()
            event = main.make("Event")
            process = main.make("Process", target=function("call"), args=[event, "wait"])
            main.call(process, "start")
            helper = main.make("Process", target=function("serve"), args=["a1", event])
            main.call(helper, "start")
            child = testee.accept()
            main.ask("bye", exit={"return": None})
            self.assertTrue(main.closed(), "both children still live")
            child.call(child.hello["args"][0], "set")
            child.ask("bye")

    def test_a_closed_line_ends_the_process(self):
        with self.talk() as testee:
            main = testee.accept()
            main.make("Event")
            main.close()
            testee.process.wait()

    def test_named_threads_run_at_the_same_time(self):
        with self.talk() as testee:
            main = testee.accept()
            event = main.make("Event")
            waiting = main.begin("call", on=event, method="wait", thread="t1")
            after = main.begin("call", on=event, method="is_set", thread="t1")
            self.assertEqual(main.ask("call", on=event, method="is_set", thread="t2")["value"], False)
            setting = main.begin("call", on=event, method="set")
            answers = {answer["id"]: answer["value"] for answer in (main.end(), main.end(), main.end())}
            self.assertEqual(answers, {waiting: True, after: True, setting: None})
            main.ask("bye")

    def test_a_batch_goes_on_after_an_error(self):
        with self.talk() as testee:
            main = testee.accept()
            queue = main.make("Queue")
            calls = [{"do": "call", "on": queue, "method": "put", "args": [1]},
                     {"do": "call", "on": queue, "method": "get", "kwargs": {"timeout": 30}},
                     {"do": "call", "on": queue, "method": "get", "args": [False]}]
            answers = main.value("batch", calls=calls, repeat=2)
            self.assertEqual([answer.get("value", "error") for answer in answers], [None, 1, "error"] * 2)
            self.assertEqual(answers[2]["error"]["types"], ["Empty", "Exception"])
            self.assertLessEqual(answers[0]["at"] + answers[0]["seconds"], answers[1]["at"])
            self.assertGreaterEqual(main.ask("sleep", seconds=0.01)["seconds"], 0.01)
            main.ask("bye")

    def test_connections_and_errors_with_values(self):
        with self.talk() as testee:
            main = testee.accept()
            one, two = main.make("Pipe")[TUPLE]
            main.call(one, "send_bytes", {"$bytes": "QUJDREVG"})
            buffer = main.make("bytearray", 3)
            error = main.error(two, "recv_bytes_into", buffer)
            self.assertEqual((error["types"][:2], error["value"]), (["BufferTooShort", "ProcessError"], {"$bytes": "QUJDREVG"}))
            main.call(one, "send_bytes", {"$bytes": "QUI="})
            self.assertEqual(main.call(two, "recv_bytes_into", buffer, 1), 2)
            self.assertEqual(main.call(buffer, "bytes"), {"$bytes": "AEFC"})
            for refused in ("Lock", "recorder"):
                self.assertIn("PickleError", main.error(one, "send", main.make(refused))["types"])
            self.assertEqual(main.call(None, "wait", [one, two], timeout=0), [])
            main.call(one, "send", "hello")
            self.assertEqual(main.call(None, "wait", [one, two]), [two])
            main.call(one, "close")
            self.assertEqual(main.call(two, "recv"), "hello")
            self.assertEqual(main.error(two, "recv")["types"][0], "EOFError")
            main.ask("bye")

    def test_a_listener_accepts_a_client(self):
        with self.talk() as testee:
            main = testee.accept()
            listener = main.make("Listener", {TUPLE: ["127.0.0.1", 0]}, authkey={"$bytes": "a2V5"})
            client = main.begin("make", **{"class": "Client"}, thread="t1",
                                args=[main.get(listener, "address")], kwargs={"authkey": {"$bytes": "a2V5"}})
            accepting = main.begin("call", on=listener, method="accept")
            ends = {answer["id"]: answer["value"] for answer in (main.end(), main.end())}
            main.call(ends[client], "send", 1)
            self.assertEqual(main.call(ends[accepting], "recv"), 1)
            main.ask("bye")

    def test_shared_objects_have_elements_and_slices(self):
        with self.talk() as testee, tempfile.NamedTemporaryFile() as file:
            main = testee.accept()
            number = main.call(main.call(None, "get_context"), "Value", "c_double", 0.5)
            main.set(number, "value", 1.5)
            self.assertEqual(main.get(number, "value"), 1.5)
            self.assertEqual(main.get(main.call(number, "get_obj"), "value"), 1.5)
            point = main.make("Value", "Point", 1.5, 2.5)
            self.assertEqual((main.get(point, "x"), main.get(point, "y")), (1.5, 2.5))
            array = main.make("Array", "i", [1, 2, 3])
            self.assertEqual(main.call(array, "__getitem__", {"$slice": [None, 2, None]}), [1, 2])
            main.call(array, "__setitem__", -1, 9)
            self.assertEqual(main.call(array, "__getitem__", {"$slice": [None, None, -1]}), [9, 2, 1])
            self.assertEqual(main.call(array, "__enter__"), True)
            main.call(array, "__exit__")
            file.write(b"content")
            file.flush()
            view = main.make("mmap", path=file.name, length=0)
            self.assertEqual(main.call(view, "__getitem__", {"$slice": [0, 3, None]}), {"$bytes": "Y29u"})
            main.call(view, "close")
            memory = main.ask("make", **{"class": "SharedMemory"}, kwargs={"create": True, "size": 8})
            if "value" in memory:
                memory = memory["value"]
                main.call(memory, "__setitem__", {"$slice": [0, 2, None]}, {"$bytes": "AQI="})
                self.assertEqual(main.call(memory, "__getitem__", 1), 2)
                self.assertEqual(main.call(memory, "__getitem__", {"$slice": [0, 2, None]}), {"$bytes": "AQI="})
                main.call(memory, "close")
                main.call(memory, "unlink")
            main.ask("bye")

    def test_managers_and_proxies(self):
        with self.talk() as testee:
            main = testee.accept()
            manager = main.make("Manager")
            table = main.call(manager, "dict", a=1)
            self.assertEqual(main.call(table, "copy"), {"$dict": [["a", 1]]})
            self.assertEqual(main.error(table, "__getitem__", "b")["types"][0], "KeyError")
            space = main.call(manager, "Namespace")
            main.set(space, "x", 5)
            self.assertEqual(main.get(space, "x"), 5)
            self.assertEqual(main.ask("get", on=space, name="nothing")["error"]["types"][0], "AttributeError")
            main.call(manager, "shutdown")
            key = {"$bytes": "a2V5"}
            own = main.make("BaseManager", {TUPLE: ["127.0.0.1", 0]}, authkey=key)
            main.call(own, "start")
            maths = main.call(own, "Maths")
            self.assertEqual(main.call(maths, "mul", 6, 7), 42)
            counter = main.call(maths, "counter")
            self.assertEqual([main.call(counter, "add", 2), main.call(counter, "value")], [2, 2])
            self.assertEqual(main.error(counter, "fail", "ValueError", "told so"), {
                "types": ["ValueError", "Exception"], "text": "told so"})
            self.assertIn("unsupported", main.ask("call", on=counter, method="_secret"))
            self.assertEqual(main.error(counter, "_callmethod", "_secret")["types"][0], "RemoteError")
            self.assertEqual(main.error(main.call(own, "Counter"), "_callmethod", "unserialisable")["types"][0], "RemoteError")
            main.call(main.call(own, "shared_list"), "append", "x")
            client = main.make("ClientManager", main.get(own, "address"), authkey=key)
            main.call(client, "connect")
            self.assertEqual(main.call(main.call(client, "shared_list"), "__getitem__", 0), "x")
            remote = main.call(main.call(client, "Maths"), "counter")
            self.assertEqual(main.call(remote, "add", 1), 1)
            main.call(own, "shutdown")
            main.ask("bye")

    def test_managers_of_shared_memory(self):
        with self.talk() as testee:
            main = testee.accept()
            manager = main.make("SharedMemoryManager")
            main.call(manager, "start")
            block = main.call(manager, "SharedMemory", 10)
            main.call(block, "__setitem__", 0, 7)
            self.assertEqual(main.call(block, "__getitem__", 0), 7)
            sequence = main.call(manager, "ShareableList", [1, "a"])
            self.assertEqual(main.call(sequence, "__getitem__", 1), "a")
            main.call(manager, "shutdown")
            main.ask("bye")

    def test_pools_callbacks_and_recorders(self):
        with self.talk() as testee:
            main = testee.accept()
            pool = main.make("Pool", 2)
            self.assertEqual(main.call(pool, "map", function("square"), [1, 2, 3]), [1, 4, 9])
            self.assertEqual(main.error(pool, "apply", function("fail"), {TUPLE: ["KeyError", "k"]})["types"][0], "KeyError")
            recorder = main.make("recorder")
            result = main.call(pool, "apply_async", function("add"), {TUPLE: [1, 2]}, callback=recorder)
            main.call(recorder, "wait", 1)
            self.assertEqual(main.call(recorder, "calls"), [{TUPLE: [3]}])
            self.assertEqual(main.call(result, "get", 30), 3)
            values = main.call(pool, "imap", function("square"), [1, 2], chunksize=2)
            self.assertEqual([main.call(values, "next"), main.call(values, "next")], [1, 4])
            self.assertEqual(main.error(values, "next")["types"][0], "StopIteration")
            main.call(pool, "terminate")
            main.ask("bye")

    def test_a_recorder_answers_as_it_was_told(self):
        with self.talk() as testee:
            main = testee.accept()
            condition = main.make("Condition")
            main.call(condition, "__enter__")
            verdict = main.make("recorder", False, True)
            main.call(condition, "wait_for", verdict, 0.05)
            self.assertEqual(main.call(verdict, "calls"), [{TUPLE: []}, {TUPLE: []}])
            main.call(condition, "__exit__")
            main.ask("bye")

    def test_contexts_have_the_classes_as_methods(self):
        with self.talk() as testee:
            main = testee.accept()
            context = main.call(None, "get_context", "fork")
            process = main.call(context, "Process", target=function("exit"), args=[2])
            main.call(process, "start")
            main.call(process, "join")
            self.assertEqual(main.get(process, "exitcode"), 2)
            event = main.call(context, "Event")
            self.assertEqual(main.call(event, "is_set"), False)
            self.assertEqual(main.call(None, "get_start_method"), self.method)
            self.assertEqual(main.call(None, "current_process"), main.call(None, "current_process"))
            main.ask("bye")


def installed(python, module):
    return shutil.which(python) and subprocess.run(
        [python, "-c", "import " + module], stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL).returncode == 0


# billiard cannot spawn a program's own functions, the packaged multiprocess cannot spawn: findings for the suite, not for this test.
OWN = [(sys.executable, "multiprocessing", ("fork", "spawn", "forkserver"))]
PEERS = [("pypy3", "multiprocessing", ("fork", "spawn")),
         ("/usr/bin/python3", "billiard", ("fork",)),
         ("/usr/bin/python3", "multiprocess", ("fork",))]


def testees():
    """Name, command and start methods of each."""
    if options.testee:
        return [("testee", shlex.split(options.testee), options.methods.split(","))]
    found = []
    for python, module, methods in OWN + (PEERS if options.peers else []):
        if installed(python, module):
            name = "%s_%s" % (os.path.basename(python).replace(".", "_"), module)
            found.append((name, [python, ADAPTER, "--module", module], methods))
        else:
            print("not installed here, and so not tried: %s with %s" % (module, python), file=sys.stderr)
    return found


def load_tests(loader, _, __):
    suite = unittest.TestSuite()
    for name, command, methods in testees():
        for method in methods:
            members = {"command": command, "method": method}
            suite.addTests(loader.loadTestsFromTestCase(
                type(name + "_" + method, (Conversations, unittest.TestCase), members)))
    return suite


parser = argparse.ArgumentParser(add_help=False)
parser.add_argument("--testee")
parser.add_argument("--methods", default="fork,spawn,forkserver")
parser.add_argument("--peers", action="store_true")
options, rest = parser.parse_known_args()

if __name__ == "__main__":
    unittest.main(verbosity=2, argv=sys.argv[:1] + rest)
