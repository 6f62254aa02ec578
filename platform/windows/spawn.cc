#include "platform/windows/spawn.h"

#include <windows.h>
// After windows.h, which it needs.
#include <shellapi.h>

#include <atomic>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

#include "platform/child.h"
#include "platform/error.h"
#include "platform/windows/system.h"

// The message lies in shared memory that the child inherits, its handles beside it under their own numbers:
//
//     magic, number of bytes, number of handles, the handles (8 bytes each), the bytes
//
// The first argument names the memory: --mp-entered=NUMBER.

// The C runtime of mingw would take '*' in an argument for a question for files.
extern "C" {
extern int _dowildcard;
int _dowildcard = 0;
}

namespace mp::platform {
namespace {

constexpr std::string_view kEnteredArgument = "--mp-entered=";
constexpr std::uint64_t kMagic = 0x65676173736d706d;  // "mpmssage"

struct Front {
  std::uint64_t magic;
  std::uint64_t size;
  std::uint64_t handles;
};

// A view of shared memory.
class View {
 public:
  explicit View(HANDLE memory) : data_(static_cast<std::byte*>(::MapViewOfFile(memory, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0))) {}
  ~View() {
    if (data_ != nullptr) ::UnmapViewOfFile(data_);
  }
  View(const View&) = delete;

  std::byte* data() const { return data_; }
  std::size_t size() const {
    MEMORY_BASIC_INFORMATION part;
    return ::VirtualQuery(data_, &part, sizeof(part)) == 0 ? 0 : part.RegionSize;
  }

 private:
  std::byte* data_;
};

// A duplicate that a child may inherit. Only those do that name it, see Attributes.
Handle inheritable(HANDLE handle) {
  HANDLE copy = nullptr;
  const HANDLE self = ::GetCurrentProcess();
  if (!::DuplicateHandle(self, handle, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS)) refuse("hand a handle to a child");
  return Handle(reinterpret_cast<NativeHandle>(copy));
}

// All that the child inherits.
class Inheritance {
 public:
  explicit Inheritance(const Message& message) {
    std::vector<std::int64_t> values;
    for (const Handle& handle : message.handles) {
      values.push_back(handle ? add(system_handle(handle)) | tags_of(handle.native()) : kNoHandle);
    }
    const std::uint64_t whole = sizeof(Front) + values.size() * sizeof(values[0]) + message.bytes.size();
    memory_ = owned(::CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, static_cast<DWORD>(whole >> 32),
                                         static_cast<DWORD>(whole), nullptr),
                    "make room for a child's message");
    const View view(system_handle(memory_));
    if (view.data() == nullptr) refuse("write a child's message");
    const Front front{kMagic, message.bytes.size(), values.size()};
    std::byte* place = view.data();
    const auto put = [&](const void* bytes, std::size_t size) {
      if (size > 0) std::memcpy(place, bytes, size);
      place += size;
    };
    put(&front, sizeof(front));
    put(values.data(), values.size() * sizeof(values[0]));
    put(message.bytes.data(), message.bytes.size());
    message_ = add(system_handle(memory_));
    for (std::size_t i = 0; i < 3; ++i) streams_[i] = standard_stream(kStreams[i]);
  }

  NativeHandle message() const { return message_; }
  std::vector<HANDLE>& handles() { return handles_; }
  HANDLE stream(std::size_t i) const { return streams_[i]; }

 private:
  static constexpr DWORD kStreams[3] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};

  NativeHandle add(HANDLE handle) {
    const Handle& copy = copies_.emplace_back(inheritable(handle));
    handles_.push_back(system_handle(copy));
    return copy.native();
  }
  // Nothing where this process has none, or one that is closed.
  HANDLE standard_stream(DWORD number) {
    const HANDLE own = ::GetStdHandle(number);
    DWORD flags;
    if (own == nullptr || own == INVALID_HANDLE_VALUE || !::GetHandleInformation(own, &flags)) return nullptr;
    return reinterpret_cast<HANDLE>(add(own));
  }

  std::vector<Handle> copies_;
  std::vector<HANDLE> handles_;
  Handle memory_;
  NativeHandle message_ = kNoHandle;
  HANDLE streams_[3] = {};
};

// The list of what a new process inherits: nothing else, whatever other threads make inheritable meanwhile.
class Attributes {
 public:
  explicit Attributes(std::vector<HANDLE>& handles) {
    SIZE_T size = 0;
    ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
    place_.resize(size);
    if (!::InitializeProcThreadAttributeList(get(), 1, 0, &size) ||
        !::UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles.data(),
                                     handles.size() * sizeof(HANDLE), nullptr, nullptr)) {
      refuse("prepare a child's handles");
    }
  }
  ~Attributes() { ::DeleteProcThreadAttributeList(get()); }
  Attributes(const Attributes&) = delete;

  LPPROC_THREAD_ATTRIBUTE_LIST get() { return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(place_.data()); }

 private:
  std::vector<std::byte> place_;
};

// As CommandLineToArgvW() and the C runtime take it apart again: quotes around, backslashes doubled in front of a quote only.
std::string quoted(std::string_view argument) {
  if (!argument.empty() && argument.find_first_of(" \t\n\v\"*?") == std::string_view::npos) return std::string(argument);
  std::string result = "\"";
  std::size_t backslashes = 0;
  for (const char letter : argument) {
    if (letter == '"') result.append(backslashes + 1, '\\');
    backslashes = letter == '\\' ? backslashes + 1 : 0;
    result += letter;
  }
  return result.append(backslashes, '\\') + '"';
}

// The number after --mp-entered=, if this process was spawned.
std::optional<NativeHandle> entered_memory(int argc, char** argv) {
  if (argc < 2) return std::nullopt;
  const std::string_view argument = argv[1];
  if (!argument.starts_with(kEnteredArgument)) return std::nullopt;
  NativeHandle number = kNoHandle;
  const char* const end = argument.data() + argument.size();
  const auto parsed = std::from_chars(argument.data() + kEnteredArgument.size(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number <= 0) {
    refuse("enter: the first argument '" + std::string(argument) + "' is none that a starter gives", ERROR_INVALID_PARAMETER);
  }
  return number;
}

// main() has its arguments in the code page of the system; what was a letter of another is lost there. They stay as long as the
// process, as those that they replace.
void put_utf8_arguments(int argc, char** argv) {
  int count = 0;
  wchar_t** const arguments = ::CommandLineToArgvW(::GetCommandLineW(), &count);
  if (arguments == nullptr) return;
  for (int i = 0; i < argc && count == argc; ++i) {
    const std::string argument = narrow(arguments[i]);
    char* const copy = new char[argument.size() + 1];
    std::memcpy(copy, argument.c_str(), argument.size() + 1);
    argv[i] = copy;
  }
  ::LocalFree(arguments);
}

// Nothing: this is no message.
std::optional<Message> read_message(const View& view) {
  Front front;
  if (view.data() == nullptr) return std::nullopt;
  std::memcpy(&front, view.data(), sizeof(front));
  const std::size_t room = view.size();
  if (front.magic != kMagic || front.handles > room / sizeof(std::int64_t)) return std::nullopt;
  const std::size_t begin = sizeof(front) + front.handles * sizeof(std::int64_t);
  if (begin > room || front.size > room - begin) return std::nullopt;
  Message message;
  for (std::size_t i = 0; i < front.handles; ++i) {
    std::int64_t value;
    std::memcpy(&value, view.data() + sizeof(front) + i * sizeof(value), sizeof(value));
    Handle& handle = message.handles.emplace_back(static_cast<NativeHandle>(value));
    if (handle && !::SetHandleInformation(system_handle(handle), HANDLE_FLAG_INHERIT, 0)) refuse("enter: a handle is missing");
  }
  message.bytes.assign(view.data() + begin, view.data() + begin + front.size);
  return message;
}

}  // namespace

SpawnedProcess spawn_process(const std::string& program, const std::vector<std::string>& arguments, const Message& message) {
  Inheritance inheritance(message);
  Attributes attributes(inheritance.handles());
  const std::string name = program.empty() ? this_program() : program;
  std::string line = quoted(name) + " " + std::string(kEnteredArgument) + std::to_string(inheritance.message());
  for (const std::string& argument : arguments) line += " " + quoted(argument);
  std::wstring wide_line = wide(line);

  STARTUPINFOEXW startup{};
  startup.StartupInfo.cb = sizeof(startup);
  startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  startup.StartupInfo.hStdInput = inheritance.stream(0);
  startup.StartupInfo.hStdOutput = inheritance.stream(1);
  startup.StartupInfo.hStdError = inheritance.stream(2);
  startup.lpAttributeList = attributes.get();
  PROCESS_INFORMATION process{};
  if (!::CreateProcessW(wide(name).c_str(), wide_line.data(), nullptr, nullptr, TRUE, EXTENDED_STARTUPINFO_PRESENT, nullptr,
                        nullptr, &startup.StartupInfo, &process)) {
    refuse("start the program " + name);
  }
  ::CloseHandle(process.hThread);
  return {static_cast<std::int64_t>(process.dwProcessId), Handle(reinterpret_cast<NativeHandle>(process.hProcess))};
}

std::optional<Entry> entered(int argc, char** argv) {
  static std::atomic<bool> done = false;
  const auto number = entered_memory(argc, argv);
  if (!number || done.exchange(true)) return std::nullopt;
  put_utf8_arguments(argc, argv);
  const Handle memory(*number);
  const View view(system_handle(memory));
  auto message = read_message(view);
  if (!message) refuse("enter: there is no message of a starter", ERROR_INVALID_DATA);
  return Entry{*std::move(message)};
}

std::string this_program() {
  std::wstring path(32'768, L'\0');
  const DWORD size = ::GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
  if (size == 0) refuse("find this program's own file");
  return narrow(path.substr(0, size));
}

}  // namespace mp::platform
