#ifndef PLATFORM_CODE_H_
#define PLATFORM_CODE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <typeinfo>

namespace mp::platform {

// Any function, whatever its type: cast to this and back.
using Code = void (*)();

// A function by a name that another process which runs the same program understands, wherever its loader put things: the
// identity of the module (the executable or a shared library) that holds the function, and its place in there.
//
// The identity is made by the linker from the module's content (the build id of ELF, the UUID of Mach-O, the time stamp and size of a
// PE image), so a program that was rebuilt meanwhile has another one, and its functions are not mistaken for the old ones.
// A plain value: it may be copied as memory.
struct CodeName {
  std::array<std::byte, 20> module;
  std::uint64_t offset;
};

// The name of a function of this process. Throws OsError when it lies in no module, or in one without an identity.
CodeName name_of(Code code);

// The function of that name; null when no module of that identity is loaded here, or when the place is not inside its code.
// Any thread may call both at any time; neither blocks.
Code find(const CodeName& name);

// A type as its source spells it, for messages to people.
std::string readable_name(const std::type_info& type);

}  // namespace mp::platform

#endif  // PLATFORM_CODE_H_
