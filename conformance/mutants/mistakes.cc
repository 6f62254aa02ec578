#include "conformance/mutants/mistakes.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "conformance/adapters/reference/adapter.h"

namespace mp::conformance {
namespace {

namespace fs = std::filesystem;

// Each testee has a directory for temporary files of its own; making a directory succeeds for one process only.
fs::path place_of(const std::string& name) { return fs::temp_directory_path() / ("claim-" + name); }

bool is_positive(const Value& timeout) { return !timeout.is_none() && timeout.number() > 0; }

// Changes the arguments before the original sees them.
void with_arguments(Adapter& adapter, std::string_view entry, std::function<void(Args&)> change) {
  adapter.override_entry(entry, [change = std::move(change)](Call& call) {
    change(call.args);
    return call.original();
  });
}

// Where a handle stands, a new object of the class.
Value replaced(const Value& value, const std::string& class_name, const Values& made_with, Handles& handles) {
  if (value.is<Handle>()) return adapter().make_object(class_name, made_with, {}, handles);
  const auto replace_all = [&](Values items) {
    for (Value& item : items) item = replaced(item, class_name, made_with, handles);
    return items;
  };
  if (const auto* tuple = value.as<Tuple>()) return Tuple::of(replace_all(tuple->items));
  if (const auto* list = value.as<List>()) return List::of(replace_all(list->items));
  if (const auto* dict = value.as<Dict>()) {
    Dict copy = *dict;
    for (auto& [key, item] : copy.items) item = replaced(item, class_name, made_with, handles);
    return copy;
  }
  return value;
}

}  // namespace

void only_answer(Adapter& adapter, std::string_view entry, Value value) {
  adapter.override_entry(entry, [value = std::move(value)](Call&) { return value; });
}

void answer_wrongly(Adapter& adapter, std::string_view entry, Value value) {
  adapter.override_entry(entry, [value = std::move(value)](Call& call) {
    call.original();
    return value;
  });
}

void swallow_errors(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return None;
    }
  });
}

void always_raise(Adapter& adapter, std::string_view entry, std::string error) {
  adapter.override_entry(entry, [error = std::move(error)](Call&) -> Value { raise_error(error); });
}

void raise_another(Adapter& adapter, std::string_view entry, std::string error) {
  adapter.override_entry(entry, [error = std::move(error)](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
    }
    raise_error(error);
  });
}

void stretch_timeout(Adapter& adapter, std::string_view entry, double factor) {
  with_arguments(adapter, entry, [factor](Args& args) {
    if (is_positive(args["timeout"])) args["timeout"] = args["timeout"].number() * factor;
  });
}

void take_none_for_zero(Adapter& adapter, std::string_view entry) {
  with_arguments(adapter, entry, [](Args& args) {
    if (args["timeout"].is_none()) args["timeout"] = 0;
  });
}

void take_zero_for_none(Adapter& adapter, std::string_view entry) {
  with_arguments(adapter, entry, [](Args& args) {
    if (!args["timeout"].is_none() && args["timeout"].number() == 0) args["timeout"] = None;
  });
}

void take_negative_for_none(Adapter& adapter, std::string_view entry) {
  with_arguments(adapter, entry, [](Args& args) {
    if (!args["timeout"].is_none() && args["timeout"].number() < 0) args["timeout"] = None;
  });
}

void sleep_through_timeout(Adapter& adapter, std::string_view entry) {
  with_arguments(adapter, entry, [](Args& args) {
    if (!is_positive(args["timeout"])) return;
    sleep_seconds(args["timeout"].number());
    args["timeout"] = 0;
  });
}

void never_wait(Adapter& adapter, std::string_view entry) {
  with_arguments(adapter, entry, [](Args& args) { args["timeout"] = 0; });
}

void always_wait(Adapter& adapter, std::string_view entry) {
  with_arguments(adapter, entry, [](Args& args) { args["block"] = true; });
}

void heed_timeout_always(Adapter& adapter, std::string_view entry) {
  with_arguments(adapter, entry, [](Args& args) {
    if (!args["timeout"].is_none()) args["block"] = true;
  });
}

void let_own_process_in(Adapter& adapter, const std::string& class_name) {
  static std::mutex guard;
  static std::atomic<int> times{0};
  adapter.override_entry(class_name + ".acquire", [](Call& call) -> Value {
    {
      const std::lock_guard inside(guard);
      if (times > 0) return ++times > 0;
    }
    const Value taken = call.original();
    if (taken == Value(true)) ++times;
    return taken;
  });
  adapter.override_entry(class_name + ".release", [](Call& call) -> Value {
    const std::lock_guard inside(guard);
    return --times > 0 ? Value() : call.original();
  });
}

void wait_in_line(Adapter& adapter, std::string_view acquire) {
  adapter.override_entry(acquire, [](Call& call) -> Value {
    const std::string place = unique_name("line-");
    claim(place);
    call.args["block"] = false;
    wait_until([&] { return first_claimed("line-") == place && call.original() == Value(true); });
    give_up(place);
    return true;
  });
}

Value ask(Call& call, const std::string& method, const Values& args) {
  Handles& handles = call.args.handles();
  return adapter().call_method(*handles.keep(call.on()).as<Handle>(), method, args, {}, handles);
}

void raise_error(const std::string& name) {
  adapter().implementer().raise(name, "a mutant raised this");
  throw std::logic_error("the adapter did not raise " + name);
}

void sleep_for_ever() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

void sleep_seconds(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

void wait_until(const std::function<bool()>& condition) {
  while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

bool claim(const std::string& name) { return fs::create_directory(place_of(name)); }
void give_up(const std::string& name) { fs::remove(place_of(name)); }
bool is_claimed(const std::string& name) { return fs::exists(place_of(name)); }

std::string unique_name(const std::string& beginning) {
  return beginning + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
}

std::string first_claimed(const std::string& beginning) {
  std::string first;
  for (const auto& entry : fs::directory_iterator(fs::temp_directory_path())) {
    std::string name = entry.path().filename().string();
    if (!name.starts_with("claim-" + beginning)) continue;
    name.erase(0, std::string_view("claim-").size());
    if (first.empty() || name < first) first = name;
  }
  return first;
}

// Asked when a process is made: a forked child has the lists of its parent.
void replace_arguments(Adapter& adapter, const std::string& class_name, std::function<bool()> applies,
                       const Values& made_with) {
  with_arguments(adapter, "Process()", [=](Args& args) {
    if (!applies()) return;
    args["args"] = replaced(args["args"], class_name, made_with, args.handles());
    args["kwargs"] = replaced(args["kwargs"], class_name, made_with, args.handles());
  });
  with_arguments(adapter, "ServeProcess()", [=](Args& args) {
    if (!applies()) return;
    for (Value& value : args.more()) value = replaced(value, class_name, made_with, args.handles());
  });
}

void when_maker_drops(Adapter& adapter, std::string_view make, std::function<void()> action) {
  adapter.override_entry(make, [action = std::move(action)](Call& call) {
    Handles& handles = call.args.handles();
    const Kept made = handles.drop(*call.original().as<Handle>());
    return handles.keep(made.with_farewell(action));
  });
}

}  // namespace mp::conformance
