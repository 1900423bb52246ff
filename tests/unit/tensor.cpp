// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE tensor
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn/samples.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <vector>

namespace {

constexpr bool shapes_know_their_extents() {
    using cube = ctnn::shape<2, 3, 4>;
    return cube::rank == 3 && cube::size == 24 && cube::extent(0) == 2 && cube::extent(1) == 3 && cube::extent(2) == 4 &&
           ctnn::shape<>::size == 1 && ctnn::shape<5>::extent(0) == 5;
}

constexpr bool elements_are_row_major() {
    ctnn::tensor<int, ctnn::shape<2, 3, 4>> t{};
    int next = 0;
    for (int& element : t) element = next++;
    bool right = true;
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t k = 0; k < 4; ++k) right = right && t(i, j, k) == t[(i * 3 + j) * 4 + k];
    t(1, 2, 3) = 100;
    return right && t[23] == 100 && t(1, 0, 0) == 12 && t.end() - t.begin() == 24 && *(t.data() + 5) == 5;
}

constexpr bool missing_elements_are_zero() {
    const ctnn::tensor<double, ctnn::shape<2, 2>> t{1, 2};
    return t[0] == 1 && t[1] == 2 && t[2] == 0 && t[3] == 0;
}

constexpr bool equality_looks_at_every_element() {
    const ctnn::tensor<double, ctnn::shape<7>> t{1, 2, 3, 4, 5, 6, 7};
    for (std::size_t i = 0; i < t.size(); ++i) {
        auto other = t;
        if (!(other == t)) return false;
        other[i] = 0;
        if (other == t) return false;
    }
    return true;
}

constexpr bool samples_see_a_tensor() {
    constexpr ctnn::tensor<int, ctnn::shape<3, 2>> t{1, 2, 3, 4, 5, 6};
    const auto view = ctnn::as_samples(t);
    const ctnn::samples<int, ctnn::shape<2>> none{};
    return view.count == 3 && view[0] == t.data() && view[2][1] == 6 && none.count == 0 &&
           ctnn::as_samples(view).data == view.data;
}

constexpr bool labels_are_samples_of_the_empty_shape() {
    constexpr ctnn::tensor<int, ctnn::shape<3>> t{7, 8, 9};
    const auto view = ctnn::as_samples(t);
    return view.count == 3 && *view[1] == 8 && ctnn::are_labels<decltype(view)>;
}

static_assert(ctnn::constant_count<ctnn::tensor<int, ctnn::shape<3, 2>>> == 3);
static_assert(ctnn::constant_count<ctnn::samples<int, ctnn::shape<2>>> == 0);
static_assert(ctnn::counts_agree<3, 3> && ctnn::counts_agree<3, 0> && !ctnn::counts_agree<3, 4>);

}  // namespace

BOOST_AUTO_TEST_CASE(both_phases) {
    BOTH_PHASES(shapes_know_their_extents);
    BOTH_PHASES(elements_are_row_major);
    BOTH_PHASES(missing_elements_are_zero);
    BOTH_PHASES(equality_looks_at_every_element);
    BOTH_PHASES(samples_see_a_tensor);
    BOTH_PHASES(labels_are_samples_of_the_empty_shape);
}

BOOST_AUTO_TEST_CASE(samples_of_memory_of_any_length) {
    const std::vector<float> data{1, 2, 3, 4, 5, 6, 7, 8};
    const ctnn::samples<float, ctnn::shape<2>> view{data.data(), data.size() / 2};
    BOOST_TEST(view.count == 4u);
    BOOST_TEST(view[3][0] == 7);
}
