#include "platform/code.h"

#include <elf.h>
#include <errno.h>
#include <link.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "platform/error.h"

namespace mp::platform {
namespace {

using ModuleId = decltype(CodeName::module);

bool holds(const dl_phdr_info& module, std::uintptr_t address) {
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module.dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X)) continue;
    const std::uintptr_t begin = module.dlpi_addr + segment.p_vaddr;
    if (address >= begin && address - begin < segment.p_memsz) return true;
  }
  return false;
}

std::size_t aligned(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

// The notes of a segment follow each other: sizes, name, content, each padded to four bytes.
std::optional<ModuleId> build_id_in(const std::byte* note, std::size_t size) {
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, note, sizeof(header));
    const std::size_t content = sizeof(header) + aligned(header.n_namesz);
    const std::size_t next = content + aligned(header.n_descsz);
    if (next > size) break;
    if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == 4 && std::memcmp(note + sizeof(header), "GNU", 4) == 0) {
      ModuleId id{};
      std::memcpy(id.data(), note + content, std::min<std::size_t>(id.size(), header.n_descsz));
      return id;
    }
    note += next;
    size -= next;
  }
  return std::nullopt;
}

std::optional<ModuleId> build_id(const dl_phdr_info& module) {
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* notes = reinterpret_cast<const std::byte*>(module.dlpi_addr + segment.p_vaddr);
    if (const auto id = build_id_in(notes, segment.p_memsz)) return id;
  }
  return std::nullopt;
}

// Calls visit(module) for each loaded module until it returns true.
template <class Visit>
bool any_module(Visit visit) {
  const auto step = [](dl_phdr_info* module, std::size_t, void* context) -> int {
    return (*static_cast<Visit*>(context))(*module);
  };
  return dl_iterate_phdr(step, &visit) != 0;
}

}  // namespace

CodeName name_of(Code code) {
  const auto address = reinterpret_cast<std::uintptr_t>(code);
  std::optional<ModuleId> id;
  std::uintptr_t base = 0;
  any_module([&](const dl_phdr_info& module) {
    if (!holds(module, address)) return false;
    id = build_id(module);
    base = module.dlpi_addr;
    return true;
  });
  if (!id) throw OsError("name a function (its module needs a build id: link it with --build-id)", ENOEXEC);
  return CodeName{*id, address - base};
}

Code find(const CodeName& name) {
  std::uintptr_t address = 0;
  any_module([&](const dl_phdr_info& module) {
    if (build_id(module) != name.module) return false;
    const std::uintptr_t candidate = module.dlpi_addr + name.offset;
    if (holds(module, candidate)) address = candidate;
    return true;
  });
  return reinterpret_cast<Code>(address);
}

}  // namespace mp::platform
