"""Keeps protocol.md true: every example in it is well-formed, and its recorded conversation happens again with adapter.py.

`protocol_test.py --record` prints the conversation anew.
"""
import json
import os
import re
import sys
import unittest

from driver import ADAPTER, HERE, Testee

DOCUMENT = os.path.join(HERE, "..", "..", "protocol", "protocol.md")
EXAMPLE = re.compile(r"^    (?:(\w+) ([<>]) )?(\{.*\})$", re.MULTILINE)
INLINE = re.compile(r"`(\{\"[^`]*\})`")
VERBS = {"make": {"class"}, "call": {"method"}, "get": {"on", "name"}, "set": {"on", "name", "value"}, "drop": {"on"},
         "sleep": {"seconds"}, "batch": {"calls"}, "bye": set()}
TAGS = {"$int": str, "$float": str, "$bytes": str, "$str": list, "$tuple": list, "$dict": list, "$set": list,
        "$frozenset": list, "$slice": list, "$handle": int, "$function": str, "$error": dict, "$opaque": str}


def read():
    with open(DOCUMENT, encoding="utf-8") as file:
        return file.read()


class Examples(unittest.TestCase):
    """Whether what the document shows is what it demands."""

    def value(self, form):
        if isinstance(form, list):
            for item in form:
                self.value(item)
        if not isinstance(form, dict):
            return
        self.assertEqual(len(form), 1, "an object is one tag and its content: %s" % form)
        (tag, content), = form.items()
        self.assertIs(type(content), TAGS[tag], form)
        if tag == "$error":
            self.error(content)
        elif tag == "$dict":
            self.assertTrue(all(len(pair) == 2 for pair in content), form)
        if type(content) is list:
            self.value(content)

    def error(self, error):
        self.assertLessEqual({"types", "text"}, set(error))
        self.assertTrue(error["types"] and all(isinstance(name, str) for name in error["types"]))

    def request(self, request):
        self.assertLessEqual(VERBS[request["do"]], set(request), request)
        self.value(request.get("args", []))
        self.value(list(request.get("kwargs", {}).values()))
        self.value(request.get("value"))

    def answer(self, answer):
        self.assertEqual(len({"value", "error", "unsupported"} & set(answer)), 1, answer)
        self.assertIs(type(answer["at"]), float)
        self.assertIs(type(answer["seconds"]), float)
        self.value(answer.get("value"))
        if "error" in answer:
            self.error(answer["error"])

    def hello(self, hello):
        fields = {"protocol", "token", "pid", "role"}
        fields |= {"implementation"} if hello["role"] == "main" else {"actor", "args", "kwargs"}
        self.assertEqual(set(hello), fields)
        self.assertEqual(hello["protocol"], 1)
        if hello["role"] == "main":
            self.assertEqual(set(hello["implementation"]), {"name", "version", "platform", "language", "edition", "start_methods",
                                                            "profiles", "features"})
        else:
            self.value(hello["args"])

    def line(self, line):
        if "hello" in line:
            self.hello(line["hello"])
        elif "do" in line:
            self.request(line)
        else:
            self.answer(line)

    def test_lines_are_well_formed(self):
        found = EXAMPLE.findall(read())
        self.assertGreater(len(found), 20, "the examples are indented by four blanks and begin with { or with NAME <")
        for _, direction, text in found:
            with self.subTest(text):
                line = json.loads(text)
                self.assertEqual("do" in line, direction == "<" if direction else "do" in line)
                self.line(line)

    def test_snippets_are_json(self):
        found = INLINE.findall(read())
        self.assertGreater(len(found), 15)
        for text in found:
            with self.subTest(text):
                form = json.loads(text)
                if any(name.startswith("$") for name in form):
                    self.value(form)


def comparable(message):
    """Without what differs between two runs."""
    text = json.dumps(message, sort_keys=True)
    text = re.sub(r'"(pid|at|seconds)": [0-9.e+-]+', r'"\1": 0', text)
    return re.sub(r'"token": "[0-9a-f]*"', '"token": ""', text)


class Conversation(unittest.TestCase):
    def test_happens_again(self):
        lines = [(name, direction, json.loads(text)) for name, direction, text in EXAMPLE.findall(read()) if direction]
        self.assertGreater(len(lines), 10)
        with Testee([sys.executable, ADAPTER], "fork") as testee:
            actors = {}
            for name, direction, message in lines:
                if "hello" in message:
                    actors[name] = testee.accept()
                    expected, seen = message, {"hello": dict(actors[name].hello)}
                    for hello in (expected["hello"], seen["hello"]):
                        for field in ("name", "version", "platform", "edition", "start_methods"):
                            hello.get("implementation", {}).pop(field, None)
                    self.assertEqual(comparable(seen), comparable(expected))
                elif direction == "<":
                    actors[name].write(message)
                else:
                    self.assertEqual(comparable(actors[name].end()), comparable(message))
            self.assertTrue(all(actor.closed() for actor in actors.values()))


def record():
    """What section 11 shows: a bounded queue, a child, an item each way, a refusal, and the ends of both processes."""
    with Testee([sys.executable, ADAPTER], "fork") as testee:
        main = testee.accept()
        queue = main.value("make", **{"class": "Queue"}, args=[1])
        process = main.value("make", **{"class": "Process"}, kwargs={
            "target": {"$function": "serve"}, "args": {"$tuple": ["a1", queue]}})
        main.value("call", on=process, method="start")
        child = testee.accept()
        inherited = child.hello["args"][0]
        child.value("call", on=inherited, method="put", args=[{"$tuple": ["first", {"$bytes": "AAE="}]}])
        main.value("call", on=queue, method="get")
        main.ask("call", on=queue, method="get", kwargs={"timeout": 0.25})
        waiting = main.begin("call", on=queue, method="get", thread="t1")
        child.value("call", on=inherited, method="put", args=[{"$dict": [["second", 2.0]]}])
        assert main.end()["id"] == waiting
        main.ask("call", on=queue, method="task_done")
        child.ask("bye", exit={"exit": 3})
        main.value("call", on=process, method="join")
        main.value("get", on=process, name="exitcode")
        main.ask("bye")
    for name, direction, message in testee.log:
        print("    %s %s %s" % (name, direction, json.dumps(message)))


if __name__ == "__main__":
    if sys.argv[1:] == ["--record"]:
        record()
    else:
        unittest.main(verbosity=2)
