// SPDX-License-Identifier: BSL-1.0
// The table of a classifier, and the history of a training as CSV.
#define BOOST_TEST_MODULE io_tables
#include <boost/test/unit_test.hpp>

#include "io_support.hpp"

#include <ctnn.hpp>
#include <ctnn/io/class_table.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/history_csv.hpp>

#include <cstddef>
#include <filesystem>
#include <limits>
#include <sstream>
#include <string>

using namespace ctnn;

BOOST_AUTO_TEST_CASE(table_of_classes) {
    std::ostringstream stream;
    io::class_table(stream, tensor<std::size_t, shape<3, 3>>{5, 1, 0, 2, 10, 0, 0, 4, 0},
                    {"one", "zw\xc3\xb6lf\n", "a name that is much longer than a column"});
    BOOST_TEST(stream.str() ==
               "                          precision  recall      F1  samples\n"
               "one                           71.4%   83.3%   76.9%        6\n"
               "zw\xc3\xb6lf                         66.7%   83.3%   74.1%       12\n"
               "a name that is much l...       0.0%    0.0%    0.0%        4\n"
               "macro average                 46.0%   55.6%   50.3%       22\n"
               "accuracy: 68.2%\n");
}

BOOST_AUTO_TEST_CASE(classes_without_names_have_numbers) {
    std::ostringstream stream;
    io::class_table(stream, tensor<unsigned, shape<2, 2>>{3, 0, 0, 4});
    BOOST_TEST(stream.str() ==
               "               precision  recall      F1  samples\n"
               "0                 100.0%  100.0%  100.0%        3\n"
               "1                 100.0%  100.0%  100.0%        4\n"
               "macro average     100.0%  100.0%  100.0%        7\n"
               "accuracy: 100.0%\n");
}

BOOST_AUTO_TEST_CASE(history) {
    training_history<float, 8> losses;
    losses.stride = 2;
    for (const float loss : {0.1f, 1e-20f, 3.f}) losses.loss.push(loss);
    BOOST_TEST(io::history_csv(losses) == "epoch,loss\n0,0.1\n2,1e-20\n4,3\n");
    for (const float loss : {0.5f, std::numeric_limits<float>::infinity(), 2.f}) losses.validation_loss.push(loss);
    BOOST_TEST(io::history_csv(losses) == "epoch,loss,validation_loss\n0,0.1,0.5\n2,1e-20,inf\n4,3,2\n");
    BOOST_TEST(io::history_csv(training_history<double, 8>{}) == "epoch,loss\n");
}

BOOST_AUTO_TEST_CASE(history_in_a_file) {
    using net_type = network<double, input<1>, dense<1>>;
    const tensor<double, shape<3, 1>> x{1, 2, 3};
    const auto trained = fit<mean_squared_error>(net_type{}, x, x, sgd{.learning_rate = 0.01}, {.epochs = 5});
    io::save_history(trained.history, "history.csv");

    // Read back by the reader of data sets, to the bit.
    using row = io::dataset<double, shape<1>, shape<1>>;
    const auto read = io::load_csv<row>("history.csv", {.inputs = {"epoch"}, .targets = {"loss"}});
    BOOST_REQUIRE(read.size() == 5u);
    for (std::size_t i = 0; i < 5; ++i) {
        BOOST_TEST(read.inputs()[i][0] == static_cast<double>(i));
        BOOST_TEST(read.targets()[i][0] == trained.history.loss[i]);
    }

    std::filesystem::create_directories("folder.csv");
    BOOST_TEST(!io_test::message_of([&] { io::save_history(trained.history, "folder.csv"); }).empty());
    BOOST_TEST(std::filesystem::is_directory("folder.csv"));
}
