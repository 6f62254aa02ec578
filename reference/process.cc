#include "reference/process.h"

#include <mutex>
#include <typeinfo>

#include "platform/child.h"
#include "platform/code.h"
#include "platform/cpu.h"
#include "platform/wait.h"
#include "reference/error.h"
#include "reference/fork_hook.h"
#include "reference/fork_server.h"
#include "reference/log_line.h"
#include "reference/process_self.h"

namespace mp {

using platform::Child;
using platform::Deadline;

namespace {

using process_internal::Config;
using process_internal::live;
using process_internal::Self;
using process_internal::State;

void demand(bool condition, const char* text) {
  if (!condition) throw AssertionError(text);
}

[[noreturn]] void refuse_closed() { throw ValueError("this process object is closed"); }

std::string default_name(const std::vector<std::uint64_t>& lineage) {
  std::string name = "Process-";
  for (const std::uint64_t ordinal : lineage) name += (name.back() == '-' ? "" : ":") + std::to_string(ordinal);
  return name;
}

// ---- The three ways to start. ----

// In the copy, the object that was started stands for the process that it is now.
//
// What the child is going to be is made before: it need not touch the heap then, of which each page that it touches is copied.
Child start_by_fork(Process& process, const Config& config) {
  Self& creator = Self::get();
  ParentProcess parent(creator.current->name(), platform::this_pid(), creator.watch());
  auto self = std::make_unique<Self>(config, std::move(parent));
  std::unique_lock no_request = fork_server::hold();
  const process_internal::Forking forking;
  return Child::fork([&] {
    forking.in_child();
    fork_server::forget(std::move(no_request));
    self->take(process);
    Self::become(std::move(self));
    set_start_method("fork", true);
    return live(process);
  });
}

int begin_child(Reader& reader) {
  auto config = reader.read<Config>();
  log_internal::set(reader.read<log_internal::Settings>());
  set_start_method(to_string(reader.read<StartMethod>()), true);
  auto name = reader.read<std::string>();
  const auto pid = reader.read<std::int64_t>();
  auto self = std::make_unique<Self>(std::move(config), ParentProcess(std::move(name), pid, reader.detach()));
  Self::become(std::move(self));
  const auto revive = reader.read<std::unique_ptr<Process> (*)(Reader&)>();
  const std::unique_ptr<Process> process = revive(reader);
  reader.finish();
  Self::get().take(*process);
  return live(*process);
}

// By another road than fork.
template <class Start>
Child start_with_message(const Process& process, const Config& config, StartMethod method, Start start) {
  Self& creator = Self::get();
  Writer writer;
  writer(entry::Function{&begin_child}, config, log_internal::settings(), method, creator.current->name(), platform::this_pid());
  writer.attach(creator.watch());
  Self::save(process, writer);
  Child child = start(writer.take());
  writer.shipped();
  return child;
}

Child start_by(StartMethod method, Process& process, const Config& config) {
  switch (method) {
    case StartMethod::kFork: return start_by_fork(process, config);
    case StartMethod::kSpawn: return start_with_message(process, config, method, entry::spawn);
    case StartMethod::kForkserver: return start_with_message(process, config, method, fork_server::start);
  }
  throw ValueError("there is no such start method");
}

}  // namespace

// ---- Process ----

Process::Process(Options options) : Process(std::move(options), std::unique_ptr<Target>()) {}

Process::Process(Options options, std::unique_ptr<Target> target) : target_(std::move(target)) {
  Self& self = Self::get();
  Config config;
  {
    const std::lock_guard lock(self.state->mutex);
    config = self.state->config;
  }
  {
    const std::lock_guard lock(self.mutex);
    config.lineage.push_back(++self.built);
  }
  config.name = options.name.empty() ? default_name(config.lineage) : std::move(options.name);
  if (options.daemon) config.daemon = *options.daemon;
  config.ends_with_parent = options.ends_with_parent;
  state_ = std::make_shared<State>(std::move(config));
  state_->start_method = options.start_method;
}

Process::Process(std::shared_ptr<State> state) : state_(std::move(state)) {}
Process::Process(Process&&) noexcept = default;
Process& Process::operator=(Process&&) noexcept = default;
Process::~Process() = default;

void Process::run() {
  if (target_) target_->call();
}

void Process::start() {
  Self& self = Self::get();
  State& state = *state_;
  self.living();  // collects the ended ones
  demand(!self.current->daemon(), "daemonic processes are not allowed to have children");
  demand(state.creator == platform::this_pid(), "a process can be started only by the process that built it");
  Config config;
  {
    const std::lock_guard lock(state.mutex);
    if (state.closed) refuse_closed();
    demand(!state.started && !state.is_self, "a process can be started once only: build another object");
    state.started = true;
    config = state.config;
  }
  try {
    const StartMethod method = state.start_method ? *state.start_method : mp::start_method(get_start_method());
    auto child = std::make_shared<Child>(start_by(method, *this, config));
    const std::lock_guard lock(state.mutex);
    state.child = std::move(child);
  } catch (...) {
    const std::lock_guard lock(state.mutex);
    state.started = false;
    try {
      throw;
    } catch (const platform::OsError& error) {
      raise(error);
    }
  }
  self.add(state_);
  // The arguments are the child's now. Kept here as well, the end of a pipe among them would never be closed everywhere.
  target_.reset();
}

namespace {

// Before anything is locked: in a copy of the creator a mutex may be locked for ever, by a thread that did not come along.
void demand_own(const State& state) {
  demand(state.creator == platform::this_pid(),
         "a process can be asked, awaited and ended through this object only by the process that built it");
}

// The child of a process that this process built and started; null when it is not started. Throws for all others.
std::shared_ptr<Child> child_of(const State& state) {
  demand_own(state);
  demand(!state.is_self, "a process can be neither awaited nor ended by itself");
  const std::lock_guard lock(state.mutex);
  if (state.closed) refuse_closed();
  return state.child;
}

void signal(const State& state, void (Child::*send)()) {
  const auto child = child_of(state);
  if (!child) throw AttributeError("a process that was not started cannot be told to end");
  try {
    (child.get()->*send)();
  } catch (const platform::OsError& error) {
    raise(error);
  }
}

}  // namespace

void Process::join(Wait timeout) {
  const Deadline deadline = timeout.deadline();
  const auto child = child_of(*state_);
  demand(child != nullptr, "only a started process can be joined");
  if (child->wait(deadline)) Self::get().discard(state_.get());
}

bool Process::is_alive() const {
  if (state_->is_self) return true;
  const auto child = child_of(*state_);
  if (!child) return false;
  if (!child->exit_code()) return true;
  Self::get().discard(state_.get());
  return false;
}

void Process::terminate() { signal(*state_, &Child::terminate); }

void Process::kill() { signal(*state_, &Child::kill); }

void Process::close() {
  demand_own(*state_);
  const auto child = state_->shared_child();
  const bool has_ended = child && child->exit_code();
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->closed) return;
    // One that is being started has no child yet, and would have it after it was closed.
    if (state_->is_self || (state_->started && !has_ended)) {
      throw ValueError("a process that still runs cannot be closed: join() or terminate() it first");
    }
    state_->closed = true;
    state_->child.reset();
  }
  Self::get().discard(state_.get());
}

std::string Process::name() const {
  const std::lock_guard lock(state_->mutex);
  return state_->config.name;
}

void Process::set_name(std::string name) {
  const std::lock_guard lock(state_->mutex);
  state_->config.name = std::move(name);
}

bool Process::daemon() const {
  const std::lock_guard lock(state_->mutex);
  return state_->config.daemon;
}

void Process::set_daemon(bool daemon) {
  const std::lock_guard lock(state_->mutex);
  demand(!state_->started, "whether a process is daemonic can be changed only before it is started");
  state_->config.daemon = daemon;
}

std::optional<std::int64_t> Process::pid() const {
  if (state_->is_self) return platform::this_pid();
  const std::lock_guard lock(state_->mutex);
  if (state_->closed) refuse_closed();
  if (!state_->child) return std::nullopt;
  return state_->child->pid();
}

std::optional<int> Process::exitcode() const {
  if (state_->is_self) return std::nullopt;
  const auto child = child_of(*state_);
  return child ? child->exit_code() : std::nullopt;
}

platform::NativeHandle Process::sentinel() const {
  const std::lock_guard lock(state_->mutex);
  if (state_->closed) refuse_closed();
  if (!state_->child) throw ValueError("a process that was not started has no sentinel");
  return state_->child->sentinel();
}

std::string Process::authkey() const {
  const std::lock_guard lock(state_->mutex);
  return state_->config.authkey;
}

void Process::set_authkey(std::string key) {
  const std::lock_guard lock(state_->mutex);
  state_->config.authkey = std::move(key);
}

std::string Process::repr() const {
  const auto child = state_->creator == platform::this_pid() ? state_->shared_child() : nullptr;
  const std::optional<int> code = child ? child->exit_code() : std::nullopt;
  const std::lock_guard lock(state_->mutex);
  std::string text = "<Process name='" + state_->config.name + "'";
  if (state_->is_self) {
    text += " pid=" + std::to_string(platform::this_pid()) + " started";
  } else {
    if (state_->child) text += " pid=" + std::to_string(state_->child->pid());
    text += " parent=" + std::to_string(state_->creator);
    if (state_->closed) {
      text += " closed";
    } else if (state_->creator != platform::this_pid()) {
      text += " unknown";
    } else if (!state_->child) {
      text += " initial";
    } else if (code) {
      text += " stopped exitcode=" + std::to_string(*code);
    } else {
      text += " started";
    }
  }
  if (state_->config.daemon) text += " daemon";
  return text + ">";
}

void Process::save_for_child(Writer& writer) const {
  if (typeid(*this) != typeid(Process)) {
    throw PickleError(
        "an object of " + platform::readable_name(typeid(*this)) +
        " can only be forked: derive the class from mp::Subprocess of itself instead of mp::Process, and give it a "
        "serialize() member for what its run() needs");
  }
  writer(static_cast<Revive>(&revive));
  save_target(target_.get(), writer);
}

std::unique_ptr<Process> Process::revive(Reader& reader) {
  auto process = std::make_unique<Process>();
  process->target_ = load_target(reader);
  return process;
}

// ---- The rest ----

bool ParentProcess::is_alive() const {
  const platform::NativeHandle handle = sentinel_.native();
  return platform::wait_any({&handle, 1}, Deadline::passed()).empty();
}

void ParentProcess::join(Wait timeout) const {
  const platform::NativeHandle handle = sentinel_.native();
  platform::wait_any({&handle, 1}, timeout.deadline());
}

Process& current_process() { return *Self::get().current; }

const ParentProcess* parent_process() {
  const auto& parent = Self::get().parent;
  return parent ? &*parent : nullptr;
}

std::vector<Process> active_children() {
  std::vector<Process> result;
  for (auto& state : Self::get().living()) result.push_back(Self::handle_for(std::move(state)));
  return result;
}

int cpu_count() {
  const int count = platform::cpu_count();
  if (count == 0) throw NotImplementedError("this system does not tell how many processors it has");
  return count;
}

int usable_cpu_count() { return platform::usable_cpu_count(); }

void exit(int code) { throw SystemExit(code); }
void exit(const std::string& text) { throw SystemExit(text); }

void at_exit(std::function<void()> action) {
  Self& self = Self::get();
  const std::lock_guard lock(self.mutex);
  self.exit_handlers.push_back(std::move(action));
}

}  // namespace mp
