#include "conformance/suites/manager_moments.h"

#include "conformance/suites/pool_moments.h"

namespace mp::conformance {
namespace {

Ref handle_in(const Value& value, const Exchange& exchange) {
  if (const auto* handle = value.as<Handle>()) return Ref(handle->number);
  throw Broken("wrong answer", exchange.place + ": " + exchange.call + " should give an object, not " + printed(value));
}

}  // namespace

Ref start_manager(Caller& caller, const Kwargs& options) {
  const Ref manager = caller.make("BaseManager", options);
  caller.call(manager, "start");
  return manager;
}

Foreground serve_in(Actor& actor, const Kwargs& options) {
  const Ref manager = actor.make("BaseManager", options);
  const Ref server = actor.call(manager, "get_server");
  const Value address = actor.get(server, "address");
  return {server, address, actor.thread("server").begin(server, "serve_forever")};
}

Starting begin_start(Actor& maker, const Kwargs& options) {
  const Ref manager = maker.make("BaseManager", options);
  Actor& server = maker.testee().expect_actor();
  const Pending start = maker.begin(manager, "start", kServe, Tuple{server.name()});
  await_started(server);
  return {manager, server, start};
}

void let_serve(const Starting& starting) {
  starting.server.bye();
  starting.start.reply();
}

Kwargs served_at(const Value& address, const std::string& key) {
  return {{"address", address}, {"authkey", Bytes(key)}};
}

Ref make_client(Caller& caller, const Value& address, const std::string& key) {
  return caller.make("ClientManager", served_at(address, key));
}

Ref connect_client(Caller& caller, const Value& address, const std::string& key) {
  const Ref client = make_client(caller, address, key);
  caller.call(client, "connect");
  return client;
}

Value address_of_manager(Caller& caller, Ref manager) { return caller.get(manager, "address"); }

Value abandoned_address(Caller& caller) {
  const Ref listener = caller.make("Listener");
  const Value address = caller.get(listener, "address");
  caller.call(listener, "close");
  return address;
}

// Beside a file that stays in use, since its directory may go with it.
Value free_address(Caller& caller) {
  const Ref listener = caller.make("Listener");
  const Value address = caller.get(listener, "address");
  if (address.is<std::string>()) return address.text() + "2";
  caller.call(listener, "close");
  return address;
}

Ref object_in(const Reply& reply) { return handle_in(see(reply), reply.exchange()); }

std::vector<Ref> children_of(Caller& caller) {
  const Reply reply = caller.call("active_children");
  const Value children = reply;
  std::vector<Ref> refs;
  for (const Value& child : children.items()) refs.push_back(handle_in(child, reply.exchange()));
  return refs;
}

Ref only_child_of(Caller& caller) {
  const std::vector<Ref> children = children_of(caller);
  if (children.size() == 1) return children.front();
  throw Unresolved("not reached", "there should be one child, not " + std::to_string(children.size()));
}

Step items_of(Ref list) { return Step::call(list, "__getitem__", Slice{None, None, None}); }

testing::AssertionResult not_there(const char* text, const Pending& pending) {
  const Exchange& exchange = pending.exchange();
  exchange.testee->wait_for_limit([&] { return exchange.is_closed(); });
  if (exchange.answer && !std::holds_alternative<Value>(exchange.answer->result)) return testing::AssertionSuccess();
  return testing::AssertionFailure() << text << "\n  expected: it is refused\n  seen:     " << pending.reply().text();
}

}  // namespace mp::conformance
