#ifndef REFERENCE_SLICE_OBJECT_H_
#define REFERENCE_SLICE_OBJECT_H_

#include <optional>
#include <string>

#include "reference/object.h"
#include "reference/slice.h"

// Those of Python's classes that sequences meet, as Objects: slice, array.array, range.
namespace mp {

std::optional<Slice> slice_in(const Object& object);
Object slice_object(const Slice& slice);

// A number as an element of that C type (b B h H i I l L q Q f d): ValueError for another code, OverflowError and TypeError for what does
// not fit.
Object array_item(const std::string& typecode, const Object& item);
Object array_object(const std::string& typecode, const List& items);
std::optional<List> items_of_array(const Object& object);

std::optional<List> items_of_range(const Object& object);

}  // namespace mp

#endif  // REFERENCE_SLICE_OBJECT_H_
