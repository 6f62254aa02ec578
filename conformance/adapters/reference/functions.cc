#include "conformance/adapters/reference/functions.h"

#include <chrono>
#include <csignal>
#include <map>
#include <thread>

#include "conformance/adapters/reference/adapter.h"
#include "reference/error.h"
#include "reference/process.h"

namespace mp::conformance {
namespace {

using Action = Value (*)(const Values& args, const Kwargs& kwargs, Handles& handles);

const Value& argument(const Values& args, std::size_t place) {
  if (place >= args.size()) type_error("this function needs more arguments");
  return args[place];
}

Kwargs to_kwargs(const Value& value) {
  Kwargs kwargs;
  if (value.is_none()) return kwargs;
  const Dict* dict = value.as<Dict>();
  if (dict == nullptr) type_error("kwargs must be a dict, not " + printed(value));
  for (const auto& [key, item] : dict->items) kwargs.items.emplace_back(key.text(), item);
  return kwargs;
}

Value sum(const Value& left, const Value& right) {
  if (left.is<std::string>() && right.is<std::string>()) return left.text() + right.text();
  if (left.is<double>() || right.is<double>()) return left.number() + right.number();
  return left.integer() + right.integer();
}

Value product(const Value& left, const Value& right) {
  if (left.is<double>() || right.is<double>()) return left.number() * right.number();
  return left.integer() * right.integer();
}

Value leave(const Value& value) {
  if (value.is<std::string>()) mp::exit(value.text());
  mp::exit(value.is_none() ? 0 : static_cast<int>(value.integer()));
}

const std::map<std::string, Action>& actions() {
  static const std::map<std::string, Action> kActions = {
      {"serve",
       [](const Values& args, const Kwargs& kwargs, Handles& own) {
         // The line has handles of its own; the objects move there.
         return adapter().serve([&](Handles& handles) {
           Greeting greeting{argument(args, 0).text(), {}, {}};
           const auto move = [&](const Value& value) { return Parcel::pack(value, own).unpack(handles); };
           for (std::size_t i = 1; i < args.size(); ++i) greeting.args.push_back(move(args[i]));
           for (const auto& [name, value] : kwargs.items) greeting.kwargs.items.emplace_back(name, move(value));
           own.clear();
           return greeting;
         }, &own);
       }},
      {"nothing", [](const Values&, const Kwargs&, Handles&) { return Value(); }},
      {"echo", [](const Values& args, const Kwargs&, Handles&) { return args.size() == 1 ? args[0] : Value(Tuple::of(args)); }},
      {"exit", [](const Values& args, const Kwargs&, Handles&) { return leave(argument(args, 0)); }},
      {"fail",
       [](const Values& args, const Kwargs&, Handles&) -> Value { mp::raise(argument(args, 0).text(), argument(args, 1).text()); }},
      {"die",
       [](const Values& args, const Kwargs&, Handles&) {
         std::raise(static_cast<int>(argument(args, 0).integer()));
         return Value();
       }},
      {"pid", [](const Values&, const Kwargs&, Handles&) { return Value(*mp::current_process().pid()); }},
      {"square", [](const Values& args, const Kwargs&, Handles&) { return product(argument(args, 0), args[0]); }},
      {"add", [](const Values& args, const Kwargs&, Handles&) { return sum(argument(args, 0), argument(args, 1)); }},
      {"nap",
       [](const Values& args, const Kwargs&, Handles&) {
         std::this_thread::sleep_for(std::chrono::duration<double>(argument(args, 0).number()));
         return argument(args, 1);
       }},
      {"call",
       [](const Values& args, const Kwargs&, Handles& handles) {
         const Handle* on = argument(args, 0).as<Handle>();
         if (on == nullptr) type_error("call needs an object, not " + printed(args[0]));
         return adapter().call_method(*on, argument(args, 1).text(), Values(args.begin() + 2, args.end()), {}, handles);
       }},
  };
  return kActions;
}

}  // namespace

Task make_task(const Value& function, const Value& args, const Value& kwargs, const Handles& handles) {
  const Function* named = function.as<Function>();
  if (named == nullptr || !actions().contains(named->name)) type_error("not a function: " + printed(function));
  if (!args.is<Tuple>() && !args.is<List>()) type_error("args must be a list or tuple, not " + printed(args));
  to_kwargs(kwargs);
  return Task{named->name, Parcel::pack(Tuple::of(args.items()), handles), Parcel::pack(kwargs, handles)};
}

Parcel run_task(const Task& task) {
  Handles handles;
  Values args = task.args.unpack(handles).items();
  const Kwargs kwargs = to_kwargs(task.kwargs.unpack(handles));
  return Parcel::pack(actions().at(task.function)(args, kwargs, handles), handles);
}

}  // namespace mp::conformance
