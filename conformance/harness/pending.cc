#include "conformance/harness/pending.h"

#include <ostream>

#include "conformance/harness/actor.h"
#include "conformance/harness/testee.h"

namespace mp::conformance {
namespace {

void expect_offered(const Exchange& exchange) {
  if (!exchange.answer) return;
  const auto& result = exchange.answer->result;
  if (const auto* unsupported = std::get_if<Unsupported>(&result)) {
    throw NotOffered(exchange.call + ": " + unsupported->what);
  }
  if (const auto* error = std::get_if<Error>(&result); error != nullptr && error->types.front() == "ProtocolError") {
    throw Unresolved("protocol error", exchange.call + ": the adapter does not understand the request: " + error->text);
  }
}

}  // namespace

std::string text_of(const Exchange& exchange) {
  if (!exchange.answer) {
    std::string text = "no answer to " + exchange.call + ": " + (exchange.lost.empty() ? "not yet" : exchange.lost);
    if (!exchange.details.empty()) text += "\n" + exchange.details;
    return text;
  }
  const auto& result = exchange.answer->result;
  if (const auto* value = std::get_if<Value>(&result)) return exchange.testee->named(*value);
  if (const auto* error = std::get_if<Error>(&result)) return "raised " + printed(*error);
  if (const auto* unsupported = std::get_if<Unsupported>(&result)) return "not offered: " + unsupported->what;
  return "answers of a batch";
}

std::string cause_of(const Exchange& exchange) {
  if (!exchange.lost.empty()) return exchange.lost;
  const bool is_value = exchange.answer && std::holds_alternative<Value>(exchange.answer->result);
  return is_value ? "wrong answer" : "wrong error";
}

Reply::Seen::~Seen() {
  const bool is_surprise = !exchange->answer || std::holds_alternative<Error>(exchange->answer->result);
  if (!looked && is_surprise) exchange->testee->note_surprise(*exchange);
}

Reply::Reply(std::shared_ptr<const Exchange> exchange) : seen_(std::make_shared<Seen>(std::move(exchange))) {}

const Value* Reply::value() const {
  seen_->looked = true;
  return exchange().answer ? std::get_if<Value>(&exchange().answer->result) : nullptr;
}

const Error* Reply::error() const {
  seen_->looked = true;
  return exchange().answer ? std::get_if<Error>(&exchange().answer->result) : nullptr;
}

bool Reply::returned() const { return value() != nullptr; }

const Value& Reply::arranged() const {
  if (const Value* value = this->value()) return *value;
  throw Unresolved(cause_of(exchange()), exchange().place + ": " + exchange().call + ": " + text());
}

Reply::operator Value() const { return arranged(); }

Reply::operator Ref() const {
  const Value& value = arranged();
  if (const auto* handle = value.as<Handle>()) return Ref(handle->number);
  throw Unresolved("wrong answer", exchange().place + ": " + exchange().call + " should give an object, not " + text());
}

std::pair<Ref, Ref> Reply::pair() const {
  const auto* two = arranged().as<Tuple>();
  if (two != nullptr && two->items.size() == 2) {
    const auto *first = two->items[0].as<Handle>(), *second = two->items[1].as<Handle>();
    if (first != nullptr && second != nullptr) return {Ref(first->number), Ref(second->number)};
  }
  throw Unresolved("wrong answer", exchange().place + ": " + exchange().call + " should give two objects, not " + text());
}

double Reply::seconds() const { return exchange().answer ? exchange().answer->seconds : 0; }
double Reply::at() const { return exchange().answer ? exchange().answer->at : 0; }

// A comparison that does not hold says how, for the case that a test makes a failure of it.
bool operator==(const Reply& reply, const Value& value) {
  const Value* got = reply.value();
  if (got != nullptr && *got == value) return true;
  reply.exchange().testee->note_failure(reply.exchange());
  return false;
}

bool operator==(const Reply& a, const Reply& b) {
  if (const Value* value = b.value()) return a == *value;
  b.exchange().testee->note_failure(b.exchange());
  return false;
}

bool operator!=(const Reply& reply, const Value& value) {
  const Value* got = reply.value();
  if (got != nullptr && *got != value) return true;
  reply.exchange().testee->note_failure(reply.exchange());
  return false;
}

std::partial_ordering operator<=>(const Reply& reply, const Value& value) {
  if (const Value* got = reply.value()) return *got <=> value;
  reply.exchange().testee->note_failure(reply.exchange());
  return std::partial_ordering::unordered;
}

void PrintTo(const Reply& reply, std::ostream* out) { *out << reply.text(); }

Reply Pending::reply() const {
  exchange_->testee->await(*exchange_);
  expect_offered(*exchange_);
  return Reply(exchange_);
}

std::optional<Reply> Pending::reply_now() const {
  if (!exchange_->is_closed()) return std::nullopt;
  return reply();
}

Value see(const Reply& reply) {
  if (const Value* value = reply.value()) return *value;
  throw Broken(cause_of(reply.exchange()), reply.exchange().place + ": " + reply.exchange().call + ": " + reply.text());
}

Value see(const Pending& pending) { return see(pending.reply()); }

}  // namespace mp::conformance
