#include "reference/context.h"

namespace mp {

Context get_context(std::string_view method) { return Context(start_method(method)); }

Context get_context() { return Context(start_method(get_start_method())); }

}  // namespace mp
