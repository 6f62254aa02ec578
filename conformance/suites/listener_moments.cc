#include "conformance/suites/listener_moments.h"

namespace mp::conformance {
namespace {

constexpr int kMostErrors = 3;

Ref handle_in(const Value& value, const Exchange& exchange) {
  if (const auto* handle = value.as<Handle>()) return Ref(handle->number);
  throw Broken("wrong answer", exchange.place + ": " + exchange.call + " should give an object, not " + printed(value));
}

}  // namespace

Ref made(const Reply& reply) { return handle_in(see(reply), reply.exchange()); }
Ref made(const Pending& pending) { return made(pending.reply()); }

Kwargs with_key(const std::string& key) { return {{"authkey", Bytes(key)}}; }
Kwargs of_family(const std::string& family) { return {{"family", family}}; }

Value address_of(Caller& caller, Ref listener) { return caller.get(listener, "address"); }

Value path_beside(Caller& caller, Ref unix_listener) {
  const Value address = address_of(caller, unix_listener);
  if (!address.is<std::string>())
    throw Unresolved("not reached", "the address of a Unix socket is no text: " + printed(address));
  return address.text() + "2";
}

Value abandoned_address(Caller& caller, const std::string& family) {
  const Ref listener = caller.make("Listener", of_family(family));
  const Value address = address_of(caller, listener);
  caller.call(listener, "close");
  return address;
}

Ends connect(Caller& server, Ref listener, Caller& client, const Kwargs& options) {
  const Pending calling = client.begin(Step::make("Client", address_of(server, listener), options));
  const Ref accepted = made(server.call(listener, "accept"));
  return {server, accepted, client, made(calling)};
}

void expect_connected(const Ends& ends) {
  EXPECT_RETURNED(ends.client.call(ends.called, "send", "there"));
  EXPECT_EQ(ends.server.call(ends.accepted, "recv"), "there");
  EXPECT_RETURNED(ends.server.call(ends.accepted, "send", "back"));
  EXPECT_EQ(ends.client.call(ends.called, "recv"), "back");
}

Ref connect_in_silence(Caller& caller, const Value& address) { return caller.make("Client", address); }

void expect_next_is_accepted(Caller& server, Ref listener, Caller& client, const std::string& key) {
  const Pending calling = client.begin(Step::make("Client", address_of(server, listener), with_key(key)));
  Reply accepted = server.call(listener, "accept");
  for (int errors = 0; accepted.error() != nullptr && errors < kMostErrors; ++errors)
    accepted = server.call(listener, "accept");
  expect_connected({server, made(accepted), client, made(calling)});
}

}  // namespace mp::conformance
