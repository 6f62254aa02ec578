#include "platform/windows/channel_pipe.h"

#include <random>

#include "platform/windows/empty_messages.h"
#include "platform/windows/request.h"
#include "platform/windows/system.h"

namespace mp::platform {
namespace {

constexpr DWORD kBuffer = 64 * 1024;  // two pieces of a channel

}  // namespace

Handle new_pipe(const std::string& name, unsigned most_instances, bool first, NativeHandle tag) {
  const DWORD how = PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0);
  const DWORD kind = PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS;
  return owned(::CreateNamedPipeW(wide(name).c_str(), how, kind, most_instances, kBuffer, kBuffer, 0, nullptr),
               "make the pipe " + name, tag);
}

Handle open_pipe(const std::string& name, NativeHandle tag) {
  Handle pipe = owned(::CreateFileW(wide(name).c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                    FILE_FLAG_OVERLAPPED, nullptr),
                      "open the pipe " + name, tag);
  DWORD mode = PIPE_READMODE_MESSAGE;
  if (!::SetNamedPipeHandleState(system_handle(pipe), &mode, nullptr, nullptr)) refuse("open the pipe " + name);
  return pipe;
}

// A read of no bytes ends as soon as there is something to read, and takes nothing, but for an empty message.
bool pipe_is_silent(NativeHandle pipe, Deadline deadline) {
  if (has_empty_message(pipe)) return false;
  DWORD size = 0;
  const bool may_be_empty = has_tag(pipe, kMessageTag);
  if (!::PeekNamedPipe(system_handle(pipe), nullptr, 0, nullptr, &size, nullptr) || size > 0) return false;
  if (deadline.has_passed() && !may_be_empty) return true;
  const Answer answer = read(system_handle(pipe), {}, deadline);
  if (answer.code == ERROR_SUCCESS && may_be_empty) note_empty_message(pipe);
  return answer.code == WAIT_TIMEOUT;
}

std::string random_word() {
  std::random_device random;
  return std::to_string(random()) + std::to_string(random());
}

}  // namespace mp::platform
