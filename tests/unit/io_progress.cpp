// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_progress
#include <boost/test/unit_test.hpp>

#include <ctnn.hpp>
#include <ctnn/io/progress.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace {

/// The progress output of training in a file.
template <class Train>
std::string in_a_file(std::size_t every, Train train) {
    std::FILE* const file = std::tmpfile();
    train(ctnn::io::progress(every, file));
    std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
    std::rewind(file);
    const std::size_t count = std::fread(text.data(), 1, text.size(), file);
    std::fclose(file);
    BOOST_TEST(count == text.size());
    return text;
}

/// The progress output of training on a terminal.
template <class Train>
std::string on_a_terminal(Train train) {
    const int keyboard = posix_openpt(O_RDWR | O_NOCTTY);
    if (keyboard < 0 || grantpt(keyboard) != 0 || unlockpt(keyboard) != 0) {
        throw std::runtime_error("no pseudo terminal");
    }
    std::FILE* const terminal = std::fopen(ptsname(keyboard), "w");
    train(ctnn::io::progress(1, terminal));
    std::fputs("END", terminal);
    std::fflush(terminal);
    std::string text;
    while (text.find("END") == text.npos) {
        char buffer[256];
        const ssize_t count = read(keyboard, buffer, sizeof buffer);
        if (count <= 0) break;
        text.append(buffer, static_cast<std::size_t>(count));
    }
    std::fclose(terminal);
    close(keyboard);
    return text;
}

std::size_t lines(const std::string& text) {
    std::size_t count = 0;
    for (const char c : text) count += c == '\n';
    return count;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_line_an_epoch_in_a_file) {
    const std::string text = in_a_file(1, [](ctnn::io::progress bar) {
        bar.step({0, 0, 2, 0.75});
        bar.step({0, 1, 2, 0.5});
        bar.epoch({0, 10, 64, 0.625, false, 0});
        bar.epoch({1, 10, 64, 0.125, true, 0.25});
    });
    BOOST_TEST(text.find("epoch  1/10  loss 0.625       ") == 0u);
    BOOST_TEST(has(text, " samples/s\nepoch  2/10  loss 0.125       validation loss 0.25 "));
    BOOST_TEST(lines(text) == 2u);
    BOOST_TEST(!has(text, "\r"));
    BOOST_TEST(!has(text, "\x1b"));
}

BOOST_AUTO_TEST_CASE(some_epochs) {
    const std::string text = in_a_file(4, [](ctnn::io::progress bar) {
        for (std::size_t epoch = 0; epoch < 10; ++epoch) { bar.epoch({epoch, 10, 64, 0.5, false, 0}); }
    });
    BOOST_TEST(lines(text) == 4u);
    for (const char* shown : {" 1/10", " 4/10", " 8/10", "10/10"}) BOOST_TEST(has(text, shown), shown);
}

BOOST_AUTO_TEST_CASE(a_bar_on_a_terminal) {
    const std::string text = on_a_terminal([](ctnn::io::progress bar) {
        bar.step({0, 49, 100, 0.75});
        bar.step({0, 50, 100, 0.75});  // too soon to be drawn
        bar.epoch({0, 3, 64, 0.625, false, 0});
    });
    BOOST_TEST(has(text, "\repoch 1  [###############...............]  50%  loss 0.75 "));
    BOOST_TEST(!has(text, " 51%"));
    BOOST_TEST(has(text, "\repoch 1/3  loss 0.625 "));
    BOOST_TEST(lines(text) == 1u);
}

BOOST_AUTO_TEST_CASE(fit_takes_it) {
    using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<1, ctnn::sigmoid>>;
    constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{0, 0, 0, 1, 1, 0, 1, 1};
    constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{0, 1, 1, 1};
    const std::string text = in_a_file(1, [&](ctnn::io::progress bar) {
        ctnn::fit<ctnn::binary_cross_entropy>(net_type{}, inputs, targets, ctnn::sgd{.learning_rate = 0.1},
                                              {.epochs = 3}, bar);
    });
    BOOST_TEST(lines(text) == 3u);
    BOOST_TEST(has(text, "epoch 3/3  loss 0."));
}
