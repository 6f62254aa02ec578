#include <io.h>
#include <stdio.h>
#include <windows.h>

#include "conformance/harness/this_process.h"

namespace mp::conformance {

bool is_terminal() { return _isatty(_fileno(stdout)) != 0; }

int terminal_width() {
  CONSOLE_SCREEN_BUFFER_INFO info{};
  const bool known = GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info) != 0;
  return known ? info.srWindow.Right - info.srWindow.Left + 1 : 80;
}

void survive_broken_pipes() {}  // they never end a process here

void keep_from_children(std::intptr_t handle) {
  SetHandleInformation(reinterpret_cast<HANDLE>(handle), HANDLE_FLAG_INHERIT, 0);
}

void leave_interrupts_to_the_runner() {
  SetConsoleCtrlHandler([](DWORD event) -> BOOL { return event == CTRL_C_EVENT; }, TRUE);
}

bool sees_the_system_below() { return false; }

}  // namespace mp::conformance
