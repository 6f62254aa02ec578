#ifndef CONFORMANCE_ADAPTERS_CPP_OWN_PROCESS_H_
#define CONFORMANCE_ADAPTERS_CPP_OWN_PROCESS_H_

#include <cstdint>
#include <string>

#include "conformance/protocol/line.h"

// What an adapter has to ask the system for; one file a system.
namespace mp::conformance {

std::int64_t process_id();

// That of the system below, if there is one that has another; else 0.
std::int64_t host_process_id();

// As the hello spells it: "linux", "windows" or "macos".
std::string platform_name();

// Has every copy of this process that a fork makes close the line, before anything else runs there. Until forget_in_copies().
//
// A copy is made while any thread may be doing anything, so the list of lines has a lock that the fork itself takes before and
// releases after: no copy is made with half a list. Where there is no fork there is nothing to do.
void close_in_copies(Line& line);
void forget_in_copies(Line& line);

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_CPP_OWN_PROCESS_H_
