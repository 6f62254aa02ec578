#ifndef SPEC_NEAREST_H_
#define SPEC_NEAREST_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mp::spec {

// The names that somebody who wrote `word` may have meant, best first, at most `most`: those of which `word` is a part,
// then those that differ from it by a few letters, none much worse than the best. Empty if nothing is near.
std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string_view> names, std::size_t most);

// "did you mean queue.put.full or queue.get.full?", or "" if nothing is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> names);

}  // namespace mp::spec

#endif  // SPEC_NEAREST_H_
