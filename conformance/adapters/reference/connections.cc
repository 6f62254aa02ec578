#include "conformance/adapters/cpp/recorder.h"
#include "conformance/adapters/cpp/socket_pair.h"
#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/makers.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/authentication.h"
#include "reference/connection.h"
#include "reference/listener.h"
#include "reference/wait_many.h"

namespace mp::conformance {
namespace {

template <class From>
Value pipe(const From& from, Args& args) {
  auto [first, second] = from.Pipe(args.flag("duplex"));
  return Tuple{args.handles().keep(std::make_shared<Connection>(std::move(first))),
               args.handles().keep(std::make_shared<Connection>(std::move(second)))};
}

std::optional<std::int64_t> integer_or_none(Args& args, std::string_view name) {
  if (args[name].is_none()) return std::nullopt;
  return args.integer(name);
}

void send_bytes(Connection& connection, Args& args) {
  const auto send = [&](const auto& buffer) {
    connection.send_bytes(buffer, args.integer("offset"), integer_or_none(args, "size"));
  };
  if (args["buf"].is<Handle>()) return send(args.object<ByteBuffer>("buf")->bytes);
  send(args.bytes("buf"));
}

Value recv_bytes(Connection& connection, Args& args) {
  const std::vector<std::byte> bytes = connection.recv_bytes(integer_or_none(args, "maxlength"));
  return Bytes(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// Without an argument poll() looks and does not wait; None is for ever.
bool poll(Connection& connection, Args& args) { return connection.poll(wait_of(args, "timeout")); }

Waitable waitable_in(Args& args, const Value& object) {
  if (!object.is<Handle>()) return object.integer();
  if (const auto socket = args.handles().find(*object.as<Handle>()).as<Socket>()) return socket->fileno();
  return *args.object_of<Connection>(object);
}

// Waits for connections, sockets, and sentinels, which are numbers; gives back the same values.
Value wait_many(Args& args) {
  std::vector<Waitable> waitables;
  const Values& objects = args["object_list"].items();
  for (const Value& object : objects) waitables.push_back(waitable_in(args, object));
  const std::vector<Waitable> ready = mp::wait(waitables, wait_of(args, "timeout"));
  Values values;
  std::size_t next = 0;
  for (const Waitable& waitable : ready) {
    while (!(waitables[next] == waitable)) ++next;
    values.push_back(objects[next++]);
  }
  return List::of(std::move(values));
}

// A tuple of host and port, a text, or None for an arbitrary one.
Address address_in(const Value& value) {
  if (value.is_none()) return {};
  if (value.is<std::string>()) return Address(value.text());
  const auto* pair = value.as<Tuple>();
  if (pair == nullptr || pair->items.size() != 2)
    type_error("an address is a tuple of host and port, or a text, not " + printed(value));
  return Address(pair->items[0].text(), static_cast<int>(pair->items[1].integer()));
}

Value value_of(const Address& address) {
  if (address.family() == "AF_INET") return Tuple{address.host(), address.port()};
  return address.path();
}

std::string family_in(Args& args) { return args["family"].is_none() ? "" : args.text("family"); }

std::optional<std::string> key_in(Args& args) {
  if (args["authkey"].is_none()) return std::nullopt;
  return args.bytes("authkey");
}

void offer_listeners(Adapter& adapter) {
  adapter.type<Listener>("Listener")
      .make("Listener(address=None, family=None, backlog=1, authkey=None)",
            [](Args& args) {
              return Listener(address_in(args["address"]), {.family = family_in(args),
                                                            .backlog = static_cast<int>(args.integer("backlog")),
                                                            .authkey = key_in(args)});
            })
      .method("accept()", [](Listener& listener, Args&) { return listener.accept(); })
      .method("close()", [](Listener& listener, Args&) { listener.close(); })
      .method("__enter__()", [](Listener& listener, Args&) { return borrowed(&listener); })
      .method("__exit__()", [](Listener& listener, Args&) { listener.close(); })
      .get("address", [](Listener& listener, Args&) { return value_of(listener.address()); })
      .get("last_accepted", [](Listener& listener, Args&) {
        const std::optional<Address> address = listener.last_accepted();
        return address ? value_of(*address) : Value();
      });
  adapter.make("Client(address, family=None, authkey=None)", [](Args& args) {
    return Client(address_in(args["address"]), {.family = family_in(args), .authkey = key_in(args)});
  });
  adapter.function("deliver_challenge(connection, authkey)", [](Args& args) {
    deliver_challenge(*args.object<Connection>("connection"), args.bytes("authkey"));
  });
  adapter.function("answer_challenge(connection, authkey)",
                   [](Args& args) { answer_challenge(*args.object<Connection>("connection"), args.bytes("authkey")); });
}

}  // namespace

void offer_connections(Adapter& adapter) {
  Luggage::travels<Connection>();
  offer_class(adapter, "Pipe(duplex=True)", [](const auto& from, Args& args) { return pipe(from, args); });
  adapter.type<Connection>("Connection")
      .method("send(obj)",
              [](Connection& connection, Args& args) { connection.send(to_object(args["obj"], args.handles())); })
      .method("recv()", [](Connection& connection, Args& args) { return to_value(connection.recv(), args.handles()); })
      .method("send_bytes(buf, offset=0, size=None)", send_bytes)
      .method("recv_bytes(maxlength=None)", recv_bytes)
      .method("recv_bytes_into(buf, offset=0)",
              [](Connection& connection, Args& args) {
                return connection.recv_bytes_into(args.object<ByteBuffer>("buf")->bytes, args.integer("offset"));
              })
      .method("poll(timeout=0.0)", poll)
      .method("fileno()", [](Connection& connection, Args&) { return connection.fileno(); })
      .method("close()", [](Connection& connection, Args&) { connection.close(); })
      .method("__enter__()", [](Connection& connection, Args&) { return borrowed(&connection); })
      .method("__exit__()", [](Connection& connection, Args&) { connection.close(); })
      .get("closed", [](Connection& connection, Args&) { return connection.closed(); })
      .get("readable", [](Connection& connection, Args&) { return connection.readable(); })
      .get("writable", [](Connection& connection, Args&) { return connection.writable(); });
  adapter.function("wait(object_list, timeout=None)", wait_many);
  offer_socketpair(adapter);
  offer_listeners(adapter);
}

}  // namespace mp::conformance
