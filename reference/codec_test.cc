#include "reference/codec.h"

#include <gtest/gtest.h>

#include <complex>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <unordered_map>
#include <variant>

#include "platform/region.h"
#include "reference/error.h"

namespace mp {
namespace {

template <class T>
T travelled(const T& value) {
  return decode<T>(encode_message(value));
}

struct Point {
  int x;
  double y;
  bool operator==(const Point&) const = default;
};

class Named {
 public:
  Named() = default;
  Named(std::string name, std::vector<Named> parts) : name_(std::move(name)), parts_(std::move(parts)) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(name_, parts_);
  }
  bool operator==(const Named&) const = default;

 private:
  std::string name_;
  std::vector<Named> parts_;
};

// Stands for a queue: a real one is made by default, and none may be made by decoding.
class Thing {
 public:
  Thing() : number_(7) { ++made; }
  explicit Thing(Undecoded) {}
  void save(Writer& writer) const {
    writer(number_);
    writer.attach(platform::Region::create(1).handle());
    writer.attach(platform::Handle());
  }
  void load(Reader& reader) {
    reader(number_);
    EXPECT_TRUE(reader.detach());
    EXPECT_FALSE(reader.detach());
  }
  int number() const { return number_; }
  static inline int made = 0;

 private:
  int number_ = 0;
};

int twice(int x) { return 2 * x; }

TEST(Codec, CarriesPlainValues) {
  EXPECT_EQ(travelled(42), 42);
  EXPECT_EQ(travelled(true), true);
  EXPECT_EQ(travelled(-0.5), -0.5);
  EXPECT_EQ(travelled(Point{3, 0.25}), (Point{3, 0.25}));
  EXPECT_EQ(travelled(std::complex<double>(1, 2)), std::complex<double>(1, 2));
  EXPECT_EQ(travelled(std::chrono::milliseconds(5)), std::chrono::milliseconds(5));
}

TEST(Codec, CarriesTheStandardContainers) {
  EXPECT_EQ(travelled(std::string("a\0b", 3)), std::string("a\0b", 3));
  EXPECT_EQ(travelled(std::vector<int>{1, 2, 3}), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(travelled(std::vector<bool>{true, false, true}), (std::vector<bool>{true, false, true}));
  EXPECT_EQ(travelled(std::vector<std::string>{"x", "", "yz"}), (std::vector<std::string>{"x", "", "yz"}));
  EXPECT_EQ(travelled(std::array<std::string, 2>{"p", "q"}), (std::array<std::string, 2>{"p", "q"}));
  const std::map<std::string, std::vector<Point>> map = {{"a", {{1, 2}}}, {"b", {}}};
  EXPECT_EQ(travelled(map), map);
  const std::unordered_map<int, std::string> hashed = {{1, "one"}, {2, "two"}};
  EXPECT_EQ(travelled(hashed), hashed);
  EXPECT_EQ(travelled(std::set<int>{3, 1}), (std::set<int>{1, 3}));
  EXPECT_EQ(travelled(std::list<std::string>{"l"}), std::list<std::string>{"l"});
  EXPECT_EQ(travelled(std::deque<int>{1, 2}), (std::deque<int>{1, 2}));
  EXPECT_EQ(travelled(std::optional<std::string>("x")), std::optional<std::string>("x"));
  EXPECT_EQ(travelled(std::optional<std::string>()), std::nullopt);
  EXPECT_EQ(travelled(std::optional<int>(4)), std::optional<int>(4));
  using Either = std::variant<int, std::string>;
  EXPECT_EQ(travelled(Either("s")), Either("s"));
  EXPECT_EQ(travelled(std::tuple<int, std::string>(1, "t")), (std::tuple<int, std::string>(1, "t")));
  EXPECT_EQ(travelled(std::pair<std::string, double>("p", 2.5)), (std::pair<std::string, double>("p", 2.5)));
  EXPECT_EQ(travelled(std::tuple<>()), std::tuple<>());
  EXPECT_EQ(*travelled(std::make_shared<std::string>("shared")), "shared");
}

TEST(Codec, CarriesClassesWithSerialize) {
  const Named tree("root", {Named("left", {}), Named("right", {Named("leaf", {})})});
  EXPECT_EQ(travelled(tree), tree);
  EXPECT_EQ(travelled(std::vector<Named>{tree, tree}), (std::vector<Named>{tree, tree}));
}

TEST(Codec, CarriesFunctionsByName) {
  using Function = int (*)(int);
  EXPECT_EQ(travelled<Function>(&twice)(21), 42);
  EXPECT_EQ(travelled<Function>(nullptr), nullptr);
  EXPECT_EQ((travelled<std::pair<Function, int>>({&twice, 1}).first)(3), 6);
}

TEST(Codec, RefusesAFunctionOfAnotherBuild) {
  using Function = int (*)(int);
  std::vector<std::byte> bytes = encode<Function>(&twice);
  bytes[1] ^= std::byte{0xff};
  EXPECT_THROW(decode<Function>(bytes), PickleError);
}

TEST(Codec, DecodesHandleTypesWithoutMakingOnes) {
  const std::tuple<std::string, Thing, std::vector<Thing>, std::optional<Thing>> things("x", Thing(),
                                                                                        {Thing(), Thing()}, Thing());
  const int made = Thing::made;
  const auto copy = travelled(things);
  EXPECT_EQ(Thing::made, made);
  EXPECT_EQ(std::get<1>(copy).number(), 7);
  EXPECT_EQ(std::get<2>(copy).size(), 2u);
  EXPECT_EQ(std::get<3>(copy)->number(), 7);
}

TEST(Codec, RefusesHandlesWhereNoneCanTravel) { EXPECT_THROW(encode(Thing()), RuntimeError); }

TEST(Codec, RefusesMissingAndSurplusHandles) {
  platform::Message message = encode_message(Thing());
  EXPECT_THROW(decode<Thing>(message.bytes), PickleError);
  std::vector<std::byte> number = encode(1);
  EXPECT_THROW((decode<int>(platform::Message{number, std::move(message.handles)})), PickleError);
}

TEST(Codec, SeveralValuesAreATuple) {
  EXPECT_EQ((decode<std::tuple<int, std::string>>(encode_message(1, std::string("x")))),
            (std::tuple<int, std::string>(1, "x")));
}

TEST(Codec, RefusesTruncatedAndSurplusBytes) {
  const auto value = std::tuple<std::string, std::vector<int>, std::map<int, std::string>>("abc", {1, 2}, {{1, "one"}});
  using Value = decltype(value);
  std::vector<std::byte> bytes = encode(value);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(decode<std::remove_const_t<Value>>(std::span(bytes).first(size)), PickleError) << size;
  }
  bytes.push_back(std::byte{0});
  EXPECT_THROW(decode<std::remove_const_t<Value>>(bytes), PickleError);
}

TEST(Codec, RefusesAbsurdSizes) {
  const std::uint64_t sizes[] = {2, 1'000'000, std::numeric_limits<std::uint64_t>::max()};
  for (const std::uint64_t size : sizes) {
    const std::vector<std::byte> bytes = encode(size);
    EXPECT_THROW(decode<std::string>(bytes), PickleError);
    EXPECT_THROW(decode<std::vector<double>>(bytes), PickleError);
    EXPECT_THROW(decode<std::vector<std::string>>(bytes), PickleError);
    EXPECT_THROW((decode<std::map<int, int>>(bytes)), PickleError);
    EXPECT_THROW(decode<std::list<std::string>>(bytes), PickleError);
    EXPECT_THROW((decode<std::unordered_map<int, std::string>>(bytes)), PickleError);
  }
}

// Nothing may crash, hang, or throw anything but a PickleError, whatever the bytes are.
TEST(Codec, SurvivesRandomBytes) {
  using Value =
      std::tuple<std::vector<std::string>, std::optional<Named>, std::variant<int, std::string>, std::set<std::string>>;
  const std::vector<std::byte> good =
      encode(Value({"ab", "c"}, Named("n", {Named("m", {})}), std::string("v"), {"s", "t"}));
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::byte> bytes = good;
    for (int change = 0; change < 3; ++change) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    try {
      decode<Value>(bytes);
    } catch (const PickleError&) {
    }
  }
}

template <class Lambda>
constexpr bool can_travel(const Lambda&) {
  return Encodable<Lambda>;
}

TEST(Codec, KnowsWhatCannotTravel) {
  int number = 0;
  EXPECT_TRUE(can_travel([] {}));
  EXPECT_FALSE(can_travel([number] { return number; }));
  EXPECT_FALSE(can_travel([&number] { return number; }));
  static_assert(!Encodable<int*>);
  static_assert(!Encodable<const char*>);
  static_assert(!Encodable<std::string_view>);
  static_assert(!Encodable<std::span<int>>);
  static_assert(!Encodable<std::optional<int*>>);
  static_assert(!Encodable<std::vector<std::tuple<int, char*>>>);
  static_assert(!Encodable<std::map<int, void*>>);
  static_assert(!Encodable<std::function<void()>>);
  static_assert(!Encodable<std::reference_wrapper<int>>);
  static_assert(Encodable<std::vector<std::map<int, Named>>>);
  static_assert(Encodable<std::unique_ptr<Named>>);
  static_assert(Encodable<std::tuple<Thing, Point>>);
}

}  // namespace
}  // namespace mp
