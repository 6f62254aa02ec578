#include "reference/manager.h"

#include <csignal>
#include <mutex>
#include <optional>
#include <thread>

#include "platform/error.h"
#include "platform/life.h"
#include "reference/connection.h"
#include "reference/error.h"
#include "reference/exception.h"
#include "reference/link.h"
#include "reference/managed.h"
#include "reference/managed_pool.h"
#include "reference/token.h"

namespace mp {
namespace {

// An initializer, on its way to the server's process.
struct InitializerBox {
  std::shared_ptr<Target> target;

  void save(Writer& writer) const { save_target(target.get(), writer); }
  void load(Reader& reader) { target = load_target(reader); }
};

enum class Phase { kInitial, kStarted, kShutdown };

// Ends the server with the process that started it. By its own stop() once it serves: a signal would leave its socket behind.
class EndsWithParent {
 public:
  EndsWithParent() {
    std::thread([state = state_] {
      parent_process()->join();
      const std::lock_guard lock(state->mutex);
      if (!state->server) std::raise(SIGTERM);
      state->server->stop();
    }).detach();
  }
  void serves(const Server& server) {
    const std::lock_guard lock(state_->mutex);
    state_->server = server;
  }

 private:
  struct State {
    std::mutex mutex;
    std::optional<Server> server;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

// The life of the server's process. What goes wrong before it serves is told to the parent.
void run_server(Registry registry, Object address, std::string authkey, Connection ready, InitializerBox initializer) {
  std::signal(SIGINT, SIG_IGN);  // it is for those who use it to say when it ends
  EndsWithParent end;
  std::optional<Server> server;
  try {
    if (initializer.target != nullptr) initializer.target->call();
    server.emplace(std::move(registry), address_from(address), authkey);
  } catch (const std::exception& error) {
    ready.send(tuple("#ERROR", exception_object(error)));
    throw SystemExit(1);
  }
  end.serves(*server);
  ready.send(tuple("#RETURN", address_object(server->address())));
  ready.close();
  server->serve_forever();
}

}  // namespace

struct BaseManager::State {
  State(Address address, ManagerOptions options) : options(std::move(options)), address(std::move(address)) {
    authkey = this->options.authkey ? *this->options.authkey : current_process().authkey();
  }
  ~State() {
    try {
      shutdown();
    } catch (const std::exception&) {
      // The server's process goes with this one.
    }
  }

  void demand_initial() const {
    if (phase == Phase::kStarted) throw ProcessError("Already started server");
    if (phase == Phase::kShutdown) throw ProcessError("Manager has shut down");
  }
  void shutdown();
  void end_server();
  Object ask(std::string_view function, List args = {}) const;
  std::shared_ptr<proxy_internal::Link> known_link();

  const ManagerOptions options;
  const platform::Life creator = platform::own_life();
  std::string authkey;
  Registry registry;

  std::mutex ending;  // taken first
  mutable std::mutex mutex;
  Phase phase = Phase::kInitial;
  Address address;
  std::optional<Process> process;
  // Kept, so that who makes one object after the other, each gone before the next, does not connect each time.
  std::shared_ptr<proxy_internal::Link> link;
};

Object BaseManager::State::ask(std::string_view function, List args) const {
  Address where;
  {
    const std::lock_guard lock(mutex);
    if (phase == Phase::kInitial) throw AssertionError("server not yet started");
    where = address;
  }
  return proxy_internal::dispatch(where, authkey, function, std::move(args));
}

std::shared_ptr<proxy_internal::Link> BaseManager::State::known_link() {
  const std::lock_guard lock(mutex);
  if (phase == Phase::kInitial) throw AssertionError("server not yet started");
  if (link == nullptr) link = proxy_internal::Link::to(address, authkey);
  return link;
}

// Who comes second returns when the server has ended, too; others are not kept waiting for it. The process is there for good once it has begun.
void BaseManager::State::shutdown() {
  if (creator != platform::own_life()) return;
  const std::lock_guard one_ends_it(ending);
  std::shared_ptr<proxy_internal::Link> last;
  {
    const std::lock_guard lock(mutex);
    if (!process || phase != Phase::kStarted) return;
    phase = Phase::kShutdown;
    last = std::move(link);
  }
  last.reset();
  if (process->is_alive()) end_server();
}

void BaseManager::State::end_server() {
  const platform::Deadline deadline = options.shutdown_timeout.deadline();
  try {
    proxy_internal::dispatch(address, authkey, "shutdown", {}, {}, options.shutdown_timeout);
  } catch (const std::exception&) {
    // It ends by itself, or is ended now.
  }
  process->join(deadline.is_never() ? Wait::forever() : Wait(deadline.remaining()));
  if (process->is_alive()) {
    process->terminate();
    process->join(options.shutdown_timeout);
  }
  if (process->is_alive()) {
    process->kill();
    process->join();
  }
}

BaseManager::BaseManager(Address address, ManagerOptions options)
    : state_(std::make_shared<State>(std::move(address), std::move(options))) {}
BaseManager::BaseManager(BaseManager&&) noexcept = default;
BaseManager& BaseManager::operator=(BaseManager&&) noexcept = default;
BaseManager::~BaseManager() = default;

Registry& BaseManager::registry() { return state_->registry; }

void BaseManager::start() { start_with(nullptr); }

void BaseManager::start_with(std::unique_ptr<Target> initializer) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  state.demand_initial();
  auto [reader, writer] = Pipe(false);
  ProcessOptions options{.daemon = false, .start_method = state.options.start_method};
  state.process.emplace(options, run_server, state.registry, address_object(state.address), state.authkey, writer,
                        InitializerBox{std::move(initializer)});
  state.process->set_name("Manager-" + state.process->name().substr(state.process->name().rfind('-') + 1));
  try {
    state.process->start();
    writer.close();
    Object answer;
    try {
      answer = reader.recv();
    } catch (const EOFError&) {
      state.process->join();
      throw ProcessError("the server's process ended before it served, with the exit code " +
                         std::to_string(state.process->exitcode().value_or(-1)));
    }
    const auto& parts = answer.get<Tuple>().items;
    if (parts.at(0) == Object("#ERROR")) {
      state.process->join();
      raise_object(parts.at(1));
    }
    state.address = address_from(parts.at(1));
  } catch (...) {
    state.process.reset();
    throw;
  }
  state.phase = Phase::kStarted;
  // Before this process waits for its children, and in the destructor, whichever comes first.
  at_exit([weak = std::weak_ptr<State>(state_)] {
    if (const auto alive = weak.lock()) alive->shutdown();
  });
}

Server BaseManager::get_server() const {
  const std::lock_guard lock(state_->mutex);
  state_->demand_initial();
  return Server(state_->registry, state_->address, state_->authkey);
}

void BaseManager::connect() {
  Address where;
  {
    const std::lock_guard lock(state_->mutex);
    where = state_->address;
  }
  proxy_internal::dispatch(where, state_->authkey, "dummy");
  const std::lock_guard lock(state_->mutex);
  state_->phase = Phase::kStarted;
  state_->link = nullptr;  // it may be of an earlier server at that address
}

void BaseManager::shutdown() {
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->process)
      throw AttributeError("only a manager that was started can be shut down, not one that is new or a client");
  }
  state_->shutdown();
}

void BaseManager::join(Wait timeout) {
  Process* process = nullptr;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->process) process = &*state_->process;
  }
  if (process != nullptr) process->join(timeout);
}

bool BaseManager::is_started() const {
  const std::lock_guard lock(state_->mutex);
  return state_->phase == Phase::kStarted;
}

Address BaseManager::address() const {
  const std::lock_guard lock(state_->mutex);
  return state_->address;
}

Proxy BaseManager::make(std::string_view type_id, List args, Dict kwds) const {
  const Registry::Entry* entry = state_->registry.find(std::string(type_id));
  if (entry == nullptr || !entry->options.create_method) {
    throw AttributeError("the manager has no '" + std::string(type_id) + "' to create: register_type() it");
  }
  return Proxy::create(state_->known_link(), std::string(type_id), std::move(args), std::move(kwds));
}

Object BaseManager::ask(std::string_view function, List args) const { return state_->ask(function, std::move(args)); }

std::size_t BaseManager::number_of_objects() const { return state_->ask("number_of_objects").as<std::size_t>(); }
std::string BaseManager::debug_info() const { return state_->ask("debug_info").as<std::string>(); }

SyncManager::SyncManager(Address address, ManagerOptions options)
    : BaseManager(std::move(address), std::move(options)) {
  register_type<managed::Dict>("dict");
  register_type<managed::List>("list");
  register_type<managed::Namespace>("Namespace");
  register_type<managed::Lock>("Lock");
  register_type<managed::RLock>("RLock");
  register_type<managed::Semaphore>("Semaphore");
  register_type<managed::BoundedSemaphore>("BoundedSemaphore");
  register_type<managed::Condition>("Condition");
  register_type<managed::Event>("Event");
  register_type<managed::Barrier>("Barrier");
  register_type<managed::Queue>("Queue");
  register_type<managed::Queue>("JoinableQueue");
  register_type<managed::Value>("Value");
  register_type<managed::Array>("Array");
  register_type<managed::Pool>("Pool");
  register_type<managed::Iterator>("Iterator", {.create_method = false});
  register_type<managed::AsyncResult>("AsyncResult", {.create_method = false});
}

SyncManager Manager(ManagerOptions options) {
  SyncManager manager({}, std::move(options));
  manager.start();
  return manager;
}

}  // namespace mp
