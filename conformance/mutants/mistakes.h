// Mistakes that can be made in many places, and what mutants need to make their own.
#ifndef CONFORMANCE_MUTANTS_MISTAKES_H_
#define CONFORMANCE_MUTANTS_MISTAKES_H_

#include <functional>
#include <string>
#include <string_view>

#include "conformance/adapters/cpp/kit.h"

namespace mp::conformance {

// ---- Mistakes. Each replaces one entry, as "Lock.acquire".

// It answers, and does nothing.
void only_answer(Adapter& adapter, std::string_view entry, Value value);
// It does its work, and then answers something else.
void answer_wrongly(Adapter& adapter, std::string_view entry, Value value);
// What it should raise it keeps to itself, and answers None.
void swallow_errors(Adapter& adapter, std::string_view entry);
void always_raise(Adapter& adapter, std::string_view entry, std::string error);
// What it raises is another error than it should be.
void raise_another(Adapter& adapter, std::string_view entry, std::string error);

// Of entries with a parameter `timeout`:
void stretch_timeout(Adapter& adapter, std::string_view entry, double factor);
void take_none_for_zero(Adapter& adapter, std::string_view entry);
void take_zero_for_none(Adapter& adapter, std::string_view entry);
void take_negative_for_none(Adapter& adapter, std::string_view entry);
void sleep_through_timeout(Adapter& adapter, std::string_view entry);
void never_wait(Adapter& adapter, std::string_view entry);
// Of entries with `block`, too:
void always_wait(Adapter& adapter, std::string_view entry);
void heed_timeout_always(Adapter& adapter, std::string_view entry);

// Of a class with acquire and release: what one thread acquired counts for all of its process. For one object of that
// class in a program.
void let_own_process_in(Adapter& adapter, const std::string& class_name);
// Those who wait get it in the order in which they came, dead or not.
void wait_in_line(Adapter& adapter, std::string_view acquire);

// ---- In an override.

// Another method of the same object.
Value ask(Call& call, const std::string& method, const Values& args = {});
[[noreturn]] void raise_error(const std::string& name);
[[noreturn]] void sleep_for_ever();
void sleep_seconds(double seconds);
void wait_until(const std::function<bool()>& condition);

// What all processes of one testee know: a name is claimed or it is not, and of those who claim it at once one
// succeeds. A claim outlives the process that made it.
bool claim(const std::string& name);
void give_up(const std::string& name);
bool is_claimed(const std::string& name);
// A name that nobody else makes; names made later come later in the order of the alphabet.
std::string unique_name(const std::string& beginning);
// The first claimed name that begins so, in the order of the alphabet; empty if there is none.
std::string first_claimed(const std::string& beginning);

// Processes are made with new objects of that class, of those arguments, in the place of all those that they are given;
// only where `applies` says so.
void replace_arguments(
    Adapter& adapter, const std::string& class_name, std::function<bool()> applies = [] { return true; },
    const Values& made_with = {});

// What is done when the maker of an object drops it; `make` is as "Lock()".
void when_maker_drops(Adapter& adapter, std::string_view make, std::function<void()> action);

}  // namespace mp::conformance

#endif  // CONFORMANCE_MUTANTS_MISTAKES_H_
