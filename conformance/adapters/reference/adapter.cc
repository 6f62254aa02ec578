#include "conformance/adapters/reference/adapter.h"

#include <chrono>

#include "conformance/adapters/cpp/recorder.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/entry.h"
#include "reference/error.h"
#include "reference/process.h"
#include "reference/start_method.h"

namespace mp::conformance {
namespace {

// Some refusals to serialise are a RuntimeError, as in Python; the protocol wants them to be known by one name.
bool refuses_to_pickle(const std::exception& error) {
  return dynamic_cast<const RuntimeError*>(&error) != nullptr &&
         std::string_view(error.what()).find("shared between processes through inheritance") != std::string_view::npos;
}

Error translate(const std::exception& error) {
  Error translated{names_of(error), error.what(), {}};
  if (refuses_to_pickle(error)) translated.types.insert(translated.types.begin(), "PickleError");
  if (const auto* too_short = dynamic_cast<const BufferTooShort*>(&error)) {
    const auto& message = too_short->message();
    translated.message.push_back(Bytes(std::string_view(reinterpret_cast<const char*>(message.data()), message.size())));
  }
  return translated;
}

void leave(const Value& value) {
  if (value.is<std::string>()) mp::exit(value.text());
  mp::exit(value.is_none() ? 0 : static_cast<int>(value.integer()));
}

// A profile for each way to start but fork, which has none.
std::vector<std::string> profiles() {
  std::vector<std::string> all = {"process", "queue", "sync", "shared", "manager", "remote", "pool", "robust"};
  for (const std::string& method : get_all_start_methods()) {
    if (method != "fork") all.push_back(method);
  }
  return all;
}

Implementer implementer() {
  return {.about = {"reference",
                    "0.1",
                    "",
                    "c++",
                    "3.11",
                    get_all_start_methods(),
                    profiles(),
                    {"pass-connections", "threads"}},
          .error = translate,
          .raise = [](const std::string& name, const std::string& text) { mp::raise(name, text); },
          .exit = leave,
          .set_start_method = [](const std::string& method) { mp::set_start_method(method); }};
}

// What a suite wants a process to remember, in a variable of the program.
void offer_memory(Adapter& adapter) {
  static std::map<std::string, Parcel> memory;
  adapter.function("remember(name, value)",
                   [](Args& args) { memory[args.text("name")] = Parcel::pack(args["value"], args.handles()); });
  adapter.function("recall(name)", [](Args& args) {
    const auto found = memory.find(args.text("name"));
    return found == memory.end() ? Value() : found->second.unpack(args.handles());
  });
}

}  // namespace

Adapter& adapter() {
  static Adapter* const kAdapter = [] {
    auto* const made = new Adapter(implementer());
    offer_memory(*made);
    offer_recorder_and_bytearray(*made);
    offer_processes(*made);
    offer_locks(*made);
    offer_synchronisation(*made);
    offer_queues(*made);
    offer_connections(*made);
    offer_shared(*made);
    offer_named_memory(*made);
    offer_managers(*made);
    offer_pools(*made);
    offer_log(*made);
    return made;
  }();
  return *kAdapter;
}

int serve_reference(int argc, char** argv) {
  adapter();  // a started child comes no further than the next line, and needs the lists
  mp::freeze_support(argc, argv);
  int status = 0;
  const int code = entry::exit_code_of("MainProcess", [&] { status = adapter().main(); });
  return code != 0 ? code : status;
}

Wait wait_of(Args& args, std::string_view name) {
  const std::optional<double> seconds = args.seconds(name);
  return seconds ? Wait(std::chrono::duration<double>(*seconds)) : Wait::forever();
}

}  // namespace mp::conformance
