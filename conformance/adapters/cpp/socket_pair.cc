#include "conformance/adapters/cpp/socket_pair.h"

#include <memory>

namespace mp::conformance {
namespace {

Value made(Args& args) {
  auto [first, second] = Socket::pair();
  return Tuple{args.handles().keep(std::make_shared<Socket>(std::move(first))),
               args.handles().keep(std::make_shared<Socket>(std::move(second)))};
}

}  // namespace

void offer_socketpair(Adapter& adapter) {
  adapter.make("socketpair()", made);
  adapter.type<Socket>("socket")
      .method("send(bytes)",
              [](Socket& socket, Args& args) { return static_cast<std::int64_t>(socket.send(args.bytes("bytes"))); })
      .method("recv(bufsize)",
              [](Socket& socket, Args& args) {
                return Bytes(socket.recv(static_cast<std::size_t>(args.integer("bufsize"))));
              })
      .method("fileno()", [](Socket& socket, Args&) { return static_cast<std::int64_t>(socket.fileno()); })
      .method("close()", [](Socket& socket, Args&) { socket.close(); });
}

}  // namespace mp::conformance
