// Managers of shared memory, under every start method.
#include "reference/shared_memory_manager.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "reference/error.h"
#include "reference/event.h"
#include "reference/queue.h"
#include "reference/start_method.h"

namespace mp {
namespace {

void expect_gone(const std::string& name) { EXPECT_THROW(SharedMemory({.name = name}), FileNotFoundError) << name; }

class SharedMemoryManagerTest : public testing::TestWithParam<std::string> {
 protected:
  ManagerOptions options() const { return {.authkey = "key", .start_method = start_method(GetParam())}; }
  template <class... A>
  void run(A&&... arguments) const {
    Process child(ProcessOptions{.start_method = start_method(GetParam())}, std::forward<A>(arguments)...);
    child.start();
    child.join();
    EXPECT_EQ(child.exitcode(), 0);
  }
};

TEST_P(SharedMemoryManagerTest, ABlockIsSharedWithAChild) {
  SharedMemoryManager manager({}, options());
  manager.start();
  const SharedMemory block = manager.SharedMemory(100);
  EXPECT_GE(block.size(), 100u);
  run([](SharedMemory shared) { shared.buf()[99] = std::byte{7}; }, block);
  EXPECT_EQ(block.buf()[99], std::byte{7});
}

TEST_P(SharedMemoryManagerTest, AListIsSharedWithAChild) {
  SharedMemoryManager manager({}, options());
  manager.start();
  const ShareableList list = manager.ShareableList({1, "text", nullptr});
  run([](ShareableList shared) { shared.set(0, 2.5); }, list);
  EXPECT_EQ(list.values(), (std::vector<Object>{2.5, "text", nullptr}));
}

TEST_P(SharedMemoryManagerTest, ShutdownRemovesAll) {
  SharedMemoryManager manager({}, options());
  manager.start();
  SharedMemory block = manager.SharedMemory(100);
  ShareableList list = manager.ShareableList({1});
  block.close();
  list.shm().close();
  manager.shutdown();
  expect_gone(block.name());
  expect_gone(list.shm().name());
}

TEST_P(SharedMemoryManagerTest, TheEndOfTheManagerRemovesAll) {
  std::string name;
  {
    SharedMemoryManager manager({}, options());
    manager.start();
    name = manager.SharedMemory(100).name();
  }
  expect_gone(name);
}

TEST_P(SharedMemoryManagerTest, WhatWasMadeThroughAClientIsRemovedToo) {
  SharedMemoryManager manager({"127.0.0.1", 0}, options());
  manager.start();
  Queue<std::string> made;
  Event attached;
  Process client(
      ProcessOptions{.start_method = start_method(GetParam())},
      [](int port, Queue<std::string> told, Event is_attached) {
        SharedMemoryManager same({"127.0.0.1", port}, {.authkey = "key"});
        same.connect();
        const SharedMemory block = same.SharedMemory(10);
        block.buf()[0] = std::byte{7};
        told.put(block.name());
        is_attached.wait();
      },
      manager.address().port(), made, attached);
  client.start();
  SharedMemory block({.name = made.get()});
  attached.set();
  client.join();
  EXPECT_EQ(block.buf()[0], std::byte{7});
  block.close();
  manager.shutdown();
  expect_gone(block.name());
}

TEST_P(SharedMemoryManagerTest, WithoutAServerNothingIsMade) {
  SharedMemoryManager manager({}, options());
  EXPECT_THROW(manager.SharedMemory(10), AssertionError);
  manager.start();
  EXPECT_THROW(manager.SharedMemory(0), ValueError);
  manager.shutdown();
  EXPECT_THROW(manager.ShareableList({1}), Error);
}

INSTANTIATE_TEST_SUITE_P(Methods, SharedMemoryManagerTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mp
