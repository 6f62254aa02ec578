#include "reference/context.h"

#include "reference/error.h"

namespace mp {
namespace {

[[noreturn]] void refuse_to_set() { throw ValueError("cannot set start method of concrete context"); }

}  // namespace

void Context::set_start_method(std::string_view, bool) const { refuse_to_set(); }

void Context::set_start_method(std::nullopt_t, bool) const { refuse_to_set(); }

Context Context::get_context(std::string_view method) const { return ::mp::get_context(method); }

Context get_context(std::string_view method) { return Context(start_method(method)); }

Context get_context() { return Context(start_method(get_start_method())); }

}  // namespace mp
