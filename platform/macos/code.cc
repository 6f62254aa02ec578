#include "platform/code.h"

#include <dlfcn.h>
#include <errno.h>
#include <mach-o/dyld.h>
#include <mach-o/loader.h>

#include <cstring>
#include <optional>

#include "platform/error.h"

// A module is its Mach-O header, where it was loaded; the commands behind it say the rest.
namespace mp::platform {
namespace {

using Module = mach_header_64;
using ModuleId = decltype(CodeName::module);

// Calls visit(command) for each load command of that kind until it returns true.
template <class Command, class Visit>
bool any_command(const Module& module, std::uint32_t kind, Visit visit) {
  const auto* place = reinterpret_cast<const std::byte*>(&module + 1);
  for (std::uint32_t i = 0; i < module.ncmds; ++i) {
    const auto& command = *reinterpret_cast<const load_command*>(place);
    if (command.cmd == kind && visit(reinterpret_cast<const Command&>(command))) return true;
    place += command.cmdsize;
  }
  return false;
}

std::optional<ModuleId> identity(const Module& module) {
  std::optional<ModuleId> found;
  any_command<uuid_command>(module, LC_UUID, [&](const uuid_command& command) {
    found.emplace();
    std::memcpy(found->data(), command.uuid, sizeof(command.uuid));
    return true;
  });
  return found;
}

// The header is the first thing in the segment that begins at the file's first byte.
std::uintptr_t slide(const Module& module) {
  std::uintptr_t linked_at = 0;
  any_command<segment_command_64>(module, LC_SEGMENT_64, [&](const segment_command_64& segment) {
    if (std::strncmp(segment.segname, SEG_TEXT, sizeof(segment.segname)) != 0) return false;
    linked_at = static_cast<std::uintptr_t>(segment.vmaddr);
    return true;
  });
  return reinterpret_cast<std::uintptr_t>(&module) - linked_at;
}

bool holds(const Module& module, std::uintptr_t address) {
  const std::uintptr_t moved = slide(module);
  return any_command<segment_command_64>(module, LC_SEGMENT_64, [&](const segment_command_64& segment) {
    const std::uintptr_t begin = moved + static_cast<std::uintptr_t>(segment.vmaddr);
    return (segment.initprot & VM_PROT_EXECUTE) != 0 && address >= begin && address - begin < segment.vmsize;
  });
}

}  // namespace

CodeName name_of(Code code) {
  const auto address = reinterpret_cast<std::uintptr_t>(code);
  Dl_info info{};
  const bool known = ::dladdr(reinterpret_cast<const void*>(address), &info) != 0 && info.dli_fbase != nullptr;
  const auto* const module = known ? static_cast<const Module*>(info.dli_fbase) : nullptr;
  const std::optional<ModuleId> id = module != nullptr && holds(*module, address) ? identity(*module) : std::nullopt;
  if (!id) throw OsError("name a function (its module needs a UUID, which linkers write unless told not to)", ENOEXEC);
  return CodeName{*id, address - reinterpret_cast<std::uintptr_t>(module)};
}

Code find(const CodeName& name) {
  for (std::uint32_t i = 0; i < ::_dyld_image_count(); ++i) {
    const auto* const module = reinterpret_cast<const Module*>(::_dyld_get_image_header(i));
    if (module == nullptr || identity(*module) != name.module) continue;  // null: unloaded meanwhile
    const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(module) + static_cast<std::uintptr_t>(name.offset);
    return holds(*module, address) ? reinterpret_cast<Code>(address) : nullptr;
  }
  return nullptr;
}

}  // namespace mp::platform
