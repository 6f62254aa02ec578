#include "conformance/adapters/cpp/recorder.h"
#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/connection.h"
#include "reference/wait_many.h"

namespace mp::conformance {
namespace {

Value pipe(Args& args) {
  auto [first, second] = Pipe(args.flag("duplex"));
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

// Waits for connections and for sentinels, which are numbers; gives back the same values.
Value wait_many(Args& args) {
  std::vector<Waitable> waitables;
  const Values& objects = args["object_list"].items();
  for (const Value& object : objects) {
    if (object.is<Handle>()) {
      waitables.emplace_back(*args.object_of<Connection>(object));
    } else {
      waitables.emplace_back(object.integer());
    }
  }
  const std::vector<Waitable> ready = mp::wait(waitables, wait_of(args, "timeout"));
  Values values;
  std::size_t next = 0;
  for (const Waitable& waitable : ready) {
    while (!(waitables[next] == waitable)) ++next;
    values.push_back(objects[next++]);
  }
  return List::of(std::move(values));
}

}  // namespace

void offer_connections(Adapter& adapter) {
  Luggage::travels<Connection>();
  adapter.make("Pipe(duplex=True)", pipe);
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
}

}  // namespace mp::conformance
