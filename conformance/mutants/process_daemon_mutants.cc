#include "conformance/mutants/process_mistakes.h"
#include "spec/clauses/process.h"

namespace mp::conformance {
namespace {

// The flag `from` is taken for `to`, when a process is made.
void take_flag_for(Adapter& adapter, Value from, Value to) {
  make_otherwise(adapter, [from = std::move(from), to = std::move(to)](Args& args) {
    if (args["daemon"] == from) args["daemon"] = to;
  });
}

}  // namespace

MUTANT(process_daemon_main, IsDaemonic, "the main process says that it is daemonic") { answer_wrongly(adapter, "Process.daemon", true); }

MUTANT(process_daemon_default_in_main, IsTrue, "processes are daemonic by default, as threads of some libraries are") {
  take_flag_for(adapter, None, true);
}

MUTANT(process_daemon_inherited, IsAlwaysFalse, "the default is false, whatever the creator is") { take_flag_for(adapter, None, false); }

MUTANT(process_daemon_true, IsIgnored, "the parameter daemon is ignored when it is true") { take_flag_for(adapter, true, None); }

MUTANT(process_daemon_false, IsTakenForNone, "the parameter daemon is ignored when it is false") { take_flag_for(adapter, false, None); }

MUTANT(process_daemon_set_before_start, IsIgnored, "only the constructor sets the flag") { only_answer(adapter, "Process.daemon=", None); }

MUTANT(process_daemon_set_after_start, SaysNothing, "setting the flag of a started process raises nothing") {
  swallow_errors(adapter, "Process.daemon=");
}

MUTANT(process_daemon_seen_in_child, IsForgotten, "a child believes that it is not daemonic") {
  answer_wrongly_in_children(adapter, "Process.daemon", false);
}

MUTANT(process_daemon_no_children, SaysNothing, "a daemonic process that starts one is told nothing") {
  swallow_errors(adapter, "Process.start");
}

MUTANT(process_daemon_terminated_at_exit, IsOnlyAWord, "daemonic processes are awaited like others") { take_flag_for(adapter, true, false); }

MUTANT(process_daemon_terminated_at_error, IsOnlyAWord, "daemonic processes are awaited like others") { take_flag_for(adapter, true, false); }

MUTANT(process_daemon_not_joined_at_exit, IsOnlyAWord, "daemonic processes are awaited like others") { take_flag_for(adapter, true, false); }

MUTANT(process_daemon_stopped_at_exit, IsAwaited, "a process that ends waits until its daemonic children have obeyed") {
  make_otherwise(adapter, [](Args& args) { args["daemon"] = false; });
}

MUTANT(process_exit_joins_children, EndsThem, "a process that ends ends all its children") { take_flag_for(adapter, None, true); }

MUTANT(process_exit_joins_children_error, EndsThem, "a child that ends ends all its children") {
  make_otherwise(adapter, [](Args& args) {
    if (!in_main_process()) args["daemon"] = true;
  });
}

}  // namespace mp::conformance
