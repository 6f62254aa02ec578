#include "reference/target.h"

#include <gtest/gtest.h>

#include <functional>

#include "reference/error.h"

namespace mp {
namespace {

std::string seen;

void tell(int number, const std::string& text) { seen = std::to_string(number) + text; }
void show(const char* text, std::string_view view) { seen = std::string(text) + std::string(view); }
void grow(std::vector<int>& numbers) { numbers.push_back(1); }
int own(std::unique_ptr<int> number) noexcept { return seen = std::to_string(*number), 0; }

struct Adder {
  int base = 0;
  void operator()(int number) const { seen = std::to_string(base + number); }
};

std::unique_ptr<Target> travelled(const Target& target) {
  Writer writer;
  save_target(&target, writer);
  platform::Message message = writer.take();
  Reader reader(message.bytes, std::move(message.handles));
  auto result = load_target(reader);
  reader.finish();
  return result;
}

TEST(Target, CallsItsFunctionAsOftenAsAsked) {
  const auto target = make_target(tell, 2, "x");
  for (int i = 0; i < 2; ++i) {
    seen.clear();
    target->call();
    EXPECT_EQ(seen, "2x");
  }
}

TEST(Target, TravelsWithItsArguments) {
  travelled(*make_target(tell, 7.0f, "seven"))->call();
  EXPECT_EQ(seen, "7seven");
  travelled(*make_target([](int a, std::string b) { seen = b + std::to_string(a); }, 1, "one"))->call();
  EXPECT_EQ(seen, "one1");
  travelled(*make_target([](auto a, auto b) { seen = a + std::to_string(b); }, "generic", 1))->call();
  EXPECT_EQ(seen, "generic1");
  travelled(*make_target(Adder{40}, 2))->call();
  EXPECT_EQ(seen, "42");
  travelled(*make_target(grow, std::vector<int>{}))->call();
}

TEST(Target, KeepsWhatViewsShow) {
  std::unique_ptr<Target> target;
  {
    const std::string local = "a text that is long enough to live on the heap";
    target = make_target(show, local.c_str(), std::string_view(local));
  }
  travelled(*target)->call();
  EXPECT_EQ(seen.size(), 92u);
}

TEST(Target, GivesAwayWhatCannotBeCopied) {
  make_target(own, std::make_unique<int>(5))->call();
  EXPECT_EQ(seen, "5");
  travelled(*make_target(own, std::make_unique<int>(6)))->call();
  EXPECT_EQ(seen, "6");
  make_target([number = 1](std::unique_ptr<int> given) { seen = std::to_string(*given + number); },
              std::make_unique<int>(6))
      ->call();
  EXPECT_EQ(seen, "7");
}

TEST(Target, OfNothingTravels) {
  Writer writer;
  save_target(nullptr, writer);
  const platform::Message message = writer.take();
  Reader reader(message.bytes);
  EXPECT_EQ(load_target(reader), nullptr);
}

TEST(Target, CallsALambdaWithCapturesButDoesNotShipIt) {
  int calls = 0;
  const auto target = make_target([&calls](int by) { calls += by; }, 3);
  target->call();
  EXPECT_EQ(calls, 3);
  EXPECT_THROW(travelled(*target), PickleError);
}

TEST(Target, NamesTheArgumentThatCannotTravel) {
  const auto target = make_target([](int, std::function<void()> then) { then(); }, 1, [] { seen = "then"; });
  target->call();
  EXPECT_EQ(seen, "then");
  try {
    travelled(*target);
    FAIL() << "a std::function travelled";
  } catch (const PickleError& error) {
    EXPECT_NE(std::string(error.what()).find("argument 2"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("std::function"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace mp
