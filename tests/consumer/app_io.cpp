// SPDX-License-Identifier: BSL-1.0
// A user of the component io.
#include <ctnn.hpp>
#include <ctnn/io/summary.hpp>

#include <sstream>

using net = ctnn::network<float, ctnn::input<2>, ctnn::dense<1, ctnn::sigmoid>>;

int main() {
    std::ostringstream table;
    ctnn::summary(table, net{});
    return table.str().find("dense") != std::string::npos ? 0 : 1;
}
