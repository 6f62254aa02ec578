#include "reference/log.h"

#include <cstdio>
#include <memory>
#include <string>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/log.h"

namespace mp::conformance {
namespace {

// A message of that method is written as this line.
void write_line(Adapter& adapter, const char* method, const std::string& head) {
  adapter.override_entry(std::string("Logger.") + method, [head](Call& call) -> Value {
    std::fputs((head + " " + call.args.text("msg") + "\n").c_str(), stderr);
    return None;
  });
}

// Messages of that method are written although the level says no: always, or only while none is set.
void write_lighter(Adapter& adapter, const char* method, bool always) {
  adapter.override_entry(std::string("Logger.") + method, [always](Call& call) -> Value {
    const auto& logger = call.self<Logger>();
    const int level = logger.level();
    if (always || level == 0) logger.set_level(1);
    const Value value = call.original();
    logger.set_level(level);
    return value;
  });
}

// What a child logs is lost.
void silence_children(Adapter& adapter) {
  adapter.override_entry("Logger.warning",
                         [](Call& call) -> Value { return in_main_process() ? call.original() : Value(); });
}

}  // namespace

MUTANT(log_get_same, MakesANewOne, "get_logger makes a new logger each time") {
  adapter.override_entry("get_logger",
                         [](Call& call) -> Value { return call.args.handles().keep(std::make_shared<Logger>()); });
}

MUTANT(log_get_level, IsWarning, "the level is WARNING at first") { only_answer(adapter, "Logger.level", 30); }

MUTANT(log_get_no_handler, HasOne, "get_logger has the logger write to standard error") {
  adapter.override_entry("get_logger", [](Call& call) -> Value {
    log_to_stderr();
    return call.original();
  });
}

MUTANT(log_level_set, DoesNothing, "setLevel returns, and the level stays") {
  only_answer(adapter, "Logger.setLevel", None);
}

MUTANT(log_level_filters, WritesAll, "debug messages are written whatever the level is") {
  write_lighter(adapter, "debug", true);
}

MUTANT(log_level_filters, HeedsTheFirst, "the level that was set first is kept for messages") {
  adapter.override_entry("Logger.setLevel", [](Call& call) -> Value {
    static bool set = false;
    if (!set) call.original();
    set = true;
    return None;
  });
}

MUTANT(log_level_not_set, WritesAll, "while no level is set, info messages are written") {
  write_lighter(adapter, "info", false);
}

MUTANT(log_stderr_returns_logger, GivesNone, "log_to_stderr returns None") {
  answer_wrongly(adapter, "log_to_stderr", None);
}

MUTANT(log_stderr_format, NamesTheProcessFirst, "the name of the process stands before that of the level") {
  write_line(adapter, "warning", "[MainProcess/WARNING]");
}

MUTANT(log_stderr_level_name, SaysFatal, "a critical message is called fatal") {
  write_line(adapter, "critical", "[FATAL/MainProcess]");
}

MUTANT(log_stderr_level_name, SaysWarn, "a warning is called WARN") {
  write_line(adapter, "warning", "[WARN/MainProcess]");
}

MUTANT(log_stderr_process_name, IsThatOfMain, "every process logs as MainProcess") {
  write_line(adapter, "warning", "[WARNING/MainProcess]");
}

MUTANT(log_stderr_level, IsIgnored, "log_to_stderr takes no notice of its level") {
  adapter.override_entry("log_to_stderr", [](Call& call) -> Value {
    call.args["level"] = None;
    return call.original();
  });
}

MUTANT(log_stderr_level_none, SetsNone, "log_to_stderr without a level takes the level away") {
  adapter.override_entry("log_to_stderr", [](Call& call) -> Value {
    if (call.args["level"].is_none()) call.args["level"] = 0;
    return call.original();
  });
}

MUTANT(log_child_level, IsNotSet, "the level of a child's logger is not set") {
  adapter.override_entry("Logger.level",
                         [](Call& call) -> Value { return in_main_process() ? call.original() : Value(0); });
}

MUTANT(log_child_own_level, IsThatOfAll, "the level that a child sets is that of all processes") {
  adapter.override_entry("Logger.setLevel", [](Call& call) -> Value {
    if (!in_main_process()) claim("level " + std::to_string(call.args.integer("level")));
    return call.original();
  });
  adapter.override_entry("Logger.level", [](Call& call) -> Value {
    const std::string claimed = first_claimed("level ");
    return claimed.empty() ? call.original() : Value(std::stoi(claimed.substr(6)));
  });
}

MUTANT(log_child_to_stderr, WritesNowhere, "a forked child has lost its parent's handler") {
  silence_children(adapter);
}

MUTANT(log_child_to_stderr_anew, WritesNowhere, "a child has no handler") { silence_children(adapter); }

MUTANT(log_own_child_begins, SaysNothing, "a child does not tell that it begins") {
  adapter.override_entry("Process.start", [](Call& call) -> Value {
    get_logger().set_level(log_level::kWarning);
    return call.original();
  });
}

}  // namespace mp::conformance
