#include <windows.h>

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
  constexpr std::int64_t kGetpid = 39;
  std::int64_t pid = kGetpid;
  asm volatile("syscall" : "+a"(pid) : : "rcx", "r11", "memory");
  return pid;
}

std::string platform_name() { return "windows"; }

// No process is ever copied here.
void close_in_copies(Line&) {}
void forget_in_copies(Line&) {}

}  // namespace mp::conformance
