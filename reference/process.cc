#include "reference/process.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>
#include <typeinfo>

#include "platform/child.h"
#include "platform/code.h"
#include "platform/cpu.h"
#include "platform/wait.h"
#include "reference/error.h"
#include "reference/fork_hook.h"
#include "reference/fork_server.h"
#include "reference/log_line.h"

namespace mp {

using platform::Child;
using platform::Deadline;

namespace process_internal {

// What a process is told about itself, and passes on to its children.
struct Config {
  std::string name;
  bool daemon = false;
  bool ends_with_parent = false;
  std::string authkey;
  std::vector<std::uint64_t> lineage;  // its ordinal among the children of its creator, below the creator's own

  template <class Archive>
  void serialize(Archive& archive) {
    archive(name, daemon, ends_with_parent, authkey, lineage);
  }
};

// Stands for one process in its creator, or for the process itself in itself.
struct State {
  explicit State(Config initial, bool is_self = false)
      : creator(platform::this_pid()), is_self(is_self), config(std::move(initial)) {}

  const std::int64_t creator;
  const bool is_self;
  std::optional<StartMethod> start_method;

  // Guards what follows; never held during anything that waits or forks. Who uses the child keeps it alive by a pointer of its own.
  mutable std::mutex mutex;
  Config config;
  bool started = false;
  bool closed = false;
  std::shared_ptr<Child> child;
};

// What a process knows of itself and of its children. There is one at a time; a forked child makes a new one and never looks
// at the old one again, whose mutex another thread of its parent may have held.
struct Self {
  static Self& get();
  static void become(std::unique_ptr<Self> self);
  // From now on `process` is what current_process() gives.
  void take(Process& process);
  static void save(const Process& process, Writer& writer) { process.save_for_child(writer); }
  static Process handle_for(std::shared_ptr<State> state) { return Process(std::move(state)); }

  Self(Config config, std::optional<ParentProcess> parent_process)
      : state(std::make_shared<State>(std::move(config), true)), parent(std::move(parent_process)), own(state) {}

  // The handle by which children watch this process; a copy of it.
  platform::Handle watch();
  void add(std::shared_ptr<State> child);
  void discard(const State* child);
  // Those that still run; those that do not are dropped.
  std::vector<std::shared_ptr<State>> living();
  void run_exit_handlers();
  void end_children();

  const std::shared_ptr<State> state;
  const std::optional<ParentProcess> parent;
  std::shared_ptr<State> before;  // what stood for this process in its creator; to free it costs a copied page or two
  Process own;                    // for as long as there is no other
  Process* current = &own;

  std::mutex mutex;  // guards what follows; never held during anything that waits or forks
  platform::Handle handle;
  std::uint64_t built = 0;
  std::vector<std::shared_ptr<State>> children;
  std::vector<std::function<void()>> exit_handlers;
};

}  // namespace process_internal

namespace {

using process_internal::Config;
using process_internal::Self;
using process_internal::State;

// How long a daemonic process may take to obey terminate(), before its creator, which is about to end, kills it.
constexpr std::chrono::seconds kGrace{1};

std::string random_key() {
  std::random_device device;
  std::string key(32, '\0');
  for (char& byte : key) byte = static_cast<char>(device());
  return key;
}

void demand(bool condition, const char* text) {
  if (!condition) throw AssertionError(text);
}

[[noreturn]] void refuse_closed() { throw ValueError("this process object is closed"); }

std::string default_name(const std::vector<std::uint64_t>& lineage) {
  std::string name = "Process-";
  for (const std::uint64_t ordinal : lineage) name += (name.back() == '-' ? "" : ":") + std::to_string(ordinal);
  return name;
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

// The whole life of a child, once it knows who it is.
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

}  // namespace

namespace process_internal {

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
  const std::lock_guard lock(mutex);
  std::erase_if(children, [](const auto& each) { return each->child->exit_code().has_value(); });
  return children;
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
  const auto is_daemon = [](const std::shared_ptr<State>& child) {
    const std::lock_guard lock(child->mutex);
    return child->config.daemon;
  };
  std::vector<std::shared_ptr<State>> all = living();
  if (all.empty()) return;
  const auto daemons = std::partition(all.begin(), all.end(), [&](const auto& child) { return !is_daemon(child); });
  std::for_each(daemons, all.end(), [](const auto& child) { child->child->terminate(); });
  std::for_each(all.begin(), daemons, [](const auto& child) { child->child->wait(Deadline::never()); });
  const Deadline patience = Deadline::after(kGrace);
  std::for_each(daemons, all.end(), [&](const auto& child) {
    if (child->child->wait(patience)) return;
    child->child->kill();
    child->child->wait(Deadline::never());
  });
}

}  // namespace process_internal

namespace {

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

platform::Message message_for(const Process& process, const Config& config, StartMethod method) {
  Self& creator = Self::get();
  Writer writer;
  writer(entry::Function{&begin_child}, config, log_internal::settings(), method, creator.current->name(), platform::this_pid());
  writer.attach(creator.watch());
  Self::save(process, writer);
  return writer.take();
}

Child start_by(StartMethod method, Process& process, const Config& config) {
  switch (method) {
    case StartMethod::kFork: return start_by_fork(process, config);
    case StartMethod::kSpawn: return entry::spawn(message_for(process, config, method));
    case StartMethod::kForkserver: return fork_server::start(message_for(process, config, method));
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
  Config config;
  {
    const std::lock_guard lock(state.mutex);
    if (state.closed) refuse_closed();
    demand(!state.started && !state.is_self, "a process can be started once only: build another object");
    demand(state.creator == platform::this_pid(), "a process can be started only by the process that built it");
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

// The child of a process that this process built and started; null when it is not started. Throws for all others.
std::shared_ptr<Child> child_of(const State& state) {
  const std::lock_guard lock(state.mutex);
  if (state.closed) refuse_closed();
  demand(!state.is_self && state.creator == platform::this_pid(),
         "a process can be asked, awaited and ended through this object only by the process that built it");
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
  std::shared_ptr<Child> child;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->closed) return;
    if (state_->is_self || (state_->child && !state_->child->exit_code())) {
      throw ValueError("a process that still runs cannot be closed: join() or terminate() it first");
    }
    state_->closed = true;
    child = std::move(state_->child);
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
    } else if (const auto code = state_->child->exit_code()) {
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
