#include "reference/entry.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "reference/error.h"
#include "reference/start_method.h"

namespace mp {
namespace {

// Whether a child that runs main() from its beginning would come to its work. Set before any thread is there to read it, but
// a program may be odder than that.
std::atomic<bool> freeze_support_called = false;

std::string describe(const std::exception& error) {
  std::string text = names_of(error).front();
  if (*error.what() != '\0') text += std::string(": ") + error.what();
  return text;
}

void print(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

}  // namespace

void freeze_support(int argc, char** argv) {
  freeze_support_called = true;
  std::optional<platform::Entry> entry = platform::entered(argc, argv);
  if (!entry) return;
  const int code = entry::enter(std::move(entry->message));
  entry::flush_output();
  std::_Exit(code);
}

namespace entry {

platform::Child spawn(platform::Message message) {
  if (!freeze_support_called) {
    throw RuntimeError(
        "this program cannot start processes by spawn or forkserver, because each child would run main() from its "
        "beginning: "
        "make mp::freeze_support(argc, argv); the first line of main()");
  }
  // This program by no name: its file may have been replaced meanwhile.
  const std::string program = get_executable();
  return platform::Child::spawn(program == platform::this_program() ? "" : program, {}, std::move(message));
}

int enter(platform::Message message) {
  int code = 1;
  Reader reader(message.bytes, std::move(message.handles));
  const int refused = exit_code_of("a started process", [&] {
    const auto function = reader.read<Function>();
    if (function == nullptr) throw PickleError("the message of the starter names no function");
    code = function(reader);
  });
  return refused != 0 ? refused : code;
}

int exit_code_of(const std::string& process, const std::function<void()>& body) {
  try {
    body();
    return 0;
  } catch (const SystemExit& exit) {
    if (exit.has_text()) print(exit.what());
    return exit.code();
  } catch (const std::exception& error) {
    print("Process " + process + ":\n" + describe(error));
  } catch (...) {
    print("Process " + process + ":\nan error that is not a std::exception");
  }
  return 1;
}

// Only these: a flush of everything would wait for a thread that reads from some other stream.
void flush_output() {
  std::cout.flush();
  std::clog.flush();
  std::fflush(stdout);
  std::fflush(stderr);
}

}  // namespace entry
}  // namespace mp
