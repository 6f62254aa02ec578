#ifndef REFERENCE_FORK_SERVER_H_
#define REFERENCE_FORK_SERVER_H_

#include <mutex>
#include <vector>

#include "platform/child.h"
#include "platform/message.h"

// The fork server: a small process, a fresh run of this program, that forks children on request.
//
//   this process                         server                            child
//   start(): Message ---- control ---->  fork ------------------------->
//   Child::remote  <---------------------- report channel ---------------  "I am pid N": pid, own handle
//   "go on"        ----------------------- report channel -------------->  enter(message), exit
//   wait():        <---- report -------  collects it, sends the exit code
//
// Each process has a server of its own, begun at the first use; it serves until this process ends, however that happens: it is told
// to end, or else finds the end of the control channel, of which no child keeps a copy (a copy that the program made of itself by a
// fork of its own does, for as long as it runs). If the server is killed, the next start() begins another one.
//
// Why the child and not the server answers: a request that was never answered was never begun, so start() may ask a new server
// without the risk that two children run. And why it waits for a word then: who asked may be unable to take the answer, as it may
// open no more descriptors. Then start() throws, and the child ends before it has done anything, so that start() may be called again.
// The same when who asked has ended meanwhile, as soon as what it had forked until then has closed its copies of the channel.
namespace mp {

using PreloadFunction = void (*)();

// Functions that a server begun later calls once, in this order, before it serves: what they leave in memory (tables, open
// libraries) is there in each child without cost. Errors that they throw are ignored.
void set_forkserver_preload(std::vector<PreloadFunction> functions);

namespace fork_server {

// Has the server fork a child that does what the message says (see entry.h). Any thread may call it.
// Throws what entry::spawn() throws when there is no server yet, and ProcessError when the child, or a server begun for it, ended
// before its time.
platform::Child start(const platform::Message& message);

// To be held by a thread that forks this process: no other thread then has a channel half made, of which the copy would keep an end.
std::unique_lock<std::mutex> hold();

// In the forked child, with its copy of that lock: closes what was inherited from the parent's side, so that the parent's server ends
// with the parent.
void forget(std::unique_lock<std::mutex> held);

// At the end of this process: lets the server end, and waits until it has.
void stop();

}  // namespace fork_server
}  // namespace mp

#endif  // REFERENCE_FORK_SERVER_H_
