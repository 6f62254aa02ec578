#include <windows.h>

#include <cstring>
#include <string_view>

#include "conformance/adapters/cpp/own_process.h"

namespace mp::conformance {

std::int64_t process_id() { return ::GetCurrentProcessId(); }

// Wine tells no program the number that Linux has for it, but lets calls of Linux through.
std::int64_t host_process_id() {
  const auto ask_host = reinterpret_cast<void (*)(const char**, const char**)>(
      reinterpret_cast<void*>(::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_host_version")));
  if (ask_host == nullptr) return 0;
  const char* system = "";
  ask_host(&system, nullptr);
  if (std::string_view(system) != "Linux") return 0;
  // mov eax, 39 (getpid); syscall; ret. What it changes, rcx and r11, a function may change here as well.
  constexpr unsigned char kGetpid[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3};
  void* const code = ::VirtualAlloc(nullptr, sizeof kGetpid, MEM_COMMIT | MEM_RESERVE, PAGE_EXECUTE_READWRITE);
  if (code == nullptr) return 0;
  std::memcpy(code, kGetpid, sizeof kGetpid);
  const std::int64_t pid = reinterpret_cast<std::int64_t (*)()>(code)();
  ::VirtualFree(code, 0, MEM_RELEASE);
  return pid;
}

std::string platform_name() { return "windows"; }

// No process is ever copied here.
void close_in_copies(Line&) {}
void forget_in_copies(Line&) {}

}  // namespace mp::conformance
