// Managers of shared memory with a real Python at the other end, as client and as server.
#include <gtest/gtest.h>

#include <string>

#include "reference/error.h"
#include "reference/link.h"
#include "reference/python_peer.h"
#include "reference/shared_memory_manager.h"

namespace mp {
namespace {

const std::string kKey = "secret password";
const std::string kScript = "reference/shared_memory_manager_peer.py";

TEST(PythonClient, MakesBlocksThroughOurServer) {
  SharedMemoryManager manager({"127.0.0.1", 0}, {.authkey = kKey});
  manager.start();
  PythonPeer peer({kScript, "use", kKey, manager.address().host(), std::to_string(manager.address().port())});
  EXPECT_EQ(peer.line(), "done");
  EXPECT_EQ(peer.end(), 0);
}

TEST(PythonServer, RemovesOurBlocks) {
  PythonPeer peer({kScript, "serve", kKey});
  const std::string line = peer.line();
  const std::size_t blank = line.find(' ');
  ASSERT_NE(blank, std::string::npos) << "the script has not started";
  SharedMemoryManager manager({line.substr(0, blank), std::stoi(line.substr(blank + 1))}, {.authkey = kKey});
  manager.connect();
  const SharedMemory block = manager.SharedMemory(100);
  ShareableList list = manager.ShareableList({1, "text", nullptr});
  proxy_internal::dispatch(manager.address(), kKey, "shutdown");
  EXPECT_EQ(peer.end(), 0);
  EXPECT_THROW(SharedMemory({.name = block.name()}), FileNotFoundError);
  EXPECT_THROW(SharedMemory({.name = list.shm().name()}), FileNotFoundError);
}

}  // namespace
}  // namespace mp
