#include <windows.h>
//
#include <io.h>
#include <shellapi.h>
#include <stdio.h>

#include <cstdlib>

#include "conformance/harness/this_process.h"
#include "conformance/harness/wide_text_windows.h"

namespace mp::conformance {

std::vector<std::string> words_of_the_command(int argc, const char* const* argv) {
  int count = 0;
  wchar_t** words = CommandLineToArgvW(GetCommandLineW(), &count);
  if (words == nullptr) return {argv, argv + argc};
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) texts.push_back(narrow(words[i]));
  LocalFree(words);
  return texts;
}

std::string environment_variable(const char* name) {
  const wchar_t* value = _wgetenv(wide(name).c_str());
  return value != nullptr ? narrow(value) : "";
}

bool is_terminal() { return _isatty(_fileno(stdout)) != 0; }

int terminal_width() {
  CONSOLE_SCREEN_BUFFER_INFO info{};
  const bool known = GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info) != 0;
  return known ? info.srWindow.Right - info.srWindow.Left + 1 : 80;
}

void survive_broken_pipes() {}  // they never end a process here

void make_room_for_descriptors() {}  // handles have no such limit

void keep_from_children(std::intptr_t handle) {
  SetHandleInformation(reinterpret_cast<HANDLE>(handle), HANDLE_FLAG_INHERIT, 0);
}

void leave_interrupts_to_the_runner() {
  SetConsoleCtrlHandler([](DWORD event) -> BOOL { return event == CTRL_C_EVENT; }, TRUE);
}

bool sees_the_system_below() { return false; }

}  // namespace mp::conformance
