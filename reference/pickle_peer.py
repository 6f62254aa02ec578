"""The Python side of pickle_python_test.cc.

    pickle_peer.py write FILE      every value of the corpus: its repr, then its pickles in protocols 0 to 5
    pickle_peer.py check FILE      reads pickles of the corpus, in order, several of each; compares them with the corpus

A file is a row of blocks: a length in four bytes, little endian, then that many bytes.
"""
import collections
import pickle
import struct
import sys

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)


def corpus():
    yield from [None, True, False]
    for bits in (0, 7, 8, 15, 16, 31, 32, 62, 63, 64, 65, 127, 128, 2039, 2040, 2041, 4000):
        for near in (-1, 0, 1):
            yield 2**bits + near
            yield -(2**bits) + near
    yield from [0.0, -0.0, 1.0, 0.1, -1.5e300, 5e-324, 1e16, 1e15, 1e-5, 1e22, float("inf"), float("-inf"), float("nan")]
    yield from ["", "a", "it's", "\n\r\t\\\0\x1a", "h\xe9llo", "\u20ac", "\U0001f600", "\ud800", "a\udfff\ud800b", "\ud83d\ude00"]
    yield from ["x" * 255, "x" * 256, "\xe9" * 70000, "\\u0041", "\\\\u0041", "\u2028\xa0\xad"]
    yield from [b"", b"a", bytes(range(256)), b"x" * 256, b"y" * 70000, b"'\""]
    yield from [bytearray(), bytearray(b"abc"), bytearray(range(256)), bytearray(300)]
    yield from [[], [1], [1, 2], [[]], [[[1], "a"], None], list(range(1001)), list(range(100000))]
    yield from [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((),), ((1, "a"), (2.5, None))]
    yield from [{}, {"a": 1}, {1: 2, (1, 2): [3], None: {}}, {i: str(i) for i in range(100000)}, {frozenset([1]): b"x"}]
    yield from [set(), {1}, {1, 2, "c"}, set(range(2000)), frozenset(), frozenset([1]), frozenset([frozenset(), (1, 2)])]
    shared = ["shared"]
    yield [shared, shared, (shared, shared)]
    text = "the same text, longer than what is kept inline"
    yield [text, text, {text: text}]
    pair = (1, 2)
    yield [pair, pair, [pair] * 300]
    yield [b"bytes, the same, longer than inline bytes"] * 3
    yield [{"name": "n%d" % i, "value": i} for i in range(300)]
    yield [bytearray(b"x"), bytearray(b"x")]
    deep = "deep"
    for _ in range(150):
        deep = [deep]
    yield deep
    yield ValueError("no", 3)
    yield [KeyError("k"), OSError("gone")]
    yield collections.OrderedDict([("b", 1), ("a", [2])])
    yield collections.deque([1, 2, 3])
    yield collections.Counter("aab")
    yield [int, ValueError, len]
    yield 3 + 4j
    yield range(5)
    yield Instance()


class Instance:
    """Has a state of its own and no recipe: NEWOBJ and BUILD."""

    def __init__(self):
        self.numbers = [1, 2]
        self.text = "x"

    def __repr__(self):
        return "Instance(%r, %r)" % (self.numbers, self.text)


def same(left, right):
    """Equal in value and in every type, order and sign."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, tuple, collections.deque)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return same(list(left.items()), list(right.items()))
    if isinstance(left, (set, frozenset)):
        return left == right and sorted(map(repr, left)) == sorted(map(repr, right))
    return repr(left) == repr(right)


def put(file, block):
    file.write(struct.pack("<I", len(block)) + block)


def write(path):
    with open(path, "wb") as file:
        for value in corpus():
            put(file, repr(value).encode("utf-8", "surrogatepass"))
            for protocol in range(6):
                put(file, pickle.dumps(value, protocol))


def check(path):
    with open(path, "rb") as file:
        for number, value in enumerate(corpus()):
            (count,) = struct.unpack("<I", file.read(4))
            for each in range(count):
                (length,) = struct.unpack("<I", file.read(4))
                block = file.read(length)
                got = pickle.loads(block)
                if not same(got, value):
                    sys.exit("value %d, pickle %d: %.200r came back as %.200r" % (number, each, value, got))
        if file.read(1):
            sys.exit("something is left over")


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](sys.argv[2])
