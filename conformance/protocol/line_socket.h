#ifndef CONFORMANCE_PROTOCOL_LINE_SOCKET_H_
#define CONFORMANCE_PROTOCOL_LINE_SOCKET_H_

#include <cstddef>
#include <cstdint>
#include <string>

// What a line asks of the system; one file a system.
namespace mp::conformance::line_socket {

// To a numeric address. No program that this process starts has the socket. Throws std::system_error.
std::intptr_t connect(const std::string& host, std::uint16_t port);

// Blocks until some bytes have come or gone: how many; none or less when the other side has closed.
std::intptr_t receive(std::intptr_t socket, char* bytes, std::size_t size);
std::intptr_t send(std::intptr_t socket, const char* bytes, std::size_t size);

void close(std::intptr_t socket) noexcept;

}  // namespace mp::conformance::line_socket

#endif  // CONFORMANCE_PROTOCOL_LINE_SOCKET_H_
