#ifndef REFERENCE_PICKLE_H_
#define REFERENCE_PICKLE_H_

#include <cstddef>
#include <span>
#include <vector>

#include "platform/message.h"
#include "reference/object.h"

// The data part of Python's pickle: what an Object is between processes that need not be the same program.
//
// Written is protocol 4 (Python 3.4 and later) or 5 (3.8 and later), read are all from 0 to 5. Nothing is ever imported or called: a class,
// a function, and what Python would make by calling one, stay data (Global, Instance), so that they can be looked at and
// sent on. Only those calls that Python itself writes for plain data are known: bytes, bytearray, set and frozenset in the older protocols.
//
// Everything refused is a PickleError that says what was met and at which byte. The input may be hostile: reading takes time and memory in
// proportion to its length, values nest at most kDeepest deep, and what would contain itself is refused, as a value cannot.
namespace mp::pickle {

inline constexpr int kProtocol = 4;     // what CPython 3.8 to 3.13 write
inline constexpr int kHighest = 5;
inline constexpr unsigned kDeepest = 1000;

// A handle inside the object is refused by dumps(); dump_message() sends it beside the bytes, to another program of ours.
Bytes dumps(const Object& object, int protocol = kProtocol);
platform::Message dump_message(const Object& object, int protocol = kProtocol);

// What follows the end of the pickle is ignored, as in Python.
Object loads(std::span<const std::byte> pickle);
Object load_message(platform::Message message);

}  // namespace mp::pickle

#endif  // REFERENCE_PICKLE_H_
