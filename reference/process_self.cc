#include "reference/process_self.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include "reference/fork_server.h"
#include "reference/log_line.h"

namespace mp::process_internal {
namespace {

using platform::Child;
using platform::Deadline;

// How long a daemonic process may take to obey terminate(), before its creator, which is about to end, kills it.
constexpr std::chrono::seconds kGrace{1};

std::string random_key() {
  std::random_device device;
  std::string key(32, '\0');
  for (char& byte : key) byte = static_cast<char>(device());
  return key;
}

// At the end of the main process. Only there: a copy that the program made by a fork of its own has no children.
void end_main() {
  Self& self = Self::get();
  if (self.state->creator != platform::this_pid()) return;
  self.run_exit_handlers();
  self.end_children();
  fork_server::stop();
}

std::atomic<Self*> the_self = nullptr;

Self* begin_main() {
  auto* const self = new Self(Config{"MainProcess", false, false, random_key(), {}}, std::nullopt);
  the_self = self;
  std::atexit(end_main);
  return self;
}

// A thread, as no system call does just this: Linux can send a signal when the parent's thread ends that happened to call start().
void end_with_parent() {
  std::thread([] {
    parent_process()->join();
    std::raise(SIGTERM);
  }).detach();
}

}  // namespace

Self& Self::get() {
  if (Self* const self = the_self.load(std::memory_order_acquire)) return *self;
  static Self* const kMain = begin_main();
  return *kMain;
}

// In a new process, which has no other threads yet. It stays as long as the process: other threads may use it until the end.
void Self::become(std::unique_ptr<Self> self) { the_self = self.release(); }

void Self::take(Process& process) {
  before = std::exchange(process.state_, state);
  current = &process;
  built = 0;
}

platform::Handle Self::watch() {
  const std::lock_guard lock(mutex);
  if (!handle) handle = platform::this_process();
  return handle.duplicate();
}

void Self::add(std::shared_ptr<State> child) {
  const std::lock_guard lock(mutex);
  children.push_back(std::move(child));
}

void Self::discard(const State* child) {
  const std::lock_guard lock(mutex);
  std::erase_if(children, [&](const auto& each) { return each.get() == child; });
}

std::vector<std::shared_ptr<State>> Self::living() {
  std::vector<std::shared_ptr<State>> all;
  {
    const std::lock_guard lock(mutex);
    all = children;
  }
  std::erase_if(all, [this](const auto& each) {
    const auto child = each->shared_child();
    if (child && !child->wait(Deadline::passed())) return false;
    discard(each.get());
    return true;
  });
  return all;
}

void Self::run_exit_handlers() {
  while (true) {
    std::function<void()> handler;
    {
      const std::lock_guard lock(mutex);
      if (exit_handlers.empty()) return;
      handler = std::move(exit_handlers.back());
      exit_handlers.pop_back();
    }
    entry::exit_code_of(state->config.name, handler);
  }
}

// Daemonic children are told to end, the others are awaited, and who does not obey is killed: none is left behind.
void Self::end_children() {
  std::vector<std::shared_ptr<Child>> daemons, others;
  for (const auto& each : living()) {
    const std::lock_guard lock(each->mutex);
    if (each->child) (each->config.daemon ? daemons : others).push_back(each->child);
  }
  for (const auto& child : daemons) child->terminate();
  for (const auto& child : others) child->wait(Deadline::never());
  const Deadline patience = Deadline::after(kGrace);
  for (const auto& child : daemons) {
    if (child->wait(patience)) continue;
    child->kill();
    child->wait(Deadline::never());
  }
}

int live(Process& process) {
  Self& self = Self::get();
  if (self.state->config.ends_with_parent) end_with_parent();
  constexpr int kInfo = 20;
  log_internal::write(kInfo, process.name(), "child process calling self.run()");
  const int code = entry::exit_code_of(process.name(), [&] { process.run(); });
  self.run_exit_handlers();
  self.end_children();
  fork_server::stop();
  log_internal::write(kInfo, process.name(), "process exiting with exitcode " + std::to_string(code));
  return code;
}

}  // namespace mp::process_internal
