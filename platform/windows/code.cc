#include "platform/code.h"

#include <cxxabi.h>
#include <windows.h>
// After windows.h, which it needs.
#include <psapi.h>

#include <cstdlib>
#include <cstring>
#include <cwctype>
#include <memory>
#include <optional>
#include <vector>

#include "platform/error.h"
#include "platform/windows/system.h"

namespace mp::platform {
namespace {

using ModuleId = decltype(CodeName::module);

// The image of a module in memory: its headers say all.
class Image {
 public:
  explicit Image(HMODULE module) : base_(reinterpret_cast<const std::byte*>(module)) {}

  const std::byte* base() const { return base_; }

  const IMAGE_NT_HEADERS& headers() const {
    const auto& dos = *reinterpret_cast<const IMAGE_DOS_HEADER*>(base_);
    return *reinterpret_cast<const IMAGE_NT_HEADERS*>(base_ + dos.e_lfanew);
  }

  bool has_code_at(std::uint64_t offset) const {
    const IMAGE_SECTION_HEADER* section = IMAGE_FIRST_SECTION(&headers());
    for (int i = 0; i < headers().FileHeader.NumberOfSections; ++i, ++section) {
      if (!(section->Characteristics & IMAGE_SCN_MEM_EXECUTE) || offset < section->VirtualAddress) continue;
      if (offset - section->VirtualAddress < section->Misc.VirtualSize) return true;
    }
    return false;
  }

  // The linker's build id, where there is one (what debuggers find the symbols by): "RSDS" and 16 bytes.
  const std::byte* build_id() const {
    const IMAGE_DATA_DIRECTORY& place = headers().OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_DEBUG];
    const auto* entry = reinterpret_cast<const IMAGE_DEBUG_DIRECTORY*>(base_ + place.VirtualAddress);
    for (DWORD i = 0; i < place.Size / sizeof(*entry); ++i, ++entry) {
      if (entry->Type != IMAGE_DEBUG_TYPE_CODEVIEW || entry->AddressOfRawData == 0 || entry->SizeOfData < 20) continue;
      if (std::memcmp(base_ + entry->AddressOfRawData, "RSDS", 4) == 0) return base_ + entry->AddressOfRawData + 4;
    }
    return nullptr;
  }

 private:
  const std::byte* base_;
};

// Libraries that were built without time stamps may have the same sizes; their names differ.
std::uint32_t hash_of_name(HMODULE module) {
  std::wstring path(32'768, L'\0');
  path.resize(::GetModuleFileNameW(module, path.data(), static_cast<DWORD>(path.size())));
  std::uint32_t hash = 2166136261;  // FNV-1a
  for (const wchar_t letter : path.substr(path.find_last_of(L"\\/") + 1)) {
    hash = (hash ^ static_cast<std::uint32_t>(std::towlower(letter))) * 16777619;
  }
  return hash;
}

ModuleId identity(HMODULE module) {
  const Image image(module);
  const IMAGE_NT_HEADERS& headers = image.headers();
  const bool is_library = headers.FileHeader.Characteristics & IMAGE_FILE_DLL;
  std::array<std::uint32_t, 5> words{headers.FileHeader.TimeDateStamp, headers.OptionalHeader.SizeOfImage,
                                     headers.OptionalHeader.CheckSum, headers.OptionalHeader.AddressOfEntryPoint,
                                     is_library ? hash_of_name(module) : 0};
  if (const std::byte* id = image.build_id()) std::memcpy(words.data(), id, 16);
  ModuleId result;
  static_assert(sizeof(result) == sizeof(words));
  std::memcpy(result.data(), words.data(), sizeof(words));
  return result;
}

std::vector<HMODULE> loaded_modules() {
  std::vector<HMODULE> modules(64);
  for (;;) {
    const auto size = static_cast<DWORD>(modules.size() * sizeof(HMODULE));
    DWORD wanted = 0;
    if (!::EnumProcessModules(::GetCurrentProcess(), modules.data(), size, &wanted)) refuse("list the modules of this process");
    modules.resize(wanted / sizeof(HMODULE));
    if (wanted <= size) return modules;
  }
}

std::optional<Code> code_at(HMODULE module, const CodeName& name) {
  if (identity(module) != name.module) return std::nullopt;
  const Image image(module);
  return image.has_code_at(name.offset) ? reinterpret_cast<Code>(const_cast<std::byte*>(image.base() + name.offset)) : nullptr;
}

}  // namespace

CodeName name_of(Code code) {
  HMODULE module = nullptr;
  const DWORD how = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  if (!::GetModuleHandleExW(how, reinterpret_cast<const wchar_t*>(code), &module)) {
    refuse("name a function, which is in no module", ERROR_MOD_NOT_FOUND);
  }
  const auto offset = static_cast<std::uint64_t>(reinterpret_cast<const std::byte*>(code) - Image(module).base());
  if (!Image(module).has_code_at(offset)) refuse("name a function, where its module has no code", ERROR_INVALID_ADDRESS);
  return CodeName{identity(module), offset};
}

// The program itself first: most functions are there, and listing all modules takes long.
Code find(const CodeName& name) {
  if (const auto code = code_at(::GetModuleHandleW(nullptr), name)) return *code;
  for (const HMODULE module : loaded_modules()) {
    if (const auto code = code_at(module, name)) return *code;
  }
  return nullptr;
}

std::string readable_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return name ? name.get() : type.name();
}

}  // namespace mp::platform
