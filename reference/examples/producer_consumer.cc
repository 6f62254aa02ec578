// Two processes and a queue between them.
//
// The consumer ends when it is told that there is nothing more, not when the queue happens to be empty: it may be empty because the
// producer has not come to it yet.
#include <iostream>
#include <optional>

#include "reference/process.h"
#include "reference/queue.h"

using Items = mp::Queue<std::optional<int>>;

struct Producer : mp::Subprocess<Producer> {
  explicit Producer(Items items) : queue(std::move(items)) {}
  explicit Producer(mp::Undecoded tag) : queue(tag) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(queue);
  }
  void run() override {
    for (int item = 0; item < 10; ++item) {
      queue.put(item);
      std::cout << "Process Producer: item " + std::to_string(item) + " appended to queue by " + name() + "\n";
    }
    queue.put(std::nullopt);
  }

  Items queue;
};

struct Consumer : mp::Subprocess<Consumer> {
  explicit Consumer(Items items) : queue(std::move(items)) {}
  explicit Consumer(mp::Undecoded tag) : queue(tag) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(queue);
  }
  void run() override {
    while (const std::optional<int> item = queue.get()) {
      std::cout << "Process Consumer: item " + std::to_string(*item) + " popped by " + name() + "\n";
    }
    std::cout << "the queue is empty: " << std::boolalpha << queue.empty() << '\n';
  }

  Items queue;
};

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  Items queue;
  Producer producer(queue);
  Consumer consumer(queue);
  producer.start();
  consumer.start();
  producer.join();
  consumer.join();
}
