#include "reference/pickle.h"

#include <chrono>
#include <cmath>
#include <random>

#include "gtest/gtest.h"
#include "reference/error.h"

namespace mp {
namespace {

Object load(std::string_view pickle) { return pickle::loads(bytes(pickle)); }
std::string dump(const Object& object, int protocol = 4) { return std::string(characters(pickle::dumps(object, protocol))); }

std::string refusal(std::string_view pickle) {
  try {
    return "read as " + load(pickle).repr();
  } catch (const PickleError& error) {
    return error.what();
  }
}

using namespace std::string_view_literals;
using namespace std::string_literals;

Object everything() {
  Object shared = list(bytes("shared"), 1.5);
  return list(nullptr, true, false, 0, 255, 256, 65536, -1, INT64_MIN, UINT64_MAX, 0.1, "text", bytes("bytes"),
              ByteArray{bytes("array")}, tuple(), tuple(1), tuple(1, 2), tuple(1, 2, 3), tuple(1, 2, 3, 4), shared, shared,
              Dict{{"a", shared}, {2, list()}}, Set{1, "x"}, FrozenSet{tuple(1, 2)}, Global{"builtins", "int"},
              Instance{Global{"builtins", "ValueError"}, tuple("no"), Dict{{"note", 1}}, {1, 2}, Dict{{"k", "v"}}});
}

TEST(Pickle, ReadsWhatItWrote) {
  for (const int protocol : {4, 5}) {
    EXPECT_EQ(load(dump(everything(), protocol)), everything());
    EXPECT_EQ(load(dump(everything(), protocol)).repr(), everything().repr());
  }
}

TEST(Pickle, IsTheShortestThatPythonReads) {
  EXPECT_EQ(dump(nullptr), "\x80\x04N."s);
  EXPECT_EQ(dump(list(1, "a")), "\x80\x04](K\x01\x8c\x01"s + "ae.");
  EXPECT_EQ(dump(tuple(true, 300)), "\x80\x04\x88M\x2c\x01\x86."s);
  EXPECT_EQ(dump(ByteArray{bytes("x")}, 5), "\x80\x05\x96\x01\0\0\0\0\0\0\0x."s);
}

TEST(Pickle, WritesSharedStorageOnce) {
  Object text = std::string(1000, 'x');
  Object row = list(text, text);
  const std::string pickle = dump(list(row, row, row));
  EXPECT_LT(pickle.size(), 1100u);
  EXPECT_EQ(load(pickle), list(row, row, row));
}

TEST(Pickle, CopiesThatWereReadAreIndependent) {
  Object twice = load("\x80\x04](]\x94h\0e."sv);
  twice.edit<List>()[0].edit<List>().push_back(1);
  EXPECT_EQ(twice, list(list(1), list()));
}

TEST(Pickle, MemoGivesTheFilledContainer) {
  EXPECT_EQ(load("\x80\x04](]\x94(K\x01K\x02"
                 "eh\0e."sv),
            list(list(1, 2), list(1, 2)));
}

TEST(Pickle, OldTextIsRead) {
  EXPECT_EQ(load("(lp0\nI1\naI01\naL5L\naF1.5\naVa\\u20ac\\\\u0041\naS'it\\'s\\x41\\n'\na."), list(1, true, 5, 1.5, "a\u20ac\\\\u0041", "it'sA\n"));
  EXPECT_EQ(load("(dp1\nS'k'\nNs."), Object(Dict{{"k", nullptr}}));
}

TEST(Pickle, ClassesStayData) {
  const Object object = load("cos\nsystem\n(S'rm -rf /'\ntR.");
  EXPECT_EQ(object.get<Instance>().type()->module, "os");
  EXPECT_EQ(object.repr(), "<os.system>('rm -rf /')");
  const Object made = load("\x80\x02"
                           "cmodule\nName\n)\x81}X\x01\0\0\0aK\x01sb."sv);
  EXPECT_EQ(made.get<Instance>().type()->name, "Name");
  EXPECT_EQ(made.get<Instance>().state, Object(Dict{{"a", 1}}));
}

TEST(Pickle, NamesOfPython2AreThoseOfPython3) {
  EXPECT_EQ(load("c__builtin__\nint\n."), Object(Global{"builtins", "int"}));
  EXPECT_EQ(load("\x80\x04\x8c\x0b__builtin__\x8c\x03int\x93."sv), Object(Global{"__builtin__", "int"}));
}

TEST(Pickle, SaysWhatItRefusesAndWhere) {
  EXPECT_EQ(refusal(""), "pickle, byte 0: the pickle is cut: 1 more bytes are announced, 0 are there");
  EXPECT_EQ(refusal("."), "pickle, byte 0: the stack is empty");
  EXPECT_EQ(refusal("\x80\x06N."sv), "pickle, byte 0: protocol 6 is newer than 5");
  EXPECT_EQ(refusal("Pid7\n."), "pickle, byte 0: the persistent id 'id7' names what only its writer knows");
  EXPECT_EQ(refusal("K\x01Q."), "pickle, byte 2: the persistent id 'int' names what only its writer knows");
  EXPECT_EQ(refusal("N\xff"), "pickle, byte 1: the opcode 255 does not exist");
  EXPECT_EQ(refusal("\x82\x01."), "pickle, byte 0: an extension code names what only its writer knows");
  EXPECT_EQ(refusal("\x97."), "pickle, byte 0: a buffer outside of the pickle is wanted, and there is none");
  EXPECT_EQ(refusal("h\x05."), "pickle, byte 0: the memo has no number 5");
  EXPECT_EQ(refusal("\x8c\x01\xff."), "pickle, byte 0: a str is not UTF-8");
  EXPECT_EQ(refusal("}]Ns."), "pickle, byte 3: unhashable type: 'list', so it cannot be a key");
  EXPECT_EQ(refusal("K\x01K\x02"
                    "a."),
            "pickle, byte 4: items are put into a int");
  EXPECT_EQ(refusal("]Nb."), "pickle, byte 2: a list is given a state");
  EXPECT_EQ(refusal("(K\x01."), "pickle, byte 3: a mark is left over at the end");
  EXPECT_EQ(refusal("(K\x01u."), "pickle, byte 3: the stack is empty");
  EXPECT_EQ(refusal("}(K\x01u."), "pickle, byte 4: a key has no value");
  EXPECT_EQ(refusal("e."), "pickle, byte 0: there is no mark");
  EXPECT_EQ(refusal("L" + std::string(5000, '1') + "L\n."), "pickle, byte 0: an int has more than 4300 digits");
}

TEST(Pickle, RefusesWhatContainsItself) {
  EXPECT_EQ(refusal("]\x94h\0a."sv), "pickle, byte 4: a list contains itself");
  EXPECT_EQ(refusal("]\x94h\0\x85"
                    "a."sv).find("pickle, byte 5: a list that was put into another one changes"), 0u);
  EXPECT_EQ(refusal("}\x94N]\x94h\0ash\x01h\0ah\0."sv).find("pickle, byte 8"), 0u);
  EXPECT_EQ(refusal("]\x94]\x94h\0ah\0h\1a0."sv).find("pickle, byte 11"), 0u);  // two lists, each in the other
}

TEST(Pickle, LengthsThatLieCostNothing) {
  for (const auto pickle : {"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7f."sv, "B\xff\xff\xff\x7f"sv, "T\xff\xff\xff\xff"sv,
                            "\x8b\xff\xff\xff\xff"sv, "\x96\0\0\0\0\0\x01\0\0"sv, "\x95\xff\xff\xff\xff\xff\xff\xff\xffN."sv}) {
    EXPECT_NE(refusal(pickle).find("the pickle is cut"), std::string::npos) << refusal(pickle);
  }
  EXPECT_NE(refusal("Nr\xff\xff\xff\xff."sv).find("too large"), std::string::npos);
}

TEST(Pickle, DepthIsLimited) {
  const auto nested = [](std::size_t depth) { return "\x80\x04"s + std::string(depth, ']') + std::string(depth - 1, 'a') + "."; };
  EXPECT_NO_THROW(load(nested(pickle::kDeepest)));
  EXPECT_NO_THROW(dump(load(nested(pickle::kDeepest))));
  EXPECT_NE(refusal(nested(100'000)).find("values nest more than 1000 deep"), std::string::npos);
  EXPECT_NE(refusal("N" + std::string(100'000, '\x85') + ".").find("values nest more than 1000 deep"), std::string::npos);
  Object deep = list();
  for (int i = 0; i < 1500; ++i) deep = list(deep);
  EXPECT_THROW(dump(deep), PickleError);
}

// A pickle of 300 bytes for a value of 2^100 parts.
std::string bomb(std::string_view opcode) {
  std::string pickle = "\x80\x04N\x94";
  for (int i = 0; i < 100; ++i) pickle += "h"s + static_cast<char>(i) + "h" + static_cast<char>(i) + std::string(opcode) + "\x94";
  return pickle;
}

TEST(Pickle, ASmallOneForALargeValueStaysSmall) {
  const Object object = load(bomb("\x86") + ".");
  EXPECT_LT(dump(object).size(), 1000u);
}

TEST(Pickle, ALargeKeyInASmallPickleIsRefused) {
  EXPECT_NE(refusal(bomb("\x86") + "}h\x64Ns.").find("repeated values, are too large"), std::string::npos);
  EXPECT_NE(refusal(bomb("\x86") + "\x8f(h\x64\x90.").find("repeated values, are too large"), std::string::npos);
  EXPECT_NE(refusal(bomb("\x86") + "(h\x64\x91.").find("repeated values, are too large"), std::string::npos);
}

// Each of the next three is a small pickle that took hours, or more, while its keys were compared.
TEST(Pickle, KeysThatDifferInTheirStatesAreNotComparedOneByOne) {
  std::string pickle = "\x80\x04" "cuuid\nUUID\n\x94)\x94\x8c\x03int\x94}("s;
  for (int i = 0; i < 30'000; ++i) {
    const std::string number = {'J', static_cast<char>(i), static_cast<char>(i >> 8), static_cast<char>(i >> 16), 0};
    pickle += "h\0h\1\x81}h\2"s + number + "sbN";  // UUID(), with the state {"int": i}
  }
  EXPECT_EQ(load(pickle + "u.").get<Dict>().size(), 30'000u);
}

TEST(Pickle, ALargeStateOfAKeyIsRefused) {
  const auto key = [](std::string_view state) { return "cmodule\nName\n)\x81}\x8c\x01x"s + std::string(state) + "sbN"; };
  std::string pickle = "\x80\x04";
  for (int i = 0; i < 2; ++i) {  // the second does not share its parts with the first
    pickle += "N\x94";
    for (int n = 51 * i; n < 51 * i + 50; ++n) pickle += "h"s + static_cast<char>(n) + "h" + static_cast<char>(n) + "\x86\x94";
  }
  EXPECT_NE(refusal(pickle + "}(" + key("h\x32") + key("h\x65") + "u.").find("repeated values, are too large"), std::string::npos);
  EXPECT_EQ(load(pickle + "}(" + key("h\x02") + key("h\x35") + "u.").get<Dict>().size(), 1u);
}

TEST(Pickle, NansAreNotComparedOneByOne) {
  std::string nans;
  for (int i = 0; i < 300'000; ++i) nans += "G\x7f\xf8\0\0\0\0\0\0N"s;
  EXPECT_EQ(load("\x80\x04}(" + nans + "u.").get<Dict>().size(), 300'000u);
}

TEST(Pickle, CopiesOfALargePartAreRefused) {
  std::string pickle = "\x80\x04\x8c\x08" "builtins\x8c\x09" "bytearray\x93\x94(B\x40\x42\x0f\0"s + std::string(1'000'000, 'x') + "\x85\x94";
  for (int i = 0; i < 1000; ++i) pickle += "h\0h\1R"sv;
  EXPECT_NE(refusal(pickle + "t.").find("repeated values, are too large"), std::string::npos);
}

TEST(Pickle, IsWrittenInFourAndFiveOnly) {
  EXPECT_THROW(dump(1, 3), ValueError);
  EXPECT_THROW(dump(1, 6), ValueError);
}

TEST(Pickle, HandlesTravelBesideItOnly) {
  const Object object = list("before", platform::Handle());
  EXPECT_THROW(dump(object), PickleError);
  platform::Message message = pickle::dump_message(object);
  ASSERT_EQ(message.handles.size(), 1u);
  EXPECT_NE(pickle::load_message(std::move(message)).get<List>()[1].get_if<platform::Handle>(), nullptr);
}

// Every pickle is read or refused, and what was read can be written and read again.
void expect_harmless(const std::string& pickle) {
  try {
    const Object object = load(pickle);
    const std::string again = dump(object);
    EXPECT_EQ(dump(load(again)), again);
  } catch (const PickleError&) {
  }
}

TEST(Pickle, DamagedOnesAreHarmless) {
  std::mt19937 random(20240607);
  std::vector<std::string> seeds = {dump(everything()), dump(everything(), 5),
                                    "(lp0\nI1\naL5L\naF1.5\naVa\\u20ac\naS'it\\'s'\nag0\na(dp1\nS'k'\n(I1\nI2\ntp2\nsa.",
                                    "\x80\x02]q\0(c__builtin__\nset\nq\1]q\2(K\1K\2e\x85q\3Rq\4X\1\0\0\0aU\2bcG@\0\0\0\0\0\0\0e."s,
                                    bomb("\x86") + "}h\x08Ns."};
  constexpr auto kOps = "(.012FNIJKLMPQRSTUVX]leat)d}sughjpqrcbio\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97"sv;
  for (int round = 0; round < 40'000; ++round) {
    std::string pickle = seeds[random() % seeds.size()];
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % pickle.size();
      switch (random() % 5) {
        case 0: pickle[at] = static_cast<char>(random()); break;
        case 1: pickle[at] = kOps[random() % kOps.size()]; break;
        case 2: pickle.insert(at, 1, kOps[random() % kOps.size()]); break;
        case 3: pickle.erase(at, 1 + random() % 3); break;
        default: pickle.insert(at, pickle.substr(random() % pickle.size(), random() % 16)); break;
      }
      if (pickle.empty()) pickle = ".";
    }
    expect_harmless(pickle);
  }
}

}  // namespace
}  // namespace mp
