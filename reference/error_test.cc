#include "reference/error.h"

#include "gtest/gtest.h"

namespace mp {
namespace {

using Names = std::vector<std::string>;

TEST(Error, NamesStartWithTheMostSpecific) {
  EXPECT_EQ(names_of(BrokenPipeError("x")), (Names{"BrokenPipeError", "ConnectionError", "OSError", "Exception"}));
  EXPECT_EQ(names_of(Empty("x")), (Names{"Empty", "Exception"}));
  EXPECT_EQ(names_of(SystemExit(3)), (Names{"SystemExit"}));
}

TEST(Error, IsRaisedByItsName) {
  EXPECT_THROW(raise("Full", "no room"), Full);
  EXPECT_THROW(raise("BrokenBarrierError", "x"), RuntimeError);
  EXPECT_THROW(raise("WorkerDied", "x"), WorkerDied);
  try {
    raise("ValueError", "7 is too much");
  } catch (const ValueError& error) {
    EXPECT_STREQ(error.what(), "7 is too much");
  }
}

TEST(Error, RaisedByAnUnknownNameKeepsTheName) {
  try {
    raise("ZeroDivisionError", "division by zero");
  } catch (const RemoteError& error) {
    EXPECT_STREQ(error.what(), "ZeroDivisionError: division by zero");
  }
}

TEST(Error, EveryNameRaisesAClassThatCarriesIt) {
  for (const char* name : {"Empty",
                           "Full",
                           "BufferTooShort",
                           "ProcessError",
                           "AuthenticationError",
                           "TimeoutError",
                           "MaybeEncodingError",
                           "RemoteError",
                           "BrokenBarrierError",
                           "OwnerDied",
                           "WorkerDied",
                           "EOFError",
                           "OSError",
                           "BlockingIOError",
                           "BrokenPipeError",
                           "ConnectionError",
                           "ConnectionRefusedError",
                           "ConnectionResetError",
                           "FileExistsError",
                           "FileNotFoundError",
                           "PermissionError",
                           "ValueError",
                           "TypeError",
                           "AttributeError",
                           "KeyError",
                           "IndexError",
                           "RuntimeError",
                           "NotImplementedError",
                           "AssertionError",
                           "ImportError",
                           "MemoryError",
                           "OverflowError",
                           "StopIteration",
                           "KeyboardInterrupt",
                           "SystemExit",
                           "PickleError",
                           "Exception"}) {
    try {
      raise(name, "text");
    } catch (const Error& error) {
      EXPECT_EQ(error.names().front(), name);
    }
  }
}

TEST(Error, OfTheStandardLibraryHasANameToo) {
  EXPECT_EQ(names_of(std::bad_alloc()), (Names{"MemoryError", "Exception"}));
  EXPECT_EQ(names_of(std::invalid_argument("x")), (Names{"ValueError", "Exception"}));
  EXPECT_EQ(names_of(std::logic_error("x")), (Names{"Exception"}));
}

TEST(Error, BufferTooShortCarriesTheWholeMessage) {
  const std::vector<std::byte> message(17, std::byte{5});
  EXPECT_EQ(BufferTooShort(message).message(), message);
}

}  // namespace
}  // namespace mp
