#include "reference/session.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "reference/caller.h"
#include "reference/error.h"
#include "reference/exception.h"
#include "reference/token.h"

namespace mp {
namespace {

Object message(const char* kind, Object value) { return tuple(kind, std::move(value)); }

std::string described(const std::exception& error) {
  const std::string text = error.what();
  return names_of(error).front() + (text.empty() ? "" : ": " + text) + "\n";
}

}  // namespace

// One request: (id, method, args, kwds).
struct Session::Request {
  Object id;
  std::string method;
  Arguments arguments;

  static Request from(const Object& object) {
    const auto* tuple = object.get_if<Tuple>();
    if (tuple == nullptr || tuple->items.size() != 4)
      throw ValueError("a request is (id, method, args, kwds), not " + object.brief());
    const auto& items = tuple->items;
    const auto* list = items[2].get_if<List>();
    Request request{items[0], items[1].as<std::string>(), {}};
    request.arguments = {list != nullptr ? *list : items[2].get<Tuple>().items, items[3].get<Dict>()};
    for (const Dict::Entry& entry : request.arguments.kwds) entry.key.get<std::string>();
    return request;
  }
};

void Session::run() {
  const Caller caller([this] { return is_gone(); });
  try {
    begin();
  } catch (...) {
    // CallerGone; or the connection broke, or what came on it is no message, or a method threw what is no exception.
  }
  objects_->release(told_);
  objects_->release(ties_);
  connection_.close();
}

Object Session::receive() {
  if (!early_) return connection_.get().recv();
  Object request = std::move(*early_);
  early_.reset();
  return request;
}

// While a method waits. A client may not, but might, send its next request before it has the answer to this one.
bool Session::is_gone() {
  if (early_) return false;
  if (!connection_.is_own()) return false;  // in a child that a method has forked: it has no client
  try {
    early_ = connection_.get().recv(Wait::none());
    return false;
  } catch (const TimeoutError&) {
    return false;
  } catch (const PickleError&) {
    return true;
  } catch (const Error&) {
    return true;
  }
}

// Nothing when the client has hung up; nothing, and a complaint, for what makes no sense.
std::optional<Session::Request> Session::next(Object& complaint) {
  try {
    return Request::from(receive());
  } catch (const EOFError&) {
  } catch (const OSError&) {
  } catch (const Error& error) {
    complaint = message("#TRACEBACK", described(error));
  }
  return std::nullopt;
}

void Session::begin() {
  Object complaint;
  const std::optional<Request> request = next(complaint);
  if (!request) {
    if (!complaint.is_none()) connection_.get().send(complaint);
    return;
  }
  if (request->method == "accept_connection") {
    connection_.get().send(message("#RETURN", nullptr));
    return serve();
  }
  answer(*request);
}

// What was made belongs to this session until its client has been told of it: one that died meanwhile never gives it back. (A client may hear
// of it and die before it says whose it is: ours has made it on a connection that it belongs to, see Link.)
//
// Whoever is told that the server ends is told so before it does.
void Session::answer(const Request& request) {
  const Object answer = serves_ && !request.id.is_none() ? answer_method(request) : answer_public(request);
  if (!told_.empty() && is_gone()) throw CallerGone();  // not every system tells who sends
  send(answer);
  told_.clear();
  if (request.method == "shutdown" && request.id.is_none()) host_.stop();
}

void Session::serve() {
  serves_ = true;
  while (!host_.is_stopping()) {
    Object complaint;
    const std::optional<Request> request = next(complaint);
    if (!request) {
      if (complaint.is_none()) return;
      send(complaint);
      continue;
    }
    answer(*request);
  }
}

void Session::send(const Object& answer) {
  try {
    connection_.get().send(answer);
  } catch (const PickleError& error) {
    connection_.get().send(message("#UNSERIALIZABLE", described(error)));
  }
}

Object Session::answer_public(const Request& request) {
  try {
    return message("#RETURN", call_public(request));
  } catch (const std::exception& error) {
    return message("#TRACEBACK", described(error));
  }
}

Object Session::call_public(const Request& request) {
  const auto& [id, method, arguments] = request;
  Objects::Ties* const ties = serves_ ? &ties_ : &told_;
  const auto argument = [&arguments = arguments](std::size_t place) -> const Object& {
    if (place >= arguments.args.size()) throw TypeError("the request needs more arguments");
    return arguments.args[place];
  };
  if (method == "dummy") return nullptr;
  // Before the answer: whoever is told that the server ends finds its blocks gone.
  if (method == "shutdown") return host_.segments->remove_all(), Object();
  if (method == "number_of_objects") return objects_->size();
  if (method == "debug_info") return objects_->debug_info();
  if (method == "incref") return objects_->incref(argument(0).as<std::string>(), ties), Object();
  if (method == "decref") return objects_->decref(argument(0).as<std::string>(), ties), Object();
  if (method == "adopt" && serves_) return objects_->adopt(argument(0).as<std::string>(), ties_), Object();
  if (method == "track_segment") return host_.segments->track(argument(0).as<std::string>()), Object();
  if (method == "release_segment") return host_.segments->release(argument(0).as<std::string>()), Object();
  if (method == "list_segments") {
    const std::vector<std::string> names = host_.segments->names();
    return List(names.begin(), names.end());
  }
  if (method == "get_methods") {
    const auto referent = objects_->find(Token::from(argument(0)).id);
    if (referent == nullptr) throw KeyError(Token::from(argument(0)).id);
    return names_object({referent->exposed.begin(), referent->exposed.end()});
  }
  if (method == "create") {
    Arguments rest = arguments;
    const std::string type_id = argument(0).as<std::string>();
    rest.args.erase(rest.args.begin());
    const auto [ident, exposed] = objects_->create(type_id, rest, ties);
    return tuple(ident, names_object(exposed));
  }
  throw AssertionError("'" + method + "' unrecognized");
}

Object Session::answer_method(const Request& request) {
  try {
    const auto referent = objects_->find(request.id.as<std::string>());
    if (referent == nullptr) throw KeyError(request.id.brief());
    const auto method = referent->type->methods.find(request.method);
    if (!referent->exposed.contains(request.method) || method == referent->type->methods.end())
      return fall_back(*referent, request);
    objects_->keep_nested(Tuple{request.arguments.args});
    objects_->keep_nested(request.arguments.kwds);
    return call(*referent, method->second, request);
  } catch (const std::exception& error) {
    return message("#TRACEBACK", described(error));
  }
}

Object Session::call(const Objects::Referent& referent, const Description::Method& method, const Request& request) {
  Result result;
  try {
    result = method(referent.object.object.get(), request.arguments);
  } catch (const std::exception& error) {
    return message("#ERROR", exception_object(error));
  }
  const auto type_id = referent.type->method_to_typeid.find(request.method);
  if (type_id != referent.type->method_to_typeid.end()) {
    const auto [ident, exposed] = objects_->create_from(type_id->second, result, &told_);
    return message("#PROXY", tuple(names_object(exposed), Token{type_id->second, objects_->address(), ident}.object()));
  }
  if (result.object.object != nullptr)
    throw PickleError("the result of " + request.method + "() is an object, and stays in the server");
  return message("#RETURN", std::move(result.value));
}

// What every object has, exposed or not.
Object Session::fall_back(const Objects::Referent& referent, const Request& request) {
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
  throw AttributeError("method '" + request.method + "' of '" + type.name + "' object is not in exposed={" + exposed +
                       "}");
}

}  // namespace mp
