#ifndef REFERENCE_SLICE_H_
#define REFERENCE_SLICE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mp {

// Some of the places of a sequence, as Python writes start:stop:step. What is left out means from the beginning, to the end, by one
// (backwards, from the end to the beginning). Negative places count from the end; a slice that reaches beyond is cut, never an error.
//
//   numbers.get({.start = 1})  numbers.get({.stop = -1})  numbers.get({.step = -1})  numbers.get(Slice{})
struct Slice {
  std::optional<std::int64_t> start = {};
  std::optional<std::int64_t> stop = {};
  std::optional<std::int64_t> step = {};
};

// The places that a slice means in a sequence of a known length: first, first + step ... count of them.
struct Places {
  std::int64_t first;
  std::int64_t step;
  std::size_t count;

  std::size_t operator[](std::size_t i) const { return static_cast<std::size_t>(first + step * std::int64_t(i)); }
};

// Throws ValueError for a step of zero.
Places places_of(const Slice& slice, std::size_t length);

// The place that an index means. Throws IndexError for one outside, at either end.
std::size_t place_of(std::int64_t index, std::size_t length);

}  // namespace mp

#endif  // REFERENCE_SLICE_H_
