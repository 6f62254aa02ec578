#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/functions.h"
#include "conformance/adapters/reference/makers.h"
#include "reference/process.h"
#include "reference/start_method.h"

namespace mp::conformance {
namespace {

void perform(const Task& task) { run_task(task); }

// The adapter's subclass of Process.
struct ServeProcess : Subprocess<ServeProcess> {
  using Subprocess::Subprocess;

  void run() override { run_task(task); }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(task);
  }

  Task task;
};

template <class From>
Process make_process(const From& from, Args& args) {
  if (!args["group"].is_none()) throw NotOffered{"there are no process groups: group"};
  ProcessOptions options;
  if (!args["name"].is_none()) options.name = args.text("name");
  if (!args["daemon"].is_none()) options.daemon = args.flag("daemon");
  if (args["target"].is_none()) return from.Process(std::move(options));
  return from.Process(std::move(options), &perform,
                      make_task(args["target"], args["args"], args["kwargs"], args.handles()));
}

std::shared_ptr<Process> make_serve_process(Args& args) {
  auto process = std::make_shared<ServeProcess>();
  Values actor_and_args{args["actor"]};
  actor_and_args.insert(actor_and_args.end(), args.more().begin(), args.more().end());
  Dict kwargs;
  for (const auto& [name, value] : args.more_by_name().items) kwargs.items.emplace_back(name, value);
  process->task = make_task(Function{"serve"}, Tuple::of(std::move(actor_and_args)), kwargs, args.handles());
  return process;
}

// The objects that the runner knows, by process id: active_children() makes new ones, which are the same to it.
class Known {
 public:
  void add(const std::shared_ptr<Process>& process) {
    const std::lock_guard lock(mutex_);
    std::erase_if(processes_, [](const auto& each) { return each.expired(); });
    processes_.push_back(process);
  }
  std::shared_ptr<Process> same_as(Process process) {
    const std::lock_guard lock(mutex_);
    for (const auto& each : processes_) {
      const std::shared_ptr<Process> known = each.lock();
      if (known != nullptr && is_child(*known) && known->pid() == process.pid()) return known;
    }
    return std::make_shared<Process>(std::move(process));
  }

 private:
  // A forked child inherited its parent's objects, and may not ask them.
  static bool is_child(const Process& process) {
    try {
      return process.is_alive();
    } catch (const std::exception&) {
      return false;
    }
  }

  std::mutex mutex_;
  std::vector<std::weak_ptr<Process>> processes_;
};

Known& known() {
  static Known made;
  return made;
}

template <class T>
Value number_or_none(const std::optional<T>& number) {
  return number ? Value(*number) : Value();
}

void offer_process(Adapter& adapter) {
  offer_class(adapter, "Process(group=None, target=None, name=None, args=(), kwargs={}, *, daemon=None)",
              [](const auto& from, Args& args) {
                auto process = std::make_shared<Process>(make_process(from, args));
                known().add(process);
                return process;
              });
  adapter.type<Process>("Process")
      .make("ServeProcess(actor, *args, **kwargs)",
            [](Args& args) {
              auto process = make_serve_process(args);
              known().add(process);
              return process;
            })
      .method("run()", [](Process& process, Args&) { process.run(); })
      .method("start()", [](Process& process, Args&) { process.start(); })
      .method("join(timeout=None)", [](Process& process, Args& args) { process.join(wait_of(args, "timeout")); })
      .method("is_alive()", [](Process& process, Args&) { return process.is_alive(); })
      .method("terminate()", [](Process& process, Args&) { process.terminate(); })
      .method("kill()", [](Process& process, Args&) { process.kill(); })
      .method("close()", [](Process& process, Args&) { process.close(); })
      .method("__repr__()", [](Process& process, Args&) { return process.repr(); })
      .method("__str__()", [](Process& process, Args&) { return process.repr(); })
      .get("name", [](Process& process, Args&) { return process.name(); })
      .set("name", [](Process& process, Args& args) { process.set_name(args.text("value")); })
      .get("daemon", [](Process& process, Args&) { return process.daemon(); })
      .set("daemon", [](Process& process, Args& args) { process.set_daemon(args.flag("value")); })
      .get("pid", [](Process& process, Args&) { return number_or_none(process.pid()); })
      .get("ident", [](Process& process, Args&) { return number_or_none(process.ident()); })
      .get("exitcode", [](Process& process, Args&) { return number_or_none(process.exitcode()); })
      .get("sentinel", [](Process& process, Args&) { return process.sentinel(); })
      .get("authkey", [](Process& process, Args&) { return Bytes(process.authkey()); })
      .set("authkey", [](Process& process, Args& args) { process.set_authkey(args.bytes("value")); });
  adapter.type<ParentProcess>("ParentProcess")
      .method("is_alive()", [](ParentProcess& parent, Args&) { return parent.is_alive(); })
      .method("join(timeout=None)", [](ParentProcess& parent, Args& args) { parent.join(wait_of(args, "timeout")); })
      .get("name", [](ParentProcess& parent, Args&) { return parent.name(); })
      .get("pid", [](ParentProcess& parent, Args&) { return parent.pid(); })
      .get("ident", [](ParentProcess& parent, Args&) { return parent.ident(); })
      .get("sentinel", [](ParentProcess& parent, Args&) { return parent.sentinel(); });
}

void offer_start_methods(Adapter& adapter) {
  offer_function(adapter, "get_all_start_methods()", [](const auto& from, Args&) {
    Values names;
    for (const std::string& name : from.get_all_start_methods()) names.emplace_back(name);
    return List::of(std::move(names));
  });
  offer_function(adapter, "get_start_method(allow_none=False)", [](const auto& from, Args& args) -> Value {
    const std::optional<std::string> method = from.get_start_method(args.flag("allow_none"));
    return method ? Value(*method) : Value();
  });
  offer_function(adapter, "set_start_method(method, force=False)", [](const auto& from, Args& args) {
    if (args["method"].is_none()) return from.set_start_method(std::nullopt, args.flag("force"));
    return from.set_start_method(args.text("method"), args.flag("force"));
  });
  offer_function(adapter, "set_executable(executable)",
                 [](const auto& from, Args& args) { from.set_executable(args.text("executable")); });
  offer_function(adapter, "get_context(method=None)", [](const auto& from, Args& args) {
    return args["method"].is_none() ? from.get_context() : from.get_context(args.text("method"));
  });
  // Before anybody has set another.
  adapter.function("program()", [program = get_executable()](Args&) { return program; });
}

}  // namespace

void offer_processes(Adapter& adapter) {
  offer_process(adapter);
  offer_start_methods(adapter);
  offer_function(adapter, "current_process()", [](const auto& from, Args&) { return borrowed(&from.current_process()); });
  offer_function(adapter, "parent_process()",
                 [](const auto& from, Args&) { return borrowed(const_cast<ParentProcess*>(from.parent_process())); });
  offer_function(adapter, "active_children()", [](const auto& from, Args& args) {
    Values children;
    for (Process& process : from.active_children())
      children.push_back(args.handles().keep(known().same_as(std::move(process))));
    return List::of(std::move(children));
  });
  offer_function(adapter, "cpu_count()", [](const auto& from, Args&) { return from.cpu_count(); });
  offer_function(adapter, "freeze_support()", [](const auto&, Args&) {});  // main() has called it, as it must
}

}  // namespace mp::conformance
