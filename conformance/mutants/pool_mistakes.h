// What mutants of pools need to make their mistakes.
#ifndef CONFORMANCE_MUTANTS_POOL_MISTAKES_H_
#define CONFORMANCE_MUTANTS_POOL_MISTAKES_H_

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "conformance/adapters/cpp/recorder.h"
#include "conformance/adapters/reference/adapter.h"
#include "conformance/mutants/mutant.h"

namespace mp::conformance {

// Changes the arguments of a call.
inline void call_otherwise(Adapter& adapter, std::string_view entry, std::function<void(Args& args)> change) {
  adapter.override_entry(entry, [change = std::move(change)](Call& call) {
    change(call.args);
    return call.original();
  });
}

// An argument is always this.
inline void always_pass(Adapter& adapter, std::string_view entry, std::string name, Value value) {
  call_otherwise(adapter, entry, [name = std::move(name), value = std::move(value)](Args& args) { args[name] = value; });
}

// Changes what it answers.
inline void change_answer(Adapter& adapter, std::string_view entry, std::function<Value(const Value& answer)> change) {
  adapter.override_entry(entry, [change = std::move(change)](Call& call) { return change(call.original()); });
}

inline Value reversed(const Value& list) {
  Values items = list.items();
  return List::of(Values(items.rbegin(), items.rend()));
}

// Where it should raise an error it never comes back.
inline void hang_instead_of_error(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

// It never comes back.
inline void never_return(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call&) -> Value { sleep_for_ever(); });
}

// Once `first` was called (and did what it does, even if that was to raise an error), `then` raises a RuntimeError.
inline void refuse_after(Adapter& adapter, std::string_view first, std::string_view then, bool only_after_error = false) {
  const auto done = std::make_shared<bool>(false);
  adapter.override_entry(first, [=](Call& call) -> Value {
    try {
      const Value answer = call.original();
      *done = *done || !only_after_error;
      return answer;
    } catch (const std::exception&) {
      *done = true;
      throw;
    }
  });
  adapter.override_entry(then, [=](Call& call) -> Value {
    if (*done) raise_error("RuntimeError");
    return call.original();
  });
}

// Does its work only the first time; then it raises a ValueError.
inline void refuse_the_second(Adapter& adapter, std::string_view entry) {
  const auto done = std::make_shared<bool>(false);
  adapter.override_entry(entry, [=](Call& call) -> Value {
    if (std::exchange(*done, true)) raise_error("ValueError");
    return call.original();
  });
}

// A method does what another one of the same object does.
inline void do_instead(Adapter& adapter, std::string_view entry, std::string other) {
  adapter.override_entry(entry, [other = std::move(other)](Call& call) { return ask(call, other); });
}

// Instead of the implementation a thread of the mutant tells the callback: `tell` gets the recorder, and the result or nothing, if the call failed.
inline void tell_otherwise(Adapter& adapter, std::string_view entry, const std::string& which,
                           std::function<void(Recorder& recorder, const Value* result)> tell) {
  adapter.override_entry(entry, [=](Call& call) -> Value {
    const auto recorder = call.args.object<Recorder>(which);
    call.args[which] = None;
    const Value result = call.original();
    Handles& handles = call.args.handles();
    std::thread([=, &handles] {
      try {
        const Value value = mp::conformance::adapter().call_method(*result.as<Handle>(), "get", {}, {}, handles);
        tell(*recorder, &value);
      } catch (const std::exception&) {
        tell(*recorder, nullptr);
      }
    }).detach();
    return result;
  });
}

// The arguments with which a pool is made, to make it in another way.
inline Kwargs arguments_of_pool(Args& args, bool of_threads = false) {
  Kwargs kwargs;
  for (const char* name : {"processes", "initializer", "initargs", "maxtasksperchild"}) {
    if (of_threads && std::string_view(name) == "maxtasksperchild") continue;
    kwargs.items.emplace_back(name, args[name]);
  }
  return kwargs;
}

// Its workers are threads.
inline void make_of_threads(Adapter& adapter) {
  adapter.override_entry("Pool()", [](Call& call) {
    return mp::conformance::adapter().make_object("ThreadPool", {}, arguments_of_pool(call.args, true), call.args.handles());
  });
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_MUTANTS_POOL_MISTAKES_H_
