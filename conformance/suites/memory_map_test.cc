#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "conformance/suites/moments.h"
#include "spec/clauses/memory_map.h"

namespace mp::conformance {
namespace {

const std::string kContent = "Hello Python!\nsecond line\nlast";

// A file of the runner's, which the testee maps.
class File {
 public:
  explicit File(const std::string& content = kContent) { std::ofstream(path_, std::ios::binary) << content; }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;

  Kwargs mapped(std::int64_t length = 0) const { return {{"path", path_.string()}, {"length", length}}; }
  std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  const std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("conform-map-" + std::to_string(std::random_device()()));
};

Slice upto(std::int64_t stop) { return {None, stop, None}; }
const Slice kAll{None, None, None};

}  // namespace

CLAUSE_TEST(memory_map_file_content, IsThatOfTheFile) {
  const File file;
  EXPECT_EQ(main().call(main().make("mmap", file.mapped()), "__getitem__", kAll), Bytes(kContent));
}

CLAUSE_TEST(memory_map_file_whole, ForALengthOfZero) {
  const File file;
  EXPECT_EQ(main().call(main().make("mmap", file.mapped(0)), "__len__"), kContent.size());
}

CLAUSE_TEST(memory_map_file_length, IsKept) {
  const File file;
  Ref map = main().make("mmap", file.mapped(5));
  EXPECT_EQ(main().call(map, "__len__"), 5);
  EXPECT_EQ(main().call(map, "__getitem__", kAll), Bytes("Hello"));
}

CLAUSE_TEST(memory_map_file_shared, ByTwoProcesses) {
  const File file;
  Actor& child = start_process({});
  Ref mine = main().make("mmap", file.mapped());
  Ref its = child.make("mmap", file.mapped());
  EXPECT_RETURNED(child.call(its, "__setitem__", upto(5), Bytes("HELLO")));
  EXPECT_EQ(main().call(mine, "__getitem__", upto(5)), Bytes("HELLO"));
}

// The adapter closes the file as soon as it is mapped.
CLAUSE_TEST(memory_map_file_closed_first, TheMapWorks) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  EXPECT_EQ(main().call(map, "readline"), Bytes("Hello Python!\n"));
  EXPECT_RETURNED(main().call(map, "__setitem__", 0, 'J' + 0));
  EXPECT_EQ(main().call(map, "__getitem__", 0), 'J' + 0);
}

CLAUSE_TEST(memory_map_anonymous_zeros, HasTheLength) {
  Ref map = main().make("mmap", -1, 13);
  EXPECT_EQ(main().call(map, "__getitem__", kAll), Bytes(13, '\0'));
}

CLAUSE_TEST(memory_map_anonymous_shared_by_fork, BothWays) {
  Ref map = main().make("mmap", -1, 13);
  Actor& child = start_process({map});
  EXPECT_RETURNED(child.call(map, "write", Bytes("Hello")));
  EXPECT_EQ(main().call(map, "__getitem__", upto(5)), Bytes("Hello"));
  EXPECT_RETURNED(main().call(map, "__setitem__", 0, 'J' + 0));
  EXPECT_EQ(child.call(map, "__getitem__", 0), 'J' + 0);
}

CLAUSE_TEST(memory_map_length_query, OfMemoryAndOfAFile) {
  const File file;
  EXPECT_EQ(main().call(main().make("mmap", -1, 13), "__len__"), 13);
  EXPECT_EQ(main().call(main().make("mmap", file.mapped(7)), "__len__"), 7);
}

CLAUSE_TEST(memory_map_index, IsANumber) {
  Ref map = main().make("mmap", -1, 3);
  EXPECT_RETURNED(main().call(map, "__setitem__", 1, 255));
  EXPECT_EQ(main().call(map, "__getitem__", 1), 255);
  EXPECT_EQ(main().call(map, "__getitem__", 2), 0);
}

CLAUSE_TEST(memory_map_index_outside, IsAnIndexError) {
  Ref map = main().make("mmap", -1, 3);
  EXPECT_RAISES(main().call(map, "__getitem__", 3), "IndexError");
  EXPECT_RAISES(main().call(map, "__setitem__", 3, 1), "IndexError");
}

CLAUSE_TEST(memory_map_slice_read, WhereverThePositionIs) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  main().call(map, "seek", 7);
  EXPECT_EQ(main().call(map, "__getitem__", upto(5)), Bytes("Hello"));
  EXPECT_EQ(main().call(map, "__getitem__", Slice{-4, None, None}), Bytes("last"));
  EXPECT_EQ(main().call(map, "__getitem__", Slice{None, 5, 2}), Bytes("Hlo"));
  EXPECT_EQ(main().call(map, "tell"), 7);
}

CLAUSE_TEST(memory_map_slice_write, TheExampleOfTheDocumentation) {
  const File file("Hello Python!\n");
  Ref map = main().make("mmap", file.mapped());
  EXPECT_RETURNED(main().call(map, "__setitem__", Slice{6, None, None}, Bytes(" world!\n")));
  main().call(map, "seek", 0);
  EXPECT_EQ(main().call(map, "readline"), Bytes("Hello  world!\n"));
}

CLAUSE_TEST(memory_map_slice_write_size, MustFit) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  EXPECT_RAISES(main().call(map, "__setitem__", upto(5), Bytes("four")), "Exception");
  EXPECT_RAISES(main().call(map, "__setitem__", upto(5), Bytes("sixsix")), "Exception");
  EXPECT_EQ(main().call(map, "__getitem__", kAll), Bytes(kContent));
}

CLAUSE_TEST(memory_map_read_count, MovesBehindThem) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  EXPECT_EQ(main().call(map, "read", 5), Bytes("Hello"));
  EXPECT_EQ(main().call(map, "tell"), 5);
  EXPECT_EQ(main().call(map, "read", 7), Bytes(" Python"));
  main().call(map, "seek", 26);
  EXPECT_EQ(main().call(map, "read", 100), Bytes("last"));
}

CLAUSE_TEST(memory_map_read_rest, InEachOfItsWays) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  main().call(map, "seek", 26);
  EXPECT_EQ(main().call(map, "read"), Bytes("last"));
  EXPECT_EQ(main().call(map, "read"), Bytes(""));
  main().call(map, "seek", 28);
  EXPECT_EQ(main().call(map, "read", None), Bytes("st"));
  main().call(map, "seek", 29);
  EXPECT_EQ(main().call(map, "read", -1), Bytes("t"));
}

CLAUSE_TEST(memory_map_read_byte, MovesOnByOne) {
  const File file("ab");
  Ref map = main().make("mmap", file.mapped());
  EXPECT_EQ(main().call(map, "read_byte"), 'a' + 0);
  EXPECT_EQ(main().call(map, "tell"), 1);
  EXPECT_EQ(main().call(map, "read_byte"), 'b' + 0);
  EXPECT_RAISES(main().call(map, "read_byte"), "ValueError");
}

CLAUSE_TEST(memory_map_readline, UpToAndWithTheNewline) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  EXPECT_EQ(main().call(map, "readline"), Bytes("Hello Python!\n"));
  EXPECT_EQ(main().call(map, "tell"), 14);
  EXPECT_EQ(main().call(map, "readline"), Bytes("second line\n"));
}

CLAUSE_TEST(memory_map_readline_last, IsTheRest) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  main().call(map, "seek", 26);
  EXPECT_EQ(main().call(map, "readline"), Bytes("last"));
  EXPECT_EQ(main().call(map, "readline"), Bytes(""));
}

CLAUSE_TEST(memory_map_write, TellsHowMany) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  main().call(map, "seek", 6);
  EXPECT_EQ(main().call(map, "write", Bytes("PYTHON")), 6);
  EXPECT_EQ(main().call(map, "tell"), 12);
  EXPECT_EQ(main().call(map, "__getitem__", upto(14)), Bytes("Hello PYTHON!\n"));
}

CLAUSE_TEST(memory_map_write_too_long, IsAValueError) {
  Ref map = main().make("mmap", -1, 5);
  main().call(map, "seek", 3);
  EXPECT_RAISES(main().call(map, "write", Bytes("abc")), "ValueError");
  EXPECT_EQ(main().call(map, "write", Bytes("ab")), 2);
}

CLAUSE_TEST(memory_map_write_byte, MovesOnByOne) {
  Ref map = main().make("mmap", -1, 5);
  main().call(map, "seek", 3);
  EXPECT_RETURNED(main().call(map, "write_byte", 200));
  EXPECT_EQ(main().call(map, "tell"), 4);
  EXPECT_EQ(main().call(map, "__getitem__", 3), 200);
}

CLAUSE_TEST(memory_map_seek, CountsFromThreePlaces) {
  Ref map = main().make("mmap", -1, 10);
  EXPECT_RETURNED(main().call(map, "seek", 4));
  EXPECT_EQ(main().call(map, "tell"), 4);
  EXPECT_RETURNED(main().call(map, "seek", 2, 1));
  EXPECT_EQ(main().call(map, "tell"), 6);
  EXPECT_RETURNED(main().call(map, "seek", -3, 2));
  EXPECT_EQ(main().call(map, "tell"), 7);
  EXPECT_RETURNED(main().call(map, "seek", 1, 0));
  EXPECT_EQ(main().call(map, "tell"), 1);
}

CLAUSE_TEST(memory_map_seek_outside, IsAValueError) {
  Ref map = main().make("mmap", -1, 10);
  main().call(map, "seek", 4);
  EXPECT_RAISES(main().call(map, "seek", -1), "ValueError");
  EXPECT_RAISES(main().call(map, "seek", 11), "ValueError");
  EXPECT_EQ(main().call(map, "tell"), 4);
}

CLAUSE_TEST(memory_map_find, IsTheLowestPlace) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  EXPECT_EQ(main().call(map, "find", Bytes("l")), 2);
  EXPECT_EQ(main().call(map, "find", Bytes("l"), 5), 21);
  EXPECT_EQ(main().call(map, "find", Bytes("line"), 5, 30), 21);
}

CLAUSE_TEST(memory_map_find, BeginsAtThePosition) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  main().call(map, "seek", 5);
  EXPECT_EQ(main().call(map, "find", Bytes("l")), 21);
}

CLAUSE_TEST(memory_map_find_missing, IsMinusOne) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  EXPECT_EQ(main().call(map, "find", Bytes("absent")), -1);
  EXPECT_EQ(main().call(map, "find", Bytes("line"), 0, 22), -1);
}

CLAUSE_TEST(memory_map_rfind, IsTheHighestPlace) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  EXPECT_EQ(main().call(map, "rfind", Bytes("l")), 26);
  EXPECT_EQ(main().call(map, "rfind", Bytes("l"), 0, 10), 3);
}

CLAUSE_TEST(memory_map_flush, ReachesTheFile) {
  const File file;
  Ref map = main().make("mmap", file.mapped());
  main().call(map, "__setitem__", upto(5), Bytes("HELLO"));
  EXPECT_EQ(main().call(map, "flush"), None);
  EXPECT_EQ(file.content().substr(0, 6), "HELLO ");
}

CLAUSE_TEST(memory_map_move, AlsoWhereItOverlaps) {
  const File file("abcdef");
  Ref map = main().make("mmap", file.mapped());
  EXPECT_RETURNED(main().call(map, "move", 1, 0, 4));
  EXPECT_EQ(main().call(map, "__getitem__", kAll), Bytes("aabcdf"));
}

CLAUSE_TEST(memory_map_size, IsThatOfTheFile) {
  const File file;
  EXPECT_EQ(main().call(main().make("mmap", file.mapped(5)), "size"), kContent.size());
}

CLAUSE_TEST(memory_map_close, EndsAllOthers) {
  Ref map = main().make("mmap", -1, 5);
  EXPECT_RETURNED(main().call(map, "close"));
  EXPECT_RAISES(main().call(map, "read"), "ValueError");
  EXPECT_RAISES(main().call(map, "__getitem__", 0), "ValueError");
  EXPECT_RAISES(main().call(map, "seek", 0), "ValueError");
  EXPECT_RAISES(main().call(map, "write", Bytes("a")), "ValueError");
}

CLAUSE_TEST(memory_map_closed, FollowsClose) {
  Ref map = main().make("mmap", -1, 5);
  EXPECT_EQ(main().get(map, "closed"), false);
  main().call(map, "close");
  EXPECT_EQ(main().get(map, "closed"), true);
}

CLAUSE_TEST(memory_map_context, ClosesAtItsEnd) {
  Ref map = main().make("mmap", -1, 5);
  main().call(map, "__enter__");
  EXPECT_EQ(main().call(map, "read", 1), Bytes(std::string(1, '\0')));
  EXPECT_RETURNED(main().call(map, "__exit__"));
  EXPECT_RAISES(main().call(map, "read", 1), "ValueError");
}

}  // namespace mp::conformance
