#include "conformance/adapters/cpp/args.h"

#include <gtest/gtest.h>

namespace mp::conformance {
namespace {

class ArgsTest : public testing::Test {
 protected:
  Args bind(const Values& args, const Kwargs& kwargs = {}) { return Args(signature_, args, kwargs, handles_); }

  std::string refusal(const Values& args, const Kwargs& kwargs = {}) {
    try {
      bind(args, kwargs);
    } catch (const Raised& raised) {
      EXPECT_TRUE(raised.error.is("TypeError"));
      return raised.error.text;
    }
    return "accepted";
  }

  Signature signature_{"put(obj, block=True, timeout=None, *, times=1.5)"};
  Handles handles_;
};

TEST_F(ArgsTest, ArgumentsGoByPlaceOrByName) {
  Args args = bind({"item", false}, {{"timeout", 2}});
  EXPECT_EQ(args.text("obj"), "item");
  EXPECT_FALSE(args.flag("block"));
  EXPECT_EQ(args.seconds("timeout"), 2.0);
  EXPECT_EQ(args.number("times"), 1.5);
}

TEST_F(ArgsTest, WhatIsLeftOutHasItsDefault) {
  Args args = bind({}, {{"obj", None}});
  EXPECT_TRUE(args["obj"].is_none());
  EXPECT_TRUE(args.flag("block"));
  EXPECT_EQ(args.seconds("timeout"), std::nullopt);
}

TEST_F(ArgsTest, WhatDoesNotFitIsATypeErrorThatSaysWhy) {
  EXPECT_EQ(refusal({}), "put() needs the argument obj");
  EXPECT_EQ(refusal({1, true, None, 2.0}), "put() does not take so many arguments");
  EXPECT_EQ(refusal({1}, {{"obj", 2}}), "put() got two values for obj");
  EXPECT_EQ(refusal({1}, {{"colour", 2}}), "put() has no parameter colour");
}

TEST_F(ArgsTest, AValueOfTheWrongKindIsATypeErrorWhenItIsAskedFor) {
  Args args = bind({"item", "yes", "soon"});
  EXPECT_THROW(args.flag("block"), Raised);
  EXPECT_THROW(args.seconds("timeout"), Raised);
  EXPECT_THROW(args.bytes("obj"), Raised);
  EXPECT_THROW(args.object<int>("obj"), Raised);
}

TEST_F(ArgsTest, StarsTakeWhatIsLeft) {
  const Signature open("serve(actor, *args, **kwargs)");
  Args args(open, {"a1", 1, 2}, {{"x", 3}}, handles_);
  EXPECT_EQ(args.more(), (Values{1, 2}));
  ASSERT_EQ(args.more_by_name().items.size(), 1u);
  EXPECT_EQ(args.more_by_name().items[0].first, "x");
}

TEST_F(ArgsTest, AnObjectIsFoundByItsHandleAsWhatItWasKeptAs) {
  const Value number = handles_.keep(std::make_shared<int>(5));
  Args args = bind({number});
  EXPECT_EQ(*args.object<int>("obj"), 5);
  EXPECT_THROW(args.object<double>("obj"), Raised);
}

TEST(Signature, RefusesWhatItCannotRead) {
  for (const char* text : {"put", "put(", "put(a=b)", "put(a=[])"}) EXPECT_THROW(Signature{text}, std::logic_error) << text;
}

TEST(Handles, OneObjectHasOneNumberUntilItIsDropped) {
  Handles handles;
  const auto object = std::make_shared<int>(5);
  const Value first = handles.keep(object);
  EXPECT_EQ(handles.keep(object), first);
  EXPECT_NE(handles.keep(std::make_shared<int>(5)), first);
  EXPECT_EQ(object.use_count(), 2);
  handles.drop(*first.as<Handle>());
  EXPECT_EQ(object.use_count(), 1);
  EXPECT_THROW(handles.find(*first.as<Handle>()), Raised);
  EXPECT_NE(handles.keep(object), first) << "no number is used twice";
}

}  // namespace
}  // namespace mp::conformance
