#include "reference/object.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "reference/codec.h"
#include "reference/error.h"
#include "reference/form.h"

namespace mp {
namespace {

using namespace std::string_literals;

const Object kHuge = Integer::from_decimal("18446744073709551616").value();

TEST(Object, IsMadeFromCppValues) {
  EXPECT_EQ(Object().kind(), Object::Kind::kNone);
  EXPECT_EQ(Object(nullptr).kind(), Object::Kind::kNone);
  EXPECT_EQ(Object(true).kind(), Object::Kind::kBool);
  EXPECT_EQ(Object(5).kind(), Object::Kind::kInt);
  EXPECT_EQ(Object(5u).kind(), Object::Kind::kInt);
  EXPECT_EQ(Object(UINT64_MAX).kind(), Object::Kind::kBigInt);
  EXPECT_EQ(Object(1.5f).kind(), Object::Kind::kFloat);
  EXPECT_EQ(Object("text").kind(), Object::Kind::kStr);
  EXPECT_EQ(Object(bytes("b")).kind(), Object::Kind::kBytes);
  EXPECT_EQ(Object(Integer(7)).kind(), Object::Kind::kInt);
}

TEST(Object, PrintsAsPythonDoes) {
  EXPECT_EQ(list("a", 1.0, nullptr, true, kHuge).repr(), "['a', 1.0, None, True, 18446744073709551616]");
  EXPECT_EQ(list().repr(), "[]");
  EXPECT_EQ(tuple().repr(), "()");
  EXPECT_EQ(tuple(1).repr(), "(1,)");
  EXPECT_EQ(tuple(1, bytes("\x01'")).repr(), "(1, b\"\\x01'\")");
  EXPECT_EQ(Object(Dict{{"k", list(1)}, {2, Dict{}}}).repr(), "{'k': [1], 2: {}}");
  EXPECT_EQ(Object(Set{}).repr(), "set()");
  EXPECT_EQ(Object(Set{1, 2, 1}).repr(), "{1, 2}");
  EXPECT_EQ(Object(FrozenSet{}).repr(), "frozenset()");
  EXPECT_EQ(Object(FrozenSet{"x"}).repr(), "frozenset({'x'})");
  EXPECT_EQ(Object(ByteArray{bytes("ab")}).repr(), "bytearray(b'ab')");
  EXPECT_EQ(Object(Instance{Global{"builtins", "ValueError"}, tuple("no", 3), {}, {}, {}}).repr(), "<ValueError>('no', 3)");
  std::ostringstream out;
  out << Object("it's");
  EXPECT_EQ(out.str(), "\"it's\"");
  EXPECT_EQ(Object("it's").str(), "it's");
}

TEST(Object, BriefIsTheBeginningOfWhatItPrints) {
  const Object instance = Instance{Global{"builtins", "ValueError"}, tuple("no", 3), "state", {1, 2}, Dict{{"k", "v"}}};
  const Object object = list("abc", tuple(1), bytes("x"), ByteArray{bytes("y")}, Dict{{"k", 1.5}}, Set{1, 2}, FrozenSet{3}, nullptr,
                             true, Global{"m", "n"}, instance, kHuge, "h\u00e9llo");
  const std::string whole = object.repr();
  EXPECT_EQ(object.brief(whole.size()), whole);
  for (std::size_t most = 0; most < whole.size(); ++most) {
    const std::string brief = object.brief(most);
    EXPECT_LE(brief.size(), most + 3);
    EXPECT_GE(brief.size(), most + 2);  // no half of a character
    EXPECT_EQ(brief, whole.substr(0, brief.size() - 3) + "...");
  }
}

TEST(Object, BriefDoesNoMoreWorkThanItShows) {
  Object doubled = tuple();
  for (int i = 0; i < 40; ++i) doubled = tuple(doubled, doubled);  // 2^40 parts
  EXPECT_EQ(doubled.brief(5), "(((((...");
  EXPECT_EQ(list(1, doubled).brief(5), "[1, (...");
  EXPECT_THROW(doubled.as<int>(), TypeError);
  EXPECT_EQ(Object(std::string(1'000'000, 'x')).brief(4), "'xxx...");
  EXPECT_EQ(Object(Bytes(1'000'000)).brief(6), "b'\\x00...");
}

TEST(Object, AnIntOfTooManyDigitsIsPrintedInHexadecimal) {
  const std::string most(4300, '9');
  EXPECT_EQ(Object(*Integer::from_decimal(most)).repr(), most);
  EXPECT_EQ(Object(*Integer::from_decimal("-" + most)).repr(), "-" + most);
  EXPECT_EQ(Object(*Integer::from_decimal("1" + std::string(4300, '0'))).brief(5), "0x139...");
  Bytes memory(500'001);
  memory.back() = std::byte{1};
  const Object large = Integer::from_twos_complement(memory);
  EXPECT_EQ(large.repr(), "0x1" + std::string(1'000'000, '0'));
  EXPECT_EQ(large.brief(6), "0x1000...");
  EXPECT_THROW(large.as<int>(), OverflowError);
  EXPECT_THROW(large.as<std::uint64_t>(), OverflowError);
  EXPECT_THROW(large.as<double>(), OverflowError);
}

TEST(Object, PrintsFloatsAsPythonDoes) {
  const std::pair<double, const char*> cases[] = {
      {0.0, "0.0"},        {-0.0, "-0.0"},      {1.0, "1.0"},         {0.1, "0.1"},          {1e15, "1000000000000000.0"},
      {1e16, "1e+16"},     {1.5e300, "1.5e+300"}, {1e-4, "0.0001"},   {1e-5, "1e-05"},       {5e-324, "5e-324"},
      {123456.789, "123456.789"}, {9999999999999998.0, "9999999999999998.0"}, {HUGE_VAL, "inf"}, {-HUGE_VAL, "-inf"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(Object(value).repr(), text);
  EXPECT_EQ(Object(std::nan("")).repr(), "nan");
}

TEST(Object, ComparesNumbersAsPythonDoes) {
  EXPECT_EQ(Object(1), 1.0);
  EXPECT_EQ(Object(1), true);
  EXPECT_EQ(Object(0.0), false);
  EXPECT_EQ(Object(-0.0), 0);
  EXPECT_EQ(kHuge, 18446744073709551616.0);
  EXPECT_NE(Object(9007199254740993), 9007199254740992.0);
  EXPECT_NE(Object(std::nan("")), std::nan(""));
  EXPECT_NE(Object(1), "1");
  EXPECT_NE(Object(0), nullptr);
  EXPECT_NE(Object(INT64_MAX), 9223372036854775808.0);
}

TEST(Object, ComparesContainersDeeply) {
  EXPECT_EQ(list(1, list("a")), list(true, list("a")));
  EXPECT_NE(list(1), tuple(1));
  EXPECT_EQ(Object(bytes("x")), Object(ByteArray{bytes("x")}));
  EXPECT_EQ(Object(Set{1, 2}), Object(FrozenSet{2.0, 1}));
  EXPECT_EQ(Object(Dict{{1, "a"}, {2, "b"}}), Object(Dict{{2, "b"}, {1.0, "a"}}));
  EXPECT_NE(Object(Dict{{1, "a"}}), Object(Dict{{1, "b"}}));
  EXPECT_NE(Object(Dict{{1, "a"}}), Object(Dict{{2, "a"}}));
}

TEST(Object, EqualOnesHaveEqualHashes) {
  EXPECT_EQ(Object(1).hash(), Object(1.0).hash());
  EXPECT_EQ(Object(1).hash(), Object(true).hash());
  EXPECT_EQ(Object(0.0).hash(), Object(-0.0).hash());
  EXPECT_EQ(kHuge.hash(), Object(18446744073709551616.0).hash());
  EXPECT_EQ(tuple(1, "a").hash(), tuple(1.0, "a").hash());
  EXPECT_EQ(Object(FrozenSet{1, 2}).hash(), Object(FrozenSet{2, 1}).hash());
  EXPECT_NE(tuple(1, 2).hash(), tuple(2, 1).hash());
  EXPECT_EQ(Object(Bytes()).hash(), Object(Bytes()).hash());
}

Object instance(Object state, List items = {}, Dict entries = {}) {
  return Instance{Global{"module", "Name"}, tuple(), std::move(state), std::move(items), std::move(entries)};
}

TEST(Object, TheHashOfAnInstanceCoversWhatIsCompared) {
  EXPECT_EQ(instance(Dict{{"a", 1}, {"b", list(2)}}).hash(), instance(Dict{{"b", list(2.0)}, {"a", true}}).hash());
  EXPECT_EQ(instance(Set{1, 2}).hash(), instance(FrozenSet{2, 1}).hash());
  EXPECT_EQ(instance(bytes("x")).hash(), instance(ByteArray{bytes("x")}).hash());
  const Object different[] = {instance(nullptr),          instance(1),
                              instance(Dict{{"a", 1}}),   instance(Dict{{"a", 2}}),
                              instance(Dict{{1, "a"}}),   instance(list(1)),
                              instance(tuple(1)),         instance(Set{1}),
                              instance(nullptr, {1}),     instance(nullptr, {}, Dict{{1, 1}}),
                              instance(Dict{{"a", 1}, {"b", 2}}), instance(Dict{{"a", 2}, {"b", 1}})};
  for (const Object& one : different) {
    for (const Object& other : different) EXPECT_EQ(one.hash() == other.hash(), &one == &other) << one << " " << other;
  }
  EXPECT_THROW((Object(Instance{Global{"module", "Name"}, tuple(list()), {}, {}, {}}).hash()), TypeError);
}

TEST(Object, OtherKindsHaveOtherHashes) {
  EXPECT_NE(Object("x").hash(), Object(bytes("x")).hash());
  EXPECT_NE(Object(7).hash(), Object("\7\0\0\0\0\0\0\0"s).hash());
  EXPECT_NE(Object(-1).hash(), Object(UINT64_MAX).hash());
  EXPECT_NE(Object("None").hash(), Object().hash());
  EXPECT_NE(Object(FrozenSet{}).hash(), tuple().hash());
}

TEST(Object, NanIsAKeyOfItsOwnEachTime) {
  const double nan = std::nan("");
  EXPECT_EQ((Dict{{nan, 1}, {nan, 2}, {tuple(nan), 3}, {tuple(nan), 4}}).size(), 4u);
  EXPECT_NE(Object(nan).hash(), Object(nan).hash());
  EXPECT_NE(tuple(nan).hash(), tuple(nan).hash());
  // Storage equals itself.
  for (const Object& key : {tuple(nan), tuple(1, tuple(nan)), Object(FrozenSet{nan}), instance(Dict{{"x", nan}})}) {
    Dict dict{{key, "found"}};
    const Object copy = key;
    EXPECT_EQ(dict.at(copy), "found");
    EXPECT_TRUE(Dict(dict) == dict);
  }
}

TEST(Object, StorageThatIsSharedIsHashedOnce) {
  const auto doubled = [] {
    Object object = tuple();
    for (int i = 0; i < 40; ++i) object = tuple(object, object);  // 2^40 parts
    return object;
  };
  const Object one = doubled();
  const Object other = doubled();
  EXPECT_EQ(one.hash(), other.hash());
  EXPECT_NE(one.hash(), tuple(one).hash());
}

TEST(Object, StorageThatIsSharedIsComparedOnce) {
  // 2^40 parts; each layer has its two children in common, or is made of two equal ones, by turns.
  const auto layers = [](int first, const Object& innermost) {
    Object object = innermost;
    for (int i = first; i < first + 40; ++i) object = i % 2 == 0 ? tuple(object, object) : tuple(object, Tuple{object.get<Tuple>()});
    return object;
  };
  const Object one = layers(0, tuple(1));
  EXPECT_EQ(one, layers(0, tuple(1.0)));
  EXPECT_EQ(one, layers(1, tuple(1)));
  EXPECT_NE(one, layers(1, tuple(2)));
  EXPECT_EQ(list(one), list(layers(1, tuple(1))));
  EXPECT_EQ(instance(Dict{{"x", one}}), instance(Dict{{"x", layers(0, tuple(1))}}));
  EXPECT_EQ((Dict{{one, 1}, {layers(1, tuple(1)), 2}}).size(), 1u);
  EXPECT_EQ(Object(Set{one, 2}), Object(FrozenSet{2, layers(1, tuple(1))}));
}

TEST(Object, MutableOnesAreNoKeys) {
  for (const Object& object : {list(), Object(Dict{}), Object(Set{}), Object(ByteArray{}), tuple(list())}) {
    EXPECT_THROW(object.hash(), TypeError);
  }
  EXPECT_THROW(Dict{}.set(list(), 1), TypeError);
}

TEST(Object, ConvertsToCppTypesExactly) {
  EXPECT_EQ(Object(5).as<int>(), 5);
  EXPECT_EQ(Object(true).as<int>(), 1);
  EXPECT_EQ(Object(5).as<double>(), 5.0);
  EXPECT_EQ(Object(UINT64_MAX).as<std::uint64_t>(), UINT64_MAX);
  EXPECT_EQ(Object(7).as<Integer>(), Integer(7));
  EXPECT_EQ(kHuge.as<double>(), 18446744073709551616.0);
  EXPECT_EQ(Object("x").as<std::string>(), "x");
  EXPECT_EQ(Object(bytes("x")).as<Bytes>(), bytes("x"));
  EXPECT_THROW(Object(300).as<std::uint8_t>(), OverflowError);
  EXPECT_THROW(Object(-1).as<std::uint64_t>(), OverflowError);
  EXPECT_THROW(kHuge.as<std::int64_t>(), OverflowError);
  EXPECT_THROW(Object(1.0).as<int>(), TypeError);
  EXPECT_THROW(Object(1).as<bool>(), TypeError);
  EXPECT_THROW(Object("1").as<double>(), TypeError);
  EXPECT_THROW(Object().as<std::string>(), TypeError);
}

TEST(Object, SaysWhatItIsWhenItIsNotWhatIsWanted) {
  try {
    list("abc").as<int>();
    FAIL();
  } catch (const TypeError& error) {
    EXPECT_STREQ(error.what(), "wanted int, but this is list: ['abc']");
  }
}

TEST(Object, ConvertsStandardContainers) {
  const std::map<std::string, std::vector<int>> map = {{"a", {1, 2}}, {"b", {}}};
  EXPECT_EQ(Object(map), Object(Dict{{"a", list(1, 2)}, {"b", list()}}));
  EXPECT_EQ((Object(map).as<std::map<std::string, std::vector<int>>>()), map);
  const std::tuple<int, std::string, std::optional<double>> triple = {1, "x", std::nullopt};
  EXPECT_EQ(Object(triple), tuple(1, "x", nullptr));
  EXPECT_EQ((Object(triple).as<std::tuple<int, std::string, std::optional<double>>>()), triple);
  EXPECT_EQ((list(1, 2).as<std::pair<int, int>>()), std::pair(1, 2));
  EXPECT_THROW((tuple(1).as<std::pair<int, int>>()), TypeError);
  EXPECT_EQ((Object(Set{1, 2}).as<std::set<int>>()), (std::set<int>{1, 2}));
  EXPECT_EQ((Object(std::vector<bool>{true, false})), list(true, false));
  EXPECT_EQ(list(list(1)).as<List>(), List{list(1)});
}

TEST(Object, ACopyIsIndependent) {
  Object original = list(1, list(2));
  Object copy = original;
  copy.edit<List>()[1].edit<List>().push_back(3);
  EXPECT_EQ(original, list(1, list(2)));
  EXPECT_EQ(copy, list(1, list(2, 3)));
}

TEST(Object, IsEditedInPlaceWhenNobodySharesIt) {
  Object object = list(1);
  const List* before = &object.get<List>();
  object.edit<List>().push_back(2);
  EXPECT_EQ(&object.get<List>(), before);
}

TEST(Object, MayContainACopyOfItself) {
  Object object = list(1);
  const Object copy = object;
  object.edit<List>().push_back(copy);
  object = object.get<List>()[1];
  EXPECT_EQ(object, list(1));
}

TEST(Object, CopiesLiveInSeveralThreads) {
  Object object = list(0);
  std::vector<std::thread> threads;
  for (int i = 1; i <= 4; ++i) {
    threads.emplace_back([copy = object, i]() mutable {
      for (int n = 0; n < 1000; ++n) copy.edit<List>()[0] = i;
      EXPECT_EQ(copy, list(i));
    });
  }
  for (int n = 0; n < 1000; ++n) object.edit<List>()[0] = n;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(object, list(999));
}

TEST(Object, RefusesTextThatIsNotUtf8) {
  EXPECT_THROW(Object("caf\xe9"), ValueError);
  EXPECT_EQ(Object("\xed\xa0\x80").repr(), "'\\ud800'");
}

TEST(Object, HasPythonsTruth) {
  for (const Object& object : {Object(), Object(false), Object(0), Object(0.0), Object(""), list(), tuple(), Object(Dict{})}) {
    EXPECT_FALSE(object.truth()) << object;
  }
  for (const Object& object : {Object(true), Object(-1), kHuge, Object("0"), list(0)}) EXPECT_TRUE(object.truth()) << object;
}

TEST(Object, TravelsThroughTheCodec) {
  const std::vector<Object> several = {list(1, "a"), nullptr, kHuge};
  EXPECT_EQ(decode<std::vector<Object>>(encode(several)), several);
  const Object with_handle = list(platform::Handle());
  EXPECT_THROW(encode(with_handle), RuntimeError);
  EXPECT_NE(decode<Object>(encode_message(with_handle)).get<List>()[0].get_if<platform::Handle>(), nullptr);
}

TEST(Dict, KeepsTheOrderOfTheFirstInsertion) {
  Dict dict{{"b", 1}, {"a", 2}, {"b", 3}};
  EXPECT_EQ(Object(dict).repr(), "{'b': 3, 'a': 2}");
  EXPECT_TRUE(dict.erase("b"));
  EXPECT_FALSE(dict.erase("b"));
  dict["b"] = 4;
  EXPECT_EQ(Object(dict).repr(), "{'a': 2, 'b': 4}");
}

TEST(Dict, FindsEqualKeysOfOtherTypes) {
  Dict dict{{1, "one"}};
  dict.set(true, "yes");
  EXPECT_EQ(Object(dict).repr(), "{1: 'yes'}");
  EXPECT_EQ(dict.at(1.0), "yes");
  EXPECT_THROW(dict.at(2), KeyError);
}

TEST(Dict, StaysRightWhileItGrowsAndShrinks) {
  Dict dict;
  for (int i = 0; i < 1000; ++i) dict.set(i, -i);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(i % 3 != 0 && dict.erase(i), i % 3 != 0);
  }
  for (int i = 1000; i < 1100; ++i) dict[i] = -i;
  EXPECT_EQ(dict.size(), 434u);
  int last = -1;
  for (const Dict::Entry& entry : dict) {
    EXPECT_LT(last, entry.key.as<int>());
    last = entry.key.as<int>();
    EXPECT_EQ(entry.value, -last);
    EXPECT_EQ(dict.at(last), -last);
  }
  for (int i = 0; i < 1100; ++i) EXPECT_EQ(dict.contains(i), i >= 1000 || i % 3 == 0);
  while (!dict.empty()) dict.erase(Object(dict.begin()->key));
  EXPECT_TRUE(dict == Dict{});
}

TEST(Dict, LastIsTheNewestThatIsLeft) {
  Dict dict;
  for (int i = 0; i < 100; ++i) dict.set(i, -i);
  for (int i = 40; i < 99; ++i) dict.erase(i);
  EXPECT_EQ(dict.last().key, 99);
  dict.erase(99);
  EXPECT_EQ(dict.last().key, 39);
  dict.set(7, "changed");
  EXPECT_EQ(dict.last().key, 39);
  dict.set(7.5, "new");
  EXPECT_EQ(dict.last().value, "new");
}

// Against a row of keys that is searched from one end to the other.
TEST(Dict, StaysRightWhateverIsTakenFromItsEnd) {
  std::mt19937 random(1);
  Dict dict;
  std::vector<int> model;
  for (int step = 0; step < 30'000; ++step) {
    const bool grows = step / 1'000 % 2 == 0;
    const int key = static_cast<int>(random() % 400);
    const auto found = std::find(model.begin(), model.end(), key);
    ASSERT_EQ(dict.contains(key), found != model.end());
    const unsigned chance = random() % 4;
    if (chance == 0) {
      EXPECT_EQ(dict.erase(key), found != model.end());
      if (found != model.end()) model.erase(found);
    } else if (grows || chance == 1) {
      dict.set(key, step);
      if (found == model.end()) model.push_back(key);
    } else if (!model.empty()) {
      ASSERT_EQ(dict.last().key, model.back());
      EXPECT_TRUE(dict.erase(dict.last().key));
      model.pop_back();
    }
    ASSERT_EQ(dict.size(), model.size());
  }
  EXPECT_TRUE(std::ranges::equal(dict, model, [](const Dict::Entry& entry, int key) { return entry.key == key; }));
}

TEST(Dict, EraseSurvivesAKeyFromItself) {
  Dict dict;
  for (int i = 0; i < 100; ++i) dict.set(std::to_string(i), i);
  while (!dict.empty()) dict.erase(dict.begin()->key);
  EXPECT_EQ(dict.size(), 0u);
}

}  // namespace
}  // namespace mp
