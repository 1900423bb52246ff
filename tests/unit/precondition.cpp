// SPDX-License-Identifier: BSL-1.0
/// @file
/// A precondition violated at run time: the message, with the file and the line of the call, and abort().
#undef NDEBUG
#define BOOST_TEST_MODULE precondition
#include <boost/test/unit_test.hpp>

#include <ctnn.hpp>

#include <cstddef>
#include <string>

#if defined(__unix__)
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

namespace {

using namespace ctnn;

/// The output of an action on stderr, and whether abort() ended it.
struct ending {
    std::string said;
    bool aborted;
};
template <class Action>
ending end_of(Action action) {
    int ends[2];
    BOOST_REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        signal(SIGABRT, SIG_DFL);
        action();
        _exit(0);
    }
    close(ends[1]);
    ending result{};
    char buffer[512];
    for (ssize_t got; (got = read(ends[0], buffer, sizeof(buffer))) > 0;)
        result.said.append(buffer, static_cast<std::size_t>(got));
    close(ends[0]);
    int status = 0;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    result.aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    return result;
}

void check(const ending& found, int line, const char* sentence) {
    BOOST_TEST(found.said == __FILE__ ":" + std::to_string(line) + ": " + sentence + "\n");
    BOOST_TEST(found.aborted);
}

using net_type = network<float, input<2>, dense<3, softmax>>;
const net_type net{};
const tensor<float, shape<4, 2>> x{};
const tensor<int, shape<4>> labels{0, 1, 3, 2};

}  // namespace

BOOST_AUTO_TEST_CASE(a_label_that_is_no_class) {
    const char* const sentence = "ctnn: a label is not a class of the network";
    check(end_of([] { accuracy(net, x, labels); }), __LINE__, sentence);
    check(end_of([] { confusion_matrix(net, x, labels); }), __LINE__, sentence);
    check(end_of([] { evaluate<cross_entropy>(net, x, labels); }), __LINE__, sentence);
    check(end_of([] { r2(net, x, labels); }), __LINE__, sentence);
}

BOOST_AUTO_TEST_CASE(momentum_in_place) {
    using training_type = trainer<net_type, cross_entropy, sgd, 4, in_place>;
    check(end_of([] { training_type training(net, {.momentum = 0.9}); }), __LINE__,
          "ctnn::trainer: in_place keeps no velocity, so momentum is 0");
}

BOOST_AUTO_TEST_CASE(counts) {
    const char* const sentence = "ctnn: there are not as many targets as inputs";
    const samples<int, shape<>> two{labels.values, 2};
    check(end_of([&] { accuracy(net, x, two); }), __LINE__, sentence);
    check(end_of([&] { evaluate<cross_entropy>(net, x, two); }), __LINE__, sentence);
    static trainer<net_type, cross_entropy, sgd, 4> training{net};
    check(end_of([&] { training.step(as_samples(x), two); }), __LINE__,
          "ctnn::trainer: there are not as many targets as inputs");
    static trainer<net_type, cross_entropy, sgd, 2> short_training{net};
    check(end_of([&] { short_training.step(as_samples(x), as_samples(labels)); }), __LINE__,
          "ctnn::trainer: a step has more samples than a batch");
}

/// Where the caller cannot be known, the location is in ctnn.
BOOST_AUTO_TEST_CASE(an_entry_that_is_not_there) {
    const ending found = end_of([] { static_cast<void>(training_history<float, 4>{}.loss[0]); });
    BOOST_TEST(found.aborted);
    BOOST_TEST(found.said.find("history.hpp:") != std::string::npos);
    BOOST_TEST(found.said.find(": ctnn: a history has no such entry") != std::string::npos);
}
#else
BOOST_AUTO_TEST_CASE(needs_fork) {
    BOOST_TEST(true);
}
#endif
