#include "reference/exception.h"

#include <algorithm>
#include <utility>

#include "reference/text.h"

namespace mp {
namespace {

struct Home {
  std::string_view name, module;
};

// Where CPython keeps those that are not builtin.
constexpr Home kHomes[] = {
    {"Empty", "queue"},
    {"Full", "queue"},
    {"BrokenBarrierError", "threading"},
    {"ProcessError", "multiprocessing.context"},
    {"AuthenticationError", "multiprocessing.context"},
    {"TimeoutError", "multiprocessing.context"},
    {"BufferTooShort", "multiprocessing.context"},
    {"RemoteError", "multiprocessing.managers"},
    {"PickleError", "pickle"},
};

// What no other program has: its next base is used.
bool is_ours_alone(std::string_view name) { return name == "OwnerDied" || name == "WorkerDied" || name == "MaybeEncodingError"; }

std::string_view home_of(std::string_view name) {
  const auto* const found = std::ranges::find(kHomes, name, &Home::name);
  return found == std::end(kHomes) ? "builtins" : found->module;
}

// The name by which error.h knows the class.
std::string name_of(const Global& type) {
  if (type.module == "builtins" && type.name == "TimeoutError") return "OSError";  // ours is the other one
  if (type.name == "PicklingError" || type.name == "UnpicklingError") return "PickleError";
  if (type.name == "ModuleNotFoundError") return "ImportError";
  if (type.name == "UnicodeDecodeError" || type.name == "UnicodeEncodeError") return "ValueError";
  return type.name;
}

const List& args_of(const Object& exception) {
  static const List kNone;
  const auto* instance = exception.get_if<Instance>();
  if (instance == nullptr) return kNone;
  const auto* args = instance->args.get_if<Tuple>();
  return args == nullptr ? kNone : args->items;
}

// A text that is not UTF-8 would fit into no Object.
std::string printable(const std::string& text) { return first_bad_byte(text) ? quoted_bytes(text) : text; }

// A text as it is, which is no longer than what came; others as far as anybody reads.
std::string text_of(const List& args) {
  constexpr std::size_t kMost = 10'000;
  const auto printed = [](const Object& each) { return each.is_str() ? each.get<std::string>() : each.brief(kMost); };
  if (args.empty()) return "";
  if (args.size() == 1) return printed(args[0]);
  if (args.size() == 2 && args[0].is_int()) return "[Errno " + printed(args[0]) + "] " + printed(args[1]);
  return Object(Tuple{args}).brief(kMost);
}

}  // namespace

ObjectError::ObjectError(Object exception) : Error(text_of(args_of(exception))), exception_(std::move(exception)) {}

std::vector<std::string_view> ObjectError::names() const {
  try {
    raise_object(exception_);
  } catch (const Error& error) {
    return error.names();
  }
}

Object exception_object(std::string_view module, std::string_view name, List args) {
  return Instance{Global{std::string(module), std::string(name)}, Tuple{std::move(args)}, Object(), {}, {}};
}

Object exception_object(const std::exception& error) {
  if (const auto* known = dynamic_cast<const ObjectError*>(&error)) return known->exception();
  const std::vector<std::string> names = names_of(error);
  const auto name = std::ranges::find_if_not(names, is_ours_alone);
  const std::string what = error.what();
  const std::string chosen = name == names.end() ? "Exception" : *name;
  List args;
  if (!what.empty()) args.emplace_back(printable(what));
  return exception_object(home_of(chosen), chosen, std::move(args));
}

void raise_object(const Object& exception) {
  const auto* instance = exception.get_if<Instance>();
  const Global* type = instance == nullptr ? nullptr : instance->type();
  if (type == nullptr) throw RemoteError("something that is no exception was raised: " + exception.brief());
  raise(name_of(*type), text_of(args_of(exception)));
}

}  // namespace mp
