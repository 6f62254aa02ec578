// A libFuzzer target: whatever requests a client sends to a manager's server, each has an answer, the session ends with its connection, and
// its references with it.
//   bazel build --config=fuzz //reference:session_fuzzer
//   bazel-bin/reference/session_fuzzer -max_total_time=60
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "reference/connection.h"
#include "reference/error.h"
#include "reference/managed.h"
#include "reference/objects.h"
#include "reference/private_connection.h"
#include "reference/session.h"
#include "reference/slice_object.h"
#include "reference/token.h"

namespace {

using mp::Object;

constexpr std::array kTypes = {
    "list",    "dict",      "Namespace",        "Value", "Array",     "Lock",    "Queue", "Event",
    "Barrier", "Semaphore", "BoundedSemaphore", "RLock", "Condition", "Iterator"};
constexpr std::array kMethods = {"accept_connection",
                                 "create",
                                 "dummy",
                                 "number_of_objects",
                                 "debug_info",
                                 "get_methods",
                                 "incref",
                                 "decref",
                                 "adopt",
                                 "#GETVALUE",
                                 "__repr__",
                                 "__str__",
                                 "__getitem__",
                                 "__setitem__",
                                 "__delitem__",
                                 "__contains__",
                                 "__len__",
                                 "__iter__",
                                 "__next__",
                                 "__add__",
                                 "__mul__",
                                 "__imul__",
                                 "__iadd__",
                                 "append",
                                 "extend",
                                 "insert",
                                 "pop",
                                 "remove",
                                 "index",
                                 "count",
                                 "reverse",
                                 "sort",
                                 "clear",
                                 "copy",
                                 "get",
                                 "items",
                                 "keys",
                                 "values",
                                 "popitem",
                                 "setdefault",
                                 "update",
                                 "has_key",
                                 "__getattribute__",
                                 "__setattr__",
                                 "__delattr__",
                                 "set",
                                 "release",
                                 "notify",
                                 "notify_all",
                                 "abort",
                                 "reset",
                                 "is_set",
                                 "put",
                                 "put_nowait",
                                 "get_nowait",
                                 "qsize",
                                 "empty",
                                 "full",
                                 "task_done",
                                 "acquire",
                                 "wait",
                                 "join"};
constexpr std::array kWords = {"", "a", "x", "i", "d", "key", "value", "reverse", "n", "block", "timeout", "parties"};
// From here on methods wait; a client that is gone ends that within a tenth of a second, which is long for a fuzzer.
constexpr std::size_t kPatient = 3;

mp::Registry registry() {
  mp::Registry all;
  all.add<mp::managed::List>("list");
  all.add<mp::managed::Dict>("dict");
  all.add<mp::managed::Namespace>("Namespace");
  all.add<mp::managed::Value>("Value");
  all.add<mp::managed::Array>("Array");
  all.add<mp::managed::Lock>("Lock");
  all.add<mp::managed::Queue>("Queue");
  all.add<mp::managed::Event>("Event");
  all.add<mp::managed::Barrier>("Barrier");
  all.add<mp::managed::Semaphore>("Semaphore");
  all.add<mp::managed::BoundedSemaphore>("BoundedSemaphore");
  all.add<mp::managed::RLock>("RLock");
  all.add<mp::managed::Condition>("Condition");
  all.add<mp::managed::Iterator>("Iterator", {.create_method = false});
  return all;
}

// The input as numbers and values, zeros after its end.
class Source {
 public:
  Source(const std::uint8_t* data, std::size_t size) : data_(data), end_(data + size) {}
  bool is_empty() const { return data_ == end_; }
  std::uint8_t byte() { return is_empty() ? 0 : *data_++; }
  template <class Array>
  auto one_of(const Array& array, std::size_t without = 0) {
    return array[byte() % (array.size() - without)];
  }

  Object value(int depth = 0) {
    switch (byte() % (depth < 3 ? 16 : 9)) {
      case 0: return Object();
      case 1: return byte() % 2 == 0;
      case 2: return static_cast<std::int8_t>(byte());
      case 3: return INT64_MIN + static_cast<std::int64_t>(byte());
      case 4: return INT64_MAX - static_cast<std::int64_t>(byte());
      case 5: return static_cast<std::int8_t>(byte()) / 4.0;
      case 6: return one_of(kWords);
      case 7: return one_of(kTypes);
      case 8: return id();
      case 9: return mp::list(value(depth + 1), value(depth + 1));
      case 10: return mp::tuple(value(depth + 1), value(depth + 1));
      case 11: return dict(depth + 1);
      case 12: return mp::Token{one_of(kTypes), mp::Address("127.0.0.1", 1), std::to_string(byte() % 8)}.object();
      case 13: return mp::ProxyRecipe{"AutoProxy", mp::Token::from(token()), {}, {}}.object();
      case 14: return mp::slice_object({.start = number(), .stop = number(), .step = number()});
      default: return mp::list();
    }
  }
  Object request() {
    // Now and then something else altogether.
    if (byte() % 32 == 31) return value();
    Object whom = byte() % 3 == 0 ? Object() : id();
    const char* method = one_of(kMethods, kPatient);
    mp::List args;
    for (int left = byte() % 4; left > 0; --left) args.push_back(value());
    if (std::string(method) == "create") args.insert(args.begin(), one_of(kTypes));
    return mp::tuple(std::move(whom), method, mp::Tuple{std::move(args)}, byte() % 4 == 3 ? dict(2) : mp::Dict());
  }

 private:
  std::optional<std::int64_t> number() {
    const auto bits = static_cast<std::int8_t>(byte());
    return bits == 100 ? std::nullopt : std::optional<std::int64_t>(bits);
  }
  std::string id() { return std::to_string(byte() % 12); }
  Object token() { return mp::Token{one_of(kTypes), mp::Address("127.0.0.1", 1), id()}.object(); }
  mp::Dict dict(int depth) {
    mp::Dict dict;
    for (int left = byte() % 3; left > 0; --left) dict.set(one_of(kWords), value(depth));
    return dict;
  }

  const std::uint8_t* data_;
  const std::uint8_t* end_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const mp::Registry kRegistry = registry();
  const auto objects = std::make_shared<mp::Objects>(kRegistry, mp::Address("127.0.0.1", 1), "");  // ids that can be guessed
  auto [client, serving] = mp::Pipe();
  std::thread thread([&objects, connection = std::move(serving)] {
    mp::Session(objects, mp::proxy_internal::PrivateConnection::adopt(connection), {}).run();
  });
  client.send(mp::tuple(nullptr, "accept_connection", mp::tuple("fuzzer"), mp::Dict()));
  client.recv();
  Source source(data, size);
  std::size_t loose = 0;  // what methods gave, which belongs to nobody before it is adopted
  while (!source.is_empty()) {
    try {
      client.send(source.request());
      const Object answer = client.recv(std::chrono::milliseconds(50));
      if (answer.get<mp::Tuple>().items.at(0) == Object("#PROXY")) ++loose;
    } catch (const mp::TypeError&) {
      continue;  // a dict as a key: not even a client can say that
    } catch (const mp::TimeoutError&) {
      break;  // a method that waits
    }
  }
  client.close();
  thread.join();
  if (objects->size() > loose) std::abort();
  return 0;
}
