#include "reference/fork_server.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "platform/channel.h"
#include "platform/wait.h"
#include "reference/codec.h"
#include "reference/entry.h"
#include "reference/error.h"

namespace mp {
namespace {

using platform::Channel;
using platform::Child;
using platform::Deadline;
using platform::Handle;
using platform::Message;

// ---- In the server. ----

// One child and the road on which its creator waits for its exit code.
struct Served {
  Child child;
  Channel report;
};

// What the server answers when the system refused to fork: the code and the operation of the OsError. Longer than an exit code.
using Refusal = std::pair<std::int32_t, std::string>;
constexpr std::size_t kLeastRefusal = sizeof(std::int32_t) + sizeof(std::uint64_t);

// The child's answer, before anything of its own: who it is, and the handle to wait for it and to signal it.
void introduce(Channel& report) {
  std::vector<Handle> self;
  self.push_back(platform::this_process());
  report.send(encode(platform::this_pid()), self, Deadline::never());
}

// What its creator says then, when it could take the answer: this. When not: an empty message, or nothing any more.
constexpr std::array kGoOn{std::byte{1}};

bool is_wanted(Channel& report) { return !report.receive(Deadline::never()).message.bytes.empty(); }

class Server {
 public:
  Server(Channel control, void (*interrupt)(int)) : control_(std::move(control)), interrupt_(interrupt) {}

  // Until it is told to end, or the other end of the control channel is closed.
  void serve() {
    while (true) {
      std::vector<platform::NativeHandle> handles;
      for (const Served& served : children_) handles.push_back(served.child.sentinel());
      handles.push_back(control_.native());
      std::vector<std::size_t> ready = platform::wait_any(handles, Deadline::never());
      const bool asked = ready.back() == children_.size();
      if (asked) ready.pop_back();
      for (; !ready.empty(); ready.pop_back()) collect(ready.back());
      if (asked && !answer()) return;
    }
  }

 private:
  // A creator that is gone does not want to know.
  void collect(std::size_t index) {
    Served& served = children_[index];
    if (const auto code = served.child.exit_code()) {
      Child::report(served.report, *code);
      children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(index));
    }
  }

  // False: that was the last. A message without handles is no request but the word to end.
  bool answer() {
    Channel::Received received = control_.receive(Deadline::never());
    std::vector<Handle>& handles = received.message.handles;
    if (received.outcome != Channel::Outcome::kDone || handles.empty()) return false;
    Channel report = Channel::adopt(std::move(handles.front()));
    handles.erase(handles.begin());
    try {
      Child child = Child::fork([&] { return become_child(report, std::move(received.message)); });
      children_.push_back({std::move(child), std::move(report)});
    } catch (const platform::OsError& error) {
      report.send(encode(Refusal(error.code(), error.operation())), {}, Deadline::passed());
    }
    return true;
  }

  int become_child(Channel& report, Message message) {
    introduce(report);
    // Meanwhile the creator makes ready.
    std::signal(SIGINT, interrupt_);
    control_.close();
    children_.clear();
    if (!is_wanted(report)) return 1;
    report.close();
    return entry::enter(std::move(message));
  }

  Channel control_;
  void (*interrupt_)(int);
  std::vector<Served> children_;
};

int run_server(Reader& reader) {
  // Ctrl-C is for the children and their creator; a server that dies of it would take the exit codes along.
  void (*const interrupt)(int) = std::signal(SIGINT, SIG_IGN);
  Channel control = Channel::adopt(reader.detach());
  for (const PreloadFunction function : reader.read<std::vector<PreloadFunction>>()) {
    try {
      function();
    } catch (...) {
    }
  }
  Server(std::move(control), interrupt).serve();
  return 0;
}

// ---- On the side of those who ask. ----

struct Client {
  std::mutex mutex;  // guards all below; held while a request is sent, never while an answer is awaited
  Channel control;
  std::optional<Child> server;
  std::uint64_t servers = 0;  // how many were begun; the number of the last one
  std::vector<PreloadFunction> preload;
};

// Never destroyed: processes are still started while static objects die.
Client& client() {
  static Client& the_client = *new Client;
  return the_client;
}

// The caller holds the mutex.
void begin_server(Client& client) {
  auto [ours, theirs] = Channel::pair();
  Writer writer;
  writer(entry::Function{&run_server});
  writer.attach(theirs.handle());
  writer(client.preload);
  theirs.close();
  client.server = entry::spawn(writer.take());
  client.control = std::move(ours);
  ++client.servers;
}

// The caller holds the mutex. A server ends when it is told, and a dying one will have ended soon. Told, as the end of the channel
// comes late when this program has forked itself: each such copy of it has one of our end.
std::optional<int> end_server(Client& client) {
  if (!client.server) return std::nullopt;
  client.control.send({}, {}, Deadline::never());
  client.control.close();
  const std::optional<int> code = client.server->wait(Deadline::never());
  client.server.reset();
  return code;
}

Message with_report(const Message& message, const Channel& report) {
  Message request{message.bytes, {}};
  request.handles.push_back(report.handle());
  for (const Handle& handle : message.handles) request.handles.push_back(handle.duplicate());
  return request;
}

// The road on which the answer comes, and that on which the child is told to go on: the same end of one channel, of which report
// will be the Child's. The number of the server that was asked, and whether it was begun for this.
struct Asked {
  Channel report;
  Channel word;
  std::uint64_t server;
  bool is_new;
};

Asked ask(Client& client, const Message& message) {
  const std::lock_guard lock(client.mutex);
  if (client.server && client.server->exit_code()) end_server(client);
  const bool is_new = !client.server;
  if (is_new) begin_server(client);
  auto [ours, theirs] = Channel::pair();
  Channel word = Channel::adopt(ours.handle());
  client.control.send(with_report(message, theirs),
                      Deadline::never());  // a server that is gone does not answer, either
  return {std::move(ours), std::move(word), client.servers, is_new};
}

// The child that answered; it goes on now that there is an object for it. Nothing when nobody answered.
std::optional<Child> take_answer(Asked& asked) {
  Channel::Received answer = asked.report.receive(Deadline::never());
  if (answer.outcome != Channel::Outcome::kDone) return std::nullopt;
  const std::vector<std::byte>& bytes = answer.message.bytes;
  if (!answer.message.handles.empty()) {
    Child child =
        Child::remote(decode<std::int64_t>(bytes), std::move(answer.message.handles.front()), std::move(asked.report));
    asked.word.send(kGoOn, {}, Deadline::never());  // one that was killed meanwhile needs no word
    return child;
  }
  if (bytes.size() >= kLeastRefusal) {
    const auto [code, operation] = decode<Refusal>(bytes);
    throw platform::OsError(operation, code);
  }
  throw ProcessError("the new process ended before it could begin its work");
}

// That server did not answer. Another thread may have found out before, and begun the next one.
void give_up(Client& client, const Asked& asked) {
  const std::lock_guard lock(client.mutex);
  if (client.servers != asked.server) return;
  const std::optional<int> code = end_server(client);
  if (asked.is_new) {
    throw ProcessError("the fork server ended with " + std::to_string(code.value_or(0)) +
                       " before it served: see what it wrote on standard error");
  }
}

}  // namespace

void set_forkserver_preload(std::vector<PreloadFunction> functions) {
  Client& mine = client();
  const std::lock_guard lock(mine.mutex);
  mine.preload = std::move(functions);
}

namespace fork_server {

Child start(const Message& message) {
  Client& mine = client();
  while (true) {
    Asked asked = ask(mine, message);
    try {
      if (std::optional<Child> child = take_answer(asked)) return *std::move(child);
    } catch (...) {
      // Not by closing alone: a process that another thread has forked meanwhile has copies of this end.
      asked.word.send({}, {}, Deadline::passed());
      throw;
    }
    give_up(mine, asked);
  }
}

std::unique_lock<std::mutex> hold() { return std::unique_lock(client().mutex); }

// The thread that locked the mutex is the one that came along, so what it guards is whole, and the copy may be unlocked.
void forget(std::unique_lock<std::mutex>) {
  client().control.close();
  client().server.reset();
}

void stop() {
  const std::lock_guard lock(client().mutex);
  end_server(client());
}

}  // namespace fork_server
}  // namespace mp
