#ifndef REFERENCE_AUTHENTICATION_H_
#define REFERENCE_AUTHENTICATION_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "reference/connection.h"
#include "reference/wait.h"

namespace mp {

// How long the other end may take for a handshake unless one says otherwise. (A round trip takes microseconds; the rest is
// for machines that are busy and lines that are long.)
inline constexpr Wait kHandshakeTime = std::chrono::seconds(5);

// The messages with which both ends of a connection prove to each other that they know a key, without sending it; without any
// input or output, so that whoever waits for messages does it in its own way.
//
//     listener                                  client
//       #CHALLENGE#{sha256}<40 random bytes> ───>        deliver | answer
//       <─── {sha256}<HMAC of all behind #CHALLENGE#>
//       #WELCOME#, or #FAILURE# and the end ───>
//       <─── #CHALLENGE#...                               answer | deliver
//       ...
//
// That is CPython's handshake since 3.12. Older editions send 20 random bytes without a {name}, and answer every challenge with 16 bytes, the
// HMAC-MD5 without a name; both are understood, so that each edition can be at the other end. (HMAC-MD5 is old but not broken:
// what is known against MD5 does not find the digest for a challenge that one did not choose.)
//
// Owns:    the key and its own challenge.
// Shares:  nothing.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  std::bad_alloc, and OsError when the system has no random bytes. What the other end sends is judged, never thrown.
//
// An answer proves that *somebody* knows the key: who sits between two ends and hands on the messages of both is not found out, and all that
// follows the handshake is plain text. Against that, use a line that is protected otherwise.
class Handshake {
 public:
  enum class Role {
    kDeliver,   // ask for a proof
    kAnswer,    // give one
    kListener,  // deliver, then answer
    kClient,    // answer, then deliver
  };
  enum class State { kWaiting, kDone, kRefused };

  // No message of a handshake is longer; whoever sends one is refused without reading it.
  static constexpr std::size_t kLongest = 256;

  Handshake(Role role, std::string authkey);

  // What to send before the first message comes; empty: nothing.
  const std::string& opening() const { return opening_; }
  // A message came, while kWaiting: what to send back, also to one that was just refused; empty: nothing.
  std::string next(std::string_view message);

  State state() const { return state_; }
  // Why it was refused, as half a sentence.
  const std::string& reason() const { return reason_; }

 private:
  enum class Expects { kDigest, kChallenge, kWelcome, kNothing };

  std::string judge_digest(std::string_view digest);
  std::string answer(std::string_view challenge);
  std::string welcomed(std::string_view message);
  std::string deliver();
  std::string refuse(std::string reason, std::string farewell = {});
  void finish();

  std::string authkey_;
  Expects expects_;
  bool second_half_;       // is still to come
  std::string challenge_;  // ours, without its mark
  std::string opening_;
  State state_ = State::kWaiting;
  std::string reason_;
};

// The two halves of the handshake on a connection that is there already.
//
// [listener.deliver-challenge.right] Sends a random message and waits for its digest; welcomes the other end if it is right, else tells it so and
// throws AuthenticationError. [listener.answer-challenge] Waits for a message, sends its digest, and throws AuthenticationError if no welcome
// comes back.
//
// AuthenticationError also for an end that is silent longer than `timeout`, closes, or sends something else: after any error the
// connection is of no more use.
void deliver_challenge(const Connection& connection, const std::string& authkey, Wait timeout = kHandshakeTime);
void answer_challenge(const Connection& connection, const std::string& authkey, Wait timeout = kHandshakeTime);

// A whole handshake on it.
void authenticate(const Connection& connection, Handshake::Role role, const std::string& authkey,
                  Wait timeout = kHandshakeTime);

}  // namespace mp

#endif  // REFERENCE_AUTHENTICATION_H_
