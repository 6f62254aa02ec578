// Named shared memory with a real Python beside it: Python opens what is ours, and we open what is Python's.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "reference/object.h"
#include "reference/shareable_list.h"
#include "reference/shared_memory.h"

namespace mp {
namespace {

// What the peer prints; it has to end well.
std::string ask_python(const std::string& verb, const std::string& name) {
  FILE* const pipe = ::popen(("exec python3 reference/shared_memory_peer.py " + verb + " " + name).c_str(), "r");
  std::string printed;
  for (int character; (character = std::fgetc(pipe)) != EOF;) printed += static_cast<char>(character);
  EXPECT_EQ(::pclose(pipe), 0);
  return printed;
}

std::string new_name() { return "mp" + std::to_string(std::random_device()()); }

const std::vector<Object> kValues = {1,       -2.5, true,  "hello",  bytes(std::string_view("\xff\x00\x01", 3)),
                                     nullptr, "",   false, INT64_MIN};

TEST(SharedMemoryPython, OpensOurBlock) {
  SharedMemory block({.create = true, .size = 5000});
  const std::string_view text = "hello";
  std::copy_n(reinterpret_cast<const std::byte*>(text.data()), text.size(), block.buf().begin());
  ask_python("change-block", block.name());
  EXPECT_EQ(block.buf()[block.size() - 1], std::byte{7});
  block.unlink();
}

TEST(SharedMemoryPython, MakesABlockThatWeOpen) {
  const std::string name = new_name();
  ask_python("make-block", name);
  SharedMemory block({.name = name});
  EXPECT_GE(block.size(), 5000u);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(block.buf().data()), 5), "howdy");
  block.unlink();
}

TEST(SharedMemoryPython, OpensOurList) {
  ShareableList values(kValues);
  ask_python("change-list", values.shm().name());
  EXPECT_EQ(values[0], Object(99));
  EXPECT_EQ(values[3], Object("howdy"));
  EXPECT_EQ(values[5], Object("now text"));
  EXPECT_EQ(values[1], kValues[1]);
  values.shm().unlink();
}

TEST(SharedMemoryPython, MakesAListThatWeOpen) {
  const std::string name = new_name();
  const std::string format = ask_python("make-list", name);
  ShareableList values = ShareableList::attach(name);
  EXPECT_EQ(values.values(), kValues);
  for (std::size_t i = 0; i < kValues.size(); ++i) {
    EXPECT_EQ(values.get(static_cast<std::int64_t>(i)).kind(), kValues[i].kind()) << i;
  }
  EXPECT_EQ(values.format() + "\n", format);
  ShareableList ours(kValues);  // of the same values the same bytes
  const auto theirs = values.shm().buf(), mine = ours.shm().buf();
  EXPECT_TRUE(std::ranges::equal(theirs, mine));
  values.shm().unlink();
  ours.shm().unlink();
}

}  // namespace
}  // namespace mp
