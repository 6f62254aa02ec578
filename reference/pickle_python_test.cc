// Pickles from and for a real Python: the corpus is in pickle_peer.py.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "reference/pickle.h"

namespace mp {
namespace {

constexpr int kProtocols = 6;

std::string scratch(const std::string& name) { return (std::filesystem::path(testing::TempDir()) / name).string(); }

int run_python(const std::string& verb, const std::string& file) {
  return std::system(("python3 reference/pickle_peer.py " + verb + " '" + file + "'").c_str());
}

void put_number(std::ostream& out, std::size_t number) {
  for (int shift = 0; shift < 32; shift += 8) out.put(static_cast<char>(number >> shift));
}

std::optional<std::string> take_block(std::istream& in) {
  unsigned char length[4];
  if (!in.read(reinterpret_cast<char*>(length), 4)) return std::nullopt;
  std::string block(length[0] | length[1] << 8 | length[2] << 16 | std::size_t{length[3]} << 24, '\0');
  in.read(block.data(), static_cast<std::streamsize>(block.size()));
  return block;
}

struct Value {
  std::string repr;
  std::vector<std::string> pickles;
};

std::vector<Value> corpus_of_python() {
  const std::string file = scratch("python_pickles");
  EXPECT_EQ(run_python("write", file), 0);
  std::ifstream in(file, std::ios::binary);
  std::vector<Value> corpus;
  while (const auto repr = take_block(in)) {
    Value value{*repr, {}};
    for (int i = 0; i < kProtocols; ++i) value.pickles.push_back(take_block(in).value());
    corpus.push_back(std::move(value));
  }
  return corpus;
}

Object load(const std::string& pickle) { return pickle::loads(bytes(pickle)); }

// The order of sets is each program's own, and what has no literal prints in another way here.
bool prints_alike(const Object& object) {
  switch (object.kind()) {
    case Object::Kind::kSet: case Object::Kind::kFrozenSet: case Object::Kind::kInstance: case Object::Kind::kGlobal: return false;
    case Object::Kind::kList:
      return std::all_of(object.get<List>().begin(), object.get<List>().end(), prints_alike);
    case Object::Kind::kDict: {
      const Dict& dict = object.get<Dict>();
      return std::all_of(dict.begin(), dict.end(), [](const Dict::Entry& entry) { return prints_alike(entry.key); });
    }
    default: return true;
  }
}

TEST(PickleOfPython, ReadsAsTheSameValueInEveryProtocol) {
  const std::vector<Value> corpus = corpus_of_python();
  ASSERT_GT(corpus.size(), 100u);
  for (const Value& value : corpus) {
    const Object newest = load(value.pickles.back());
    if (prints_alike(newest)) {
      EXPECT_EQ(newest.repr(), value.repr);
    }
    for (int protocol = 0; protocol < kProtocols; ++protocol) {
      const Object object = load(value.pickles[static_cast<std::size_t>(protocol)]);
      const bool has_recipe = object.kind() == Object::Kind::kInstance;  // recipes are not the same in each protocol
      if (!has_recipe) {
        EXPECT_EQ(object.repr(), newest.repr()) << "protocol " << protocol << ": " << value.repr.substr(0, 200);
      }
      EXPECT_EQ(object.kind(), newest.kind()) << "protocol " << protocol << ": " << value.repr.substr(0, 200);
    }
  }
}

TEST(PickleForPython, ReadsAsTheSameValue) {
  const std::string file = scratch("our_pickles");
  std::ofstream out(file, std::ios::binary);
  for (const Value& value : corpus_of_python()) {
    put_number(out, 2 * kProtocols);
    for (const std::string& pickle : value.pickles) {
      for (const int protocol : {4, 5}) {
        const Bytes ours = pickle::dumps(load(pickle), protocol);
        put_number(out, ours.size());
        out << characters(ours);
      }
    }
  }
  out.close();
  EXPECT_EQ(run_python("check", file), 0);
}

}  // namespace
}  // namespace mp
