#include "reference/heap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <set>
#include <thread>
#include <vector>

#include "platform/child.h"
#include "platform/region.h"
#include "reference/codec.h"
#include "reference/error.h"

namespace mp {
namespace {

using platform::Child;
using platform::Deadline;

bool is_zero(const Block& block) {
  return std::all_of(block.data(), block.data() + block.size(), [](std::byte byte) { return byte == std::byte{0}; });
}

void fill(const Block& block, std::byte byte) { std::fill(block.data(), block.data() + block.size(), byte); }

TEST(HeapTest, BlocksAreZerosAtTheGrain) {
  for (const std::size_t size : {0, 1, 64, 65, 5'000, 1'000'000}) {
    const Block block(size);
    EXPECT_EQ(block.size(), size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block.data()) % Block::kGrain, 0u);
    EXPECT_TRUE(is_zero(block));
    fill(block, std::byte{0xab});
  }
  EXPECT_TRUE(is_zero(Block(64)));  // what was dropped is not given out again
}

TEST(HeapTest, BlocksDoNotOverlap) {
  std::vector<Block> blocks;
  for (int i = 0; i < 10'000; ++i) blocks.emplace_back(1 + i % 100);
  for (const Block& block : blocks) {
    ASSERT_TRUE(is_zero(block));
    fill(block, std::byte{1});
  }
}

TEST(HeapTest, CopiesAreTheSameMemory) {
  const Block block(10);
  const Block copy = block;
  EXPECT_EQ(copy.data(), block.data());
}

TEST(HeapTest, ManyBlocksTravelWithFewHandles) {
  std::vector<Block> blocks;
  for (int i = 0; i < 1'000; ++i) blocks.emplace_back(8);
  platform::Message message = encode_message(blocks);
  EXPECT_LE(message.handles.size(), 2u);
  const auto decoded = decode<std::vector<Block>>(std::move(message));
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    blocks[i].data()[0] = std::byte(i);
    ASSERT_EQ(decoded[i].data()[0], std::byte(i));
    ASSERT_NE(decoded[i].data(), blocks[i].data());
  }
}

TEST(HeapTest, WhatCameTravelsOn) {
  const Block block(8);
  const Block once = decode<Block>(encode_message(block));
  const Block twice = decode<Block>(encode_message(once));
  block.data()[7] = std::byte{7};
  EXPECT_EQ(twice.data()[7], std::byte{7});
}

TEST(HeapTest, OutlivesTheOneThatMadeIt) {
  auto block = std::make_unique<Block>(8);
  block->data()[0] = std::byte{1};
  platform::Message message = encode_message(*block);
  block.reset();
  EXPECT_EQ(decode<Block>(std::move(message)).data()[0], std::byte{1});
}

TEST(HeapForkTest, ThreadsAndForkedChildrenTakeApart) {
  struct Places {
    std::atomic<int> count;
    std::atomic<std::uintptr_t> place[2'000];
  };
  const Block shared(sizeof(Places));
  auto& places = *new (shared.data()) Places{};
  // A new arena, in which all that follows has room: addresses in different ones could be alike in two processes.
  Block last(8), next(8);
  for (; next.data() == last.data() + Block::kGrain; next = Block(8)) last = next;
  std::vector<Block> mine;
  const auto take = [&] {
    for (int i = 0; i < 500; ++i) places.place[places.count++] = reinterpret_cast<std::uintptr_t>(Block(8).data());
    return 0;
  };
  Child one = Child::fork(take);
  Child other = Child::fork(take);
  for (int i = 0; i < 500; ++i) {
    mine.emplace_back(8);
    places.place[places.count++] = reinterpret_cast<std::uintptr_t>(mine.back().data());
  }
  EXPECT_EQ(one.wait(Deadline::never()), 0);
  EXPECT_EQ(other.wait(Deadline::never()), 0);
  std::set<std::uintptr_t> all(places.place, places.place + places.count);
  EXPECT_EQ(all.size(), 1'500u);
  Block elsewhere{Undecoded{}};
  std::thread([&] { elsewhere = Block(8); }).join();
  fill(elsewhere, std::byte{1});
  EXPECT_TRUE(is_zero(Block(8)));
}

TEST(HeapTest, RefusesWhatCannotBe) {
  EXPECT_THROW(Block(std::size_t(-1)), MemoryError);
  EXPECT_THROW(Block(std::size_t{1} << 60), Error);
  EXPECT_THROW(encode(Block(8)), RuntimeError);
}

TEST(HeapTest, MadeUpBytesAreAnError) {
  platform::Message message = encode_message(Block(8));
  const std::uint64_t far = 1 << 30;
  std::memcpy(message.bytes.data() + message.bytes.size() - sizeof(far), &far, sizeof(far));
  EXPECT_THROW(decode<Block>(std::move(message)), PickleError);
}

}  // namespace
}  // namespace mp
