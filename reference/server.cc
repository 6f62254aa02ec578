#include "reference/server.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "platform/error.h"
#include "reference/caller.h"
#include "reference/connection.h"
#include "reference/error.h"
#include "reference/exception.h"
#include "reference/listener.h"
#include "reference/managed.h"
#include "reference/object.h"
#include "reference/token.h"

namespace mp {
namespace {

// How many may wait before they are accepted: a whole machine's processes at once.
constexpr int kBacklog = 128;
constexpr std::chrono::milliseconds kPause(20);

Object message(const char* kind, Object value) { return tuple(kind, std::move(value)); }

std::string described(const std::exception& error) {
  const std::string text = error.what();
  return names_of(error).front() + (text.empty() ? "" : ": " + text) + "\n";
}

// One request: (id, method, args, kwds).
struct Request {
  Object id;
  std::string method;
  Arguments arguments;

  static Request from(const Object& object) {
    const auto* tuple = object.get_if<Tuple>();
    if (tuple == nullptr || tuple->items.size() != 4) throw ValueError("a request is (id, method, args, kwds), not " + object.repr().substr(0, 200));
    const auto& items = tuple->items;
    const auto* list = items[2].get_if<List>();
    Request request{items[0], items[1].as<std::string>(), {list != nullptr ? *list : items[2].get<Tuple>().items, items[3].get<Dict>()}};
    for (const Dict::Entry& entry : request.arguments.kwds) entry.key.get<std::string>();
    return request;
  }
};

// An object, and what clients may do with it.
struct Referent {
  Instantiated object;
  std::shared_ptr<const Description> type;
  std::set<std::string, std::less<>> exposed;
};

// The references that belong to one connection: they end with it.
using Ties = std::map<std::string, std::uint64_t>;

}  // namespace

class Server::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(Registry registry, const Address& address, const std::string& authkey)
      : registry_(std::move(registry)), listener_(address, {.backlog = kBacklog, .authkey = authkey}) {}

  const Address& address() const { return listener_.address(); }
  void serve_forever();
  void stop();

 private:
  class Session;

  bool is_stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }
  void accept_all();
  std::shared_ptr<const Referent> find(const std::string& id) const;
  std::pair<std::string, std::vector<std::string>> create(const std::string& type_id, const Arguments& arguments, const Result* given,
                                                          Ties* ties);
  void incref(const std::string& id, Ties* ties);
  void adopt(const std::string& id, Ties& ties);
  void decref(const std::string& id, Ties* ties);
  void keep_nested(const Object& object, unsigned depth = 0);
  Instantiated resolve(const Object& object) const;
  Instantiated make_condition(const Arguments& arguments) const;
  std::string debug_info() const;

  const Registry registry_;
  const Listener listener_;

  // Guards what follows. Never held while a method of an object runs, or an object ends.
  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::uint64_t last_id_ = 0;
  std::map<std::string, std::shared_ptr<const Referent>> objects_;
  std::map<std::string, std::uint64_t> references_;
  std::map<const void*, std::string> ids_;
  // What a proxy in our own containers stands for: it lives as long as the server, as nobody counts the copies of data.
  std::map<std::string, std::shared_ptr<const Referent>> nested_;
};

// One connection, and the thread that serves it.
class Server::Core::Session {
 public:
  Session(std::shared_ptr<Core> core, Connection connection) : core_(std::move(core)), connection_(std::move(connection)) {}

  void run() {
    const Caller caller([this] { return is_gone(); });
    try {
      begin();
    } catch (const CallerGone&) {
    } catch (const std::exception&) {
      // The connection broke, or what came on it is no message.
    }
    for (auto& [id, count] : ties_) {
      for (; count > 0; --count) core_->decref(id, nullptr);
    }
    connection_.close();
  }

 private:
  Object receive() {
    if (!early_) return connection_.recv();
    Object request = std::move(*early_);
    early_.reset();
    return request;
  }
  // While a method waits. A client may not, but might, send its next request before it has the answer to this one.
  bool is_gone() {
    if (early_) return false;
    try {
      early_ = connection_.recv(Wait::none());
      return false;
    } catch (const TimeoutError&) {
      return false;
    } catch (const PickleError&) {
      return true;
    } catch (const Error&) {
      return true;
    }
  }

  void begin() {
    std::optional<Request> request;
    try {
      request = Request::from(receive());
    } catch (const EOFError&) {
      return;
    } catch (const OSError&) {
      return;
    } catch (const Error& error) {
      return connection_.send(message("#TRACEBACK", described(error)));
    }
    if (request->method == "accept_connection") {
      connection_.send(message("#RETURN", nullptr));
      return serve();
    }
    send(answer_public(*request, nullptr));
    after_answer(*request);
  }

  // Whoever is told that the server ends is told so before it does.
  void after_answer(const Request& request) {
    if (request.method == "shutdown" && request.id.is_none()) core_->stop();
  }

  void serve() {
    while (!core_->is_stopping()) {
      Object answer;
      std::optional<Request> request;
      try {
        request = Request::from(receive());
      } catch (const EOFError&) {
        return;
      } catch (const OSError&) {
        return;
      } catch (const Error& error) {
        answer = message("#TRACEBACK", described(error));
      }
      if (request) answer = request->id.is_none() ? answer_public(*request, &ties_) : answer_method(*request);
      send(answer);
      if (request) after_answer(*request);
    }
  }

  void send(const Object& answer) {
    try {
      connection_.send(answer);
    } catch (const PickleError& error) {
      connection_.send(message("#UNSERIALIZABLE", described(error)));
    }
  }

  Object answer_public(const Request& request, Ties* ties) {
    try {
      return message("#RETURN", call_public(request, ties));
    } catch (const std::exception& error) {
      return message("#TRACEBACK", described(error));
    }
  }

  Object call_public(const Request& request, Ties* ties) {
    const auto& [id, method, arguments] = request;
    const auto argument = [&arguments = arguments](std::size_t place) -> const Object& {
      if (place >= arguments.args.size()) throw TypeError("the request needs more arguments");
      return arguments.args[place];
    };
    if (method == "dummy" || method == "shutdown") return nullptr;
    if (method == "number_of_objects") {
      const std::lock_guard lock(core_->mutex_);
      return core_->references_.size();
    }
    if (method == "debug_info") return core_->debug_info();
    if (method == "incref") return core_->incref(argument(0).as<std::string>(), ties), Object();
    if (method == "decref") return core_->decref(argument(0).as<std::string>(), ties), Object();
    if (method == "adopt" && ties != nullptr) return core_->adopt(argument(0).as<std::string>(), *ties), Object();
    if (method == "get_methods") {
      const auto referent = core_->find(Token::from(argument(0)).id);
      if (referent == nullptr) throw KeyError(Token::from(argument(0)).id);
      return names_object({referent->exposed.begin(), referent->exposed.end()});
    }
    if (method == "create") {
      Arguments rest = arguments;
      const std::string type_id = argument(0).as<std::string>();
      rest.args.erase(rest.args.begin());
      const auto [ident, exposed] = core_->create(type_id, rest, nullptr, ties);
      return tuple(ident, names_object(exposed));
    }
    throw AssertionError("'" + method + "' unrecognized");
  }

  Object answer_method(const Request& request) {
    try {
      const auto referent = core_->find(request.id.as<std::string>());
      if (referent == nullptr) throw KeyError(request.id.repr());
      const auto method = referent->type->methods.find(request.method);
      if (!referent->exposed.contains(request.method) || method == referent->type->methods.end()) return fall_back(*referent, request);
      core_->keep_nested(Tuple{request.arguments.args});
      core_->keep_nested(request.arguments.kwds);
      return call(*referent, method->second, request);
    } catch (const std::exception& error) {
      return message("#TRACEBACK", described(error));
    }
  }

  Object call(const Referent& referent, const Description::Method& method, const Request& request) {
    Result result;
    try {
      result = method(referent.object.object.get(), request.arguments);
    } catch (const std::exception& error) {
      return message("#ERROR", exception_object(error));
    }
    const auto type_id = referent.type->method_to_typeid.find(request.method);
    if (type_id != referent.type->method_to_typeid.end()) {
      const auto [ident, exposed] = core_->create(type_id->second, {}, &result, nullptr);
      return message("#PROXY", tuple(names_object(exposed), Token{type_id->second, core_->address(), ident}.object()));
    }
    if (result.object.object != nullptr) throw PickleError("the result of " + request.method + "() is an object, and stays in the server");
    return message("#RETURN", std::move(result.value));
  }

  // What every object has, exposed or not.
  Object fall_back(const Referent& referent, const Request& request) {
    void* const self = referent.object.object.get();
    const Description& type = *referent.type;
    if (request.method == "__str__" || request.method == "__repr__") {
      return message("#RETURN", type.repr ? type.repr(self) : "<" + type.name + " object>");
    }
    if (request.method == "#GETVALUE") {
      if (!type.value) return message("#UNSERIALIZABLE", "PickleError: cannot pickle '" + type.name + "' object\n");
      return message("#RETURN", type.value(self));
    }
    std::string exposed;
    for (const std::string& name : referent.exposed) exposed += (exposed.empty() ? "'" : ", '") + name + "'";
    throw AttributeError("method '" + request.method + "' of '" + type.name + "' object is not in exposed={" + exposed + "}");
  }

  const std::shared_ptr<Core> core_;
  const Connection connection_;
  std::optional<Object> early_;
  Ties ties_;
};

void Server::Core::serve_forever() {
  std::thread accepting([this] { accept_all(); });
  {
    std::unique_lock lock(mutex_);
    stopped_.wait(lock, [&] { return stopping_; });
  }
  listener_.close();
  accepting.join();
}

void Server::Core::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  stopped_.notify_all();
}

void Server::Core::accept_all() {
  while (!is_stopping()) {
    try {
      auto session = std::make_shared<Session>(shared_from_this(), listener_.accept());
      std::thread([session] { session->run(); }).detach();
    } catch (const AuthenticationError&) {
      // Told so already.
    } catch (const std::exception&) {
      // Closed, which ends the loop; or the system has no more handles or threads, and somebody has to go first.
      std::unique_lock lock(mutex_);
      stopped_.wait_for(lock, kPause, [&] { return stopping_; });
    }
  }
}

std::shared_ptr<const Referent> Server::Core::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = objects_.find(id); found != objects_.end()) return found->second;
  if (const auto found = nested_.find(id); found != nested_.end()) return found->second;
  return nullptr;
}

// The object that a proxy of ours stands for.
Instantiated Server::Core::resolve(const Object& object) const {
  const auto recipe = ProxyRecipe::from(object);
  if (!recipe || !(recipe->token.address == address())) return {};
  const auto referent = find(recipe->token.id);
  return referent == nullptr ? Instantiated() : referent->object;
}

// Condition(lock), where the lock is one of ours behind its proxy.
Instantiated Server::Core::make_condition(const Arguments& arguments) const {
  const Object* given = arguments.args.empty() ? arguments.kwds.find("lock") : &arguments.args[0];
  std::shared_ptr<managed::Mutex> lock;
  if (given == nullptr || given->is_none()) {
    lock = std::make_shared<managed::RLock>();
  } else {
    const Instantiated found = resolve(*given);
    if (found.type == typeid(managed::Lock)) lock = std::static_pointer_cast<managed::Lock>(found.object);
    if (found.type == typeid(managed::RLock)) lock = std::static_pointer_cast<managed::RLock>(found.object);
    if (lock == nullptr) throw AttributeError("the lock of a Condition is a Lock or RLock of the same manager");
  }
  return {std::make_shared<managed::Condition>(std::move(lock)), typeid(managed::Condition)};
}

std::pair<std::string, std::vector<std::string>> Server::Core::create(const std::string& type_id, const Arguments& arguments,
                                                                      const Result* given, Ties* ties) {
  const Registry::Entry* entry = registry_.find(type_id);
  if (entry == nullptr) throw KeyError("'" + type_id + "'");
  keep_nested(Tuple{arguments.args});
  keep_nested(arguments.kwds);
  auto type = std::make_shared<Description>(entry->description());
  Instantiated object;
  if (given != nullptr && given->object.object != nullptr) {
    object = given->object;
    if (type->type != object.type) throw TypeError("what the method gave is no '" + type_id + "'");
  } else if (type->type == typeid(managed::Condition)) {
    object = make_condition(arguments);
  } else {
    if (!type->make) throw ValueError("no object of '" + type_id + "' can be made by its name");
    object = type->make(given != nullptr ? Arguments{{given->value}, {}} : arguments);
  }
  auto exposed = type->exposed.empty() ? type->public_methods() : type->exposed;
  for (const auto& [method, _] : type->method_to_typeid) {
    if (std::ranges::find(exposed, method) == exposed.end()) exposed.push_back(method);
  }
  const std::lock_guard lock(mutex_);
  std::string& id = ids_[object.object.get()];
  if (id.empty()) {
    char text[32];
    std::snprintf(text, sizeof(text), "%llx", static_cast<unsigned long long>(++last_id_));
    id = text;
  }
  objects_[id] = std::make_shared<const Referent>(Referent{object, std::move(type), {exposed.begin(), exposed.end()}});
  ++references_[id];
  if (ties != nullptr) ++(*ties)[id];
  return {id, exposed};
}

void Server::Core::incref(const std::string& id, Ties* ties) {
  const std::lock_guard lock(mutex_);
  if (!references_.contains(id)) {
    // Nobody outside had it any more, but a container of ours still has.
    const auto nested = nested_.find(id);
    if (nested == nested_.end()) throw KeyError("'" + id + "'");
    objects_[id] = nested->second;
  }
  ++references_[id];
  if (ties != nullptr) ++(*ties)[id];
}

void Server::Core::adopt(const std::string& id, Ties& ties) {
  const std::lock_guard lock(mutex_);
  if (!references_.contains(id)) throw KeyError("'" + id + "'");
  ++ties[id];
}

void Server::Core::decref(const std::string& id, Ties* ties) {
  std::shared_ptr<const Referent> last;  // ends without the mutex
  const std::lock_guard lock(mutex_);
  const auto found = references_.find(id);
  if (found == references_.end()) {
    if (nested_.contains(id)) return;
    throw KeyError("'" + id + "'");
  }
  if (ties != nullptr) {
    if (const auto tied = ties->find(id); tied != ties->end() && --tied->second == 0) ties->erase(tied);
  }
  if (--found->second > 0) return;
  references_.erase(found);
  last = std::move(objects_.at(id));
  objects_.erase(id);
  if (!nested_.contains(id)) ids_.erase(last->object.object.get());
}

// A proxy of ours in data that is about to be kept: what it stands for must not end before.
void Server::Core::keep_nested(const Object& object, unsigned depth) {
  if (depth > 100) return;
  if (const auto* list = object.get_if<List>()) {
    for (const Object& item : *list) keep_nested(item, depth + 1);
  } else if (const auto* tuple = object.get_if<Tuple>()) {
    for (const Object& item : tuple->items) keep_nested(item, depth + 1);
  } else if (const auto* dict = object.get_if<Dict>()) {
    for (const auto& entry : *dict) keep_nested(entry.value, depth + 1);
  } else if (object.get_if<Instance>() != nullptr) {
    const auto recipe = ProxyRecipe::from(object);
    if (!recipe || !(recipe->token.address == address())) return;
    const std::lock_guard lock(mutex_);
    if (const auto found = objects_.find(recipe->token.id); found != objects_.end()) nested_.insert(*found);
  }
}

std::string Server::Core::debug_info() const {
  std::map<std::string, std::pair<std::uint64_t, std::shared_ptr<const Referent>>> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, count] : references_) all[id] = {count, objects_.at(id)};
  }
  std::string text;
  for (const auto& [id, entry] : all) {
    const auto& [count, referent] = entry;
    const Description& type = *referent->type;
    const std::string printed = type.repr ? type.repr(referent->object.object.get()) : "<" + type.name + " object>";
    text += (text.empty() ? "  " : "\n  ") + id + ":       refcount=" + std::to_string(count) + "\n    " + printed.substr(0, 75);
  }
  return text;
}

Server::Server(Registry registry, const Address& address, const std::string& authkey)
    : core_(std::make_shared<Core>(std::move(registry), address, authkey)) {}

const Address& Server::address() const { return core_->address(); }
void Server::serve_forever() const { core_->serve_forever(); }
void Server::stop() const { core_->stop(); }

}  // namespace mp
