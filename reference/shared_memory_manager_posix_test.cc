// Where a block outlives those who have it: what becomes of it when somebody is killed.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "reference/error.h"
#include "reference/queue.h"
#include "reference/shared_memory_manager.h"
#include "reference/start_method.h"

namespace mp {
namespace {

bool is_there(const std::string& name) {
  try {
    SharedMemory({.name = name});
    return true;
  } catch (const FileNotFoundError&) {
    return false;
  }
}

class SharedMemoryManagerDeathTest : public testing::TestWithParam<std::string> {
 protected:
  ManagerOptions options() const { return {.authkey = "key", .start_method = start_method(GetParam())}; }
  ProcessOptions child_options() const { return {.start_method = start_method(GetParam())}; }
};

TEST_P(SharedMemoryManagerDeathTest, ABlockOutlivesItsKilledMaker) {
  SharedMemoryManager manager({}, options());
  manager.start();
  Queue<std::string> made;
  Process maker(
      child_options(),
      [](std::string path, Queue<std::string> told) {
        SharedMemoryManager client(Address(path), {.authkey = "key"});
        client.connect();
        told.put(client.SharedMemory(10).name());
        std::this_thread::sleep_for(std::chrono::hours(1));
      },
      manager.address().path(), made);
  maker.start();
  const std::string name = made.get();
  maker.kill();
  maker.join();
  EXPECT_TRUE(is_there(name));
  manager.shutdown();
  EXPECT_FALSE(is_there(name));
}

// The server sees the end of its creator in its own time.
TEST_P(SharedMemoryManagerDeathTest, AllIsRemovedWhenTheManagersCreatorIsKilled) {
  Queue<std::string> made;
  Process creator(
      child_options(),
      [](Queue<std::string> told, std::string method) {
        SharedMemoryManager manager({}, {.start_method = start_method(method)});
        manager.start();
        told.put(manager.SharedMemory(10).name());
        told.put(manager.ShareableList({1}).shm().name());
        std::this_thread::sleep_for(std::chrono::hours(1));
      },
      made, GetParam());
  creator.start();
  const std::string block = made.get(), list = made.get();
  creator.kill();
  creator.join();
  while (is_there(block) || is_there(list)) std::this_thread::yield();
}

TEST_P(SharedMemoryManagerDeathTest, ABlockThatTheServerCannotBeToldOfIsRemoved) {
  SharedMemoryManager manager({}, options());
  manager.start();
  SharedMemory block = manager.SharedMemory(10);
  for (Process& child : active_children()) child.kill();
  manager.join();
  EXPECT_THROW(manager.SharedMemory(10), Error);
  block.unlink();  // as nobody else does now
}

INSTANTIATE_TEST_SUITE_P(Methods, SharedMemoryManagerDeathTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& info) { return info.param; });

TEST(SharedMemoryManagerServer, OfThisProcessRemovesAllWhenItIsStopped) {
  const Server server = SharedMemoryManager({"127.0.0.1", 0}, {.authkey = "key"}).get_server();
  std::thread serving([&] { server.serve_forever(); });
  SharedMemoryManager client(server.address(), {.authkey = "key"});
  client.connect();
  const std::string name = client.SharedMemory(10).name();
  server.stop();
  serving.join();
  EXPECT_FALSE(is_there(name));
}

}  // namespace
}  // namespace mp
