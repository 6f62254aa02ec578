#ifndef PLATFORM_DIGEST_H_
#define PLATFORM_DIGEST_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mp::platform {

enum class DigestKind { kMd5, kSha256, kSha384, kSha3_256, kSha3_384 };

// The HMAC (RFC 2104) of a message: bytes that only somebody with the key can compute. Any length of key will do, zero too.
// Every system has SHA-256 and SHA-384. Nothing when this one does not offer that digest (MD5 under FIPS rules, SHA-3 on older
// systems). Any thread; never blocks; throws std::bad_alloc only.
std::optional<std::string> keyed_digest(DigestKind kind, std::string_view key, std::string_view message);

// Bytes that nobody can guess. Throws OsError when the system has none.
std::string random_bytes(std::size_t size);

}  // namespace mp::platform

#endif  // PLATFORM_DIGEST_H_
