#ifndef PLATFORM_POSIX_SOCKET_H_
#define PLATFORM_POSIX_SOCKET_H_

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <span>
#include <utility>

#include "platform/handle.h"

// Stream sockets as channels and endpoints need them, where POSIX leaves it to each system how to get one. All are closed on exec,
// they block, and nobody who writes to them gets SIGPIPE. Functions that return what a system call does leave the reason in errno.
namespace mp::platform {

extern const int kSendFlags;           // for each send() and sendmsg()
extern const int kReceiveFlags;        // for each recvmsg()
extern const bool kSendHeedsDontWait;  // else MSG_DONTWAIT is for receiving only

Handle make_socket(int domain);                // throws OsError
std::pair<Handle, Handle> make_socket_pair();  // throws OsError
int accept_socket(int fd, sockaddr* from, socklen_t* size);
// The reason of an accept that failed: nobody is there any more, or the network failed for this one? The next in the queue may be well.
bool was_lost_in_the_queue(int code);
int domain_of_socket(int fd);  // AF_UNIX ...; -1 for what is no socket

// For a descriptor that was made by somebody else and is to be a road of messages.
void prepare_road(int fd) noexcept;
// For a descriptor that came with a message.
void prepare_arrived(int fd) noexcept;
// The reason of a receive that failed: no room for the descriptors that came along?
bool lacked_descriptors(int code);
// To a pipe.
ssize_t write_quietly(int fd, std::span<const iovec> parts);

void set_blocking(int fd, bool blocking) noexcept;

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_SOCKET_H_
