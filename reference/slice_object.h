#ifndef REFERENCE_SLICE_OBJECT_H_
#define REFERENCE_SLICE_OBJECT_H_

#include <cstddef>
#include <optional>
#include <string>

#include "reference/object.h"
#include "reference/slice.h"

// Those of Python's classes that sequences meet, as Objects: slice, array.array, range.
namespace mp {

std::optional<Slice> slice_in(const Object& object);
Object slice_object(const Slice& slice);
// The place that an index means in a sequence of that length. IndexError with that text for none.
std::size_t index_in(const Object& index, std::size_t size, const char* text);

// A number as an element of that C type (b B h H i I l L q Q f d): ValueError for another code, OverflowError and TypeError for what does
// not fit.
Object array_item(const std::string& typecode, const Object& item);
Object array_object(const std::string& typecode, const List& items);
std::optional<List> items_of_array(const Object& object);

std::optional<List> items_of_range(const Object& object);
// What list(x) would make of it. TypeError for what cannot be iterated over.
List items_of(const Object& sequence);

// What `items[slice]` is, and what `items[slice] = fresh` and `del items[slice]` do. ValueError for so many that they do not fit.
List slice_of(const List& items, const Slice& slice);
void assign_slice(List& items, const Slice& slice, List fresh);
void erase_slice(List& items, const Slice& slice);

}  // namespace mp

#endif  // REFERENCE_SLICE_OBJECT_H_
