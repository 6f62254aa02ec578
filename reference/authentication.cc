#include "reference/authentication.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "platform/digest.h"
#include "reference/error.h"

namespace mp {
namespace {

using platform::DigestKind;

constexpr std::string_view kChallenge = "#CHALLENGE#";
constexpr std::string_view kWelcome = "#WELCOME#";
constexpr std::string_view kFailure = "#FAILURE#";

constexpr std::size_t kRandomBytes = 40;
constexpr std::size_t kOldChallenge = 20;  // bytes, of editions before 3.12: MD5, and no name before the digest
constexpr std::size_t kOldDigest = 16;

constexpr std::array<std::pair<std::string_view, DigestKind>, 5> kDigests = {{
    {"md5", DigestKind::kMd5},
    {"sha256", DigestKind::kSha256},
    {"sha384", DigestKind::kSha384},
    {"sha3_256", DigestKind::kSha3_256},
    {"sha3_384", DigestKind::kSha3_384},
}};
constexpr std::string_view kOurs = "{sha256}";

// "{sha256}rest", taken apart.
struct Named {
  std::string_view mark;  // with its braces
  DigestKind kind;
  std::string_view rest;
};
std::optional<Named> named(std::string_view text) {
  if (!text.starts_with('{')) return std::nullopt;
  for (const auto& [name, kind] : kDigests) {
    const std::size_t size = name.size() + 2;
    if (text.size() >= size && text.substr(1, name.size()) == name && text[size - 1] == '}') {
      return Named{text.substr(0, size), kind, text.substr(size)};
    }
  }
  return std::nullopt;
}

// Takes the same time wherever they differ: how long a refusal takes tells nothing about the right digest.
bool are_same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

}  // namespace

Handshake::Handshake(Role role, std::string authkey)
    : authkey_(std::move(authkey)),
      expects_(role == Role::kDeliver || role == Role::kListener ? Expects::kDigest : Expects::kChallenge),
      second_half_(role == Role::kListener || role == Role::kClient) {
  if (expects_ == Expects::kDigest) opening_ = deliver();
}

std::string Handshake::next(std::string_view message) {
  switch (expects_) {
    case Expects::kDigest: return judge_digest(message);
    case Expects::kChallenge: return answer(message);
    case Expects::kWelcome: return welcomed(message);
    case Expects::kNothing: break;
  }
  return {};
}

std::string Handshake::deliver() {
  expects_ = Expects::kDigest;
  challenge_ = std::string(kOurs) + platform::random_bytes(kRandomBytes);
  return std::string(kChallenge) + challenge_;
}

std::string Handshake::judge_digest(std::string_view digest) {
  // An edition before 3.12 takes our mark for a part of the challenge, so what is digested is the same.
  const std::optional<Named> parts = digest.size() == kOldDigest ? Named{{}, DigestKind::kMd5, digest} : named(digest);
  if (!parts) return refuse("the other end sent no digest, or one that is not known here", std::string(kFailure));
  const std::optional<std::string> right = platform::keyed_digest(parts->kind, authkey_, challenge_);
  if (!right) return refuse("the digest that the other end chose is not offered by this system", std::string(kFailure));
  if (!are_same(*right, parts->rest)) return refuse("the other end has another key", std::string(kFailure));
  if (std::exchange(second_half_, false)) {
    expects_ = Expects::kChallenge;
  } else {
    finish();
  }
  return std::string(kWelcome);
}

std::string Handshake::answer(std::string_view message) {
  if (!message.starts_with(kChallenge))
    return refuse("the other end sent something else where a challenge was due: it may have no key");
  const std::string_view challenge = message.substr(kChallenge.size());
  const bool is_old = challenge.size() == kOldChallenge;
  const std::optional<Named> parts = is_old ? Named{{}, DigestKind::kMd5, challenge} : named(challenge);
  // Few bytes could be a challenge that was asked before: our answer would serve somebody a second time.
  if (!parts || (!is_old && parts->rest.size() < kOldChallenge)) {
    return refuse("the challenge of the other end is too short, or names no digest that is known here");
  }
  const std::optional<std::string> digest = platform::keyed_digest(parts->kind, authkey_, challenge);
  if (!digest) return refuse("the digest that the other end asks for is not offered by this system");
  expects_ = Expects::kWelcome;
  return std::string(parts->mark) + *digest;
}

std::string Handshake::welcomed(std::string_view message) {
  if (message != kWelcome) return refuse("the other end did not accept our digest: it has another key");
  if (std::exchange(second_half_, false)) return deliver();
  finish();
  return {};
}

std::string Handshake::refuse(std::string reason, std::string farewell) {
  state_ = State::kRefused;
  expects_ = Expects::kNothing;
  reason_ = std::move(reason);
  return farewell;
}

void Handshake::finish() {
  state_ = State::kDone;
  expects_ = Expects::kNothing;
}

void authenticate(const Connection& connection, Handshake::Role role, const std::string& authkey, Wait timeout) {
  const platform::Deadline deadline = timeout.deadline();
  Handshake handshake(role, authkey);
  // The messages are small: they fit into the empty buffers of the road, and nobody waits to send them.
  const auto send = [&](const std::string& message) {
    if (!message.empty()) connection.send_bytes(message);
  };
  try {
    send(handshake.opening());
    while (handshake.state() == Handshake::State::kWaiting) {
      const Wait rest = deadline.is_never() ? Wait::forever() : Wait(deadline.remaining());
      const std::vector<std::byte> message = connection.recv_bytes(Handshake::kLongest, rest);
      send(handshake.next(characters(message)));
    }
  } catch (const TimeoutError&) {
    throw AuthenticationError(
        "the other end did not take part in the handshake in time: it may have no key, or nobody accepts there");
  } catch (const EOFError&) {
    throw AuthenticationError("the other end closed the connection in the middle of the handshake");
  } catch (const OSError& error) {
    if (connection.closed()) throw;
    throw AuthenticationError(std::string("the handshake broke off: ") + error.what());
  }
  if (handshake.state() == Handshake::State::kRefused)
    throw AuthenticationError("not authenticated: " + handshake.reason());
}

void deliver_challenge(const Connection& connection, const std::string& authkey, Wait timeout) {
  authenticate(connection, Handshake::Role::kDeliver, authkey, timeout);
}

void answer_challenge(const Connection& connection, const std::string& authkey, Wait timeout) {
  authenticate(connection, Handshake::Role::kAnswer, authkey, timeout);
}

}  // namespace mp
