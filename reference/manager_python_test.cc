// Managers with a real Python at the other end, as client and as server.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

#include "reference/error.h"
#include "reference/managed.h"
#include "reference/manager.h"

namespace mp {
namespace {

const std::string kKey = "secret password";

// A run of manager_peer.py.
class Peer {
 public:
  explicit Peer(const std::string& arguments)
      : output_(::popen(("exec python3 reference/manager_peer.py " + arguments).c_str(), "r")) {}
  Peer(const Peer&) = delete;
  ~Peer() { end(); }

  std::string line() {
    std::string text;
    for (int c; (c = std::fgetc(output_)) != EOF && c != '\n';) text += static_cast<char>(c);
    return text;
  }
  int end() {
    if (output_ == nullptr) return status_;
    const int status = ::pclose(std::exchange(output_, nullptr));
    return status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  std::FILE* output_;
  int status_ = -1;
};

class Counter {
 public:
  static Class<Counter> describe() {
    return Class<Counter>("Counter")
        .constructor<std::optional<int>>("(start)")
        .method("add(n)", &Counter::add)
        .method("fail()", [](Counter&) { throw ValueError("told so"); });
  }
  explicit Counter(std::optional<int> start) : number_(start.value_or(0)) {}
  int add(int n) {
    const std::lock_guard lock(mutex_);
    return number_ += n;
  }

 private:
  std::mutex mutex_;
  int number_;
};

TEST(ManagerToPython, PythonUsesOurs) {
  SyncManager manager({"127.0.0.1", 0}, {.authkey = kKey});
  manager.register_type<Counter>("Counter");
  manager.start();
  Peer peer("use '" + kKey + "' 127.0.0.1 " + std::to_string(manager.address().port()));
  EXPECT_EQ(peer.line(), "done");
  EXPECT_EQ(peer.end(), 0);
}

TEST(ManagerToPython, WeUsePythons) {
  Peer peer("serve '" + kKey + "'");
  const std::string line = peer.line();
  const std::size_t blank = line.find(' ');
  SyncManager manager({line.substr(0, blank), std::stoi(line.substr(blank + 1))}, {.authkey = kKey});
  manager.register_type("Counter");
  manager.connect();
  {
    const DictProxy dict = manager.dict(Dict{{"a", 1}});
    dict.set("b", list(2));
    EXPECT_EQ(dict.copy(), (Dict{{"a", 1}, {"b", list(2)}}));
    EXPECT_EQ(Object(dict.keys()), list("a", "b"));
    EXPECT_THROW(dict.get("nothing"), KeyError);
    const ListProxy numbers = manager.list(list(3, 1));
    numbers.sort();
    EXPECT_EQ(Object(numbers.get(Slice{.start = 1})), list(3));
    numbers.append(manager.list(list("nested")).object());
    EXPECT_EQ(numbers.get<ListProxy>(2).get<std::string>(0), "nested");
    const QueueProxy queue = manager.Queue();
    queue.put("x");
    EXPECT_EQ(queue.get<std::string>(), "x");
    EXPECT_THROW(queue.get_nowait(), Empty);
    const AcquirerProxy lock = manager.Lock();
    EXPECT_TRUE(lock.acquire());
    lock.release();
    EXPECT_THROW(lock.release(), RuntimeError);
    const Proxy counter = manager.create("Counter", 5);
    EXPECT_EQ(counter.call<int>("add", 2), 7);
    EXPECT_THROW(counter.call("fail"), ValueError);
    EXPECT_THROW(counter.call("nothing"), RemoteError);
    const ArrayProxy array = manager.Array("i", list(1, 2));
    EXPECT_EQ(Object(array.get(Slice{})), list(1, 2));
  }
  // The list in the list is Python's to keep.
  EXPECT_LE(manager.number_of_objects(), 1u);
  proxy_internal::dispatch(manager.address(), kKey, "shutdown");
  EXPECT_EQ(peer.end(), 0);
}

}  // namespace
}  // namespace mp

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
