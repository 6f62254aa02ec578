#include "conformance/adapters/cpp/kit.h"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "conformance/adapters/cpp/own_process.h"
#include "conformance/adapters/cpp/session.h"

namespace mp::conformance {
namespace {

using kit_internal::Entries;
using kit_internal::Entry;
using kit_internal::Table;

const Entry& offered(const Entries& entries, const std::string& name, const std::string& owner) {
  const auto found = entries.find(name);
  if (found == entries.end()) throw NotOffered{owner + " has no " + name};
  return found->second;
}

Value run(const Entry& entry, std::optional<Kept> on, const Values& args, const Kwargs& kwargs, Handles& handles) {
  Call call(std::move(on), Args(entry.signature, args, kwargs, handles));
  return entry.action(call);
}

const Table& table_of(const std::map<std::type_index, Table>& tables, const Kept& object) {
  const auto found = tables.find(object.type());
  if (found == tables.end()) throw NotOffered{"nothing is offered on this object"};
  return found->second;
}

}  // namespace

Value Adapter::make_object(const std::string& name, const Values& args, const Kwargs& kwargs, Handles& handles) const {
  return run(offered(makers_, name, implementer_.about.name), std::nullopt, args, kwargs, handles);
}

Value Adapter::call_function(const std::string& name, const Values& args, const Kwargs& kwargs, Handles& handles) const {
  return run(offered(functions_, name, implementer_.about.name), std::nullopt, args, kwargs, handles);
}

Value Adapter::call_method(Handle on, const std::string& name, const Values& args, const Kwargs& kwargs, Handles& handles) const {
  Kept object = handles.find(on);
  const Table& table = table_of(tables_, object);
  return run(offered(table.methods, name, table.name), std::move(object), args, kwargs, handles);
}

Value Adapter::access(Handle on, const std::string& name, const Value* value, Handles& handles) const {
  Kept object = handles.find(on);
  const Table& table = table_of(tables_, object);
  const Entries& entries = value == nullptr ? table.getters : table.setters;
  if (const auto any = entries.find(kit_internal::kAny); any != entries.end() && !entries.contains(name)) {
    return run(any->second, std::move(object), value == nullptr ? Values{name} : Values{name, *value}, {}, handles);
  }
  const Entry& entry = offered(entries, name, table.name);
  return run(entry, std::move(object), value == nullptr ? Values() : Values{*value}, {}, handles);
}

Entry& Adapter::find_entry(std::string_view name) {
  const std::size_t dot = name.find('.');
  std::vector<Entries*> places;
  std::string_view last = name.substr(dot == std::string_view::npos ? 0 : dot + 1);
  if (dot != std::string_view::npos) {
    for (auto& [type, table] : tables_) {
      if (table.name != name.substr(0, dot)) continue;
      if (last.ends_with('=')) {
        places.push_back(&table.setters);
      } else {
        places.insert(places.end(), {&table.methods, &table.getters});
      }
    }
    if (last.ends_with('=')) last.remove_suffix(1);
  } else if (name.ends_with("()")) {
    places.push_back(&makers_);
    last.remove_suffix(2);
  } else {
    places.push_back(&functions_);
  }
  for (Entries* place : places) {
    if (const auto found = place->find(last); found != place->end()) return found->second;
  }
  throw std::logic_error("this adapter has no entry " + std::string(name));
}

void Adapter::override_entry(std::string_view name, Call::Action action) {
  Entry& entry = find_entry(name);
  entry.action = [action = std::move(action), original = std::move(entry.action)](Call& call) {
    const Call::Action* const outer = std::exchange(call.original_, &original);
    Value result = action(call);
    call.original_ = outer;
    return result;
  };
}

int Adapter::main() const {
  std::shared_ptr<Session> session;
  try {
    const char* const method = std::getenv("CONFORM_START_METHOD");
    if (method != nullptr && *method != '\0') implementer_.set_start_method(method);
    session = std::make_shared<Session>(*this);
  } catch (const std::exception& error) {
    std::cerr << implementer_.about.name << ": " << error.what() << '\n';
    return 2;
  }
  Hello hello;
  hello.pid = process_id();
  hello.host_pid = host_process_id();
  hello.role = "main";
  hello.implementation = implementer_.about;
  if (hello.implementation.platform.empty()) hello.implementation.platform = platform_name();
  session->say(std::move(hello));
  leave(session->run());
  return 0;
}

Value Adapter::serve(const std::function<Greeting(Handles&)>& greet, Handles* returned) const {
  const auto session = std::make_shared<Session>(*this);
  Greeting greeting = greet(session->handles());
  Hello hello;
  hello.pid = process_id();
  hello.host_pid = host_process_id();
  hello.role = "child";
  hello.actor = std::move(greeting.actor);
  hello.args = std::move(greeting.args);
  hello.kwargs = std::move(greeting.kwargs);
  session->say(std::move(hello));
  return leave(session->run(returned));
}

Value Adapter::leave(const Exit& exit) const {
  if (exit.how == "exit") implementer_.exit(exit.value);
  if (exit.how == "raise") implementer_.raise(exit.value.text(), exit.text);
  if (exit.how == "signal") std::raise(static_cast<int>(exit.value.integer()));
  if (exit.how == "quit") std::_Exit(static_cast<int>(exit.value.integer()));
  return exit.value;
}

}  // namespace mp::conformance
