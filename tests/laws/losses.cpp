// SPDX-License-Identifier: BSL-1.0
/// @file
/// Probabilities sum to 1 and agree with their logarithms; the entropies are exact for logits of any size.
#define BOOST_TEST_MODULE losses
#include "laws/support.hpp"

using scalars = std::tuple<float, double>;

/// The outputs of an activation for one row.
template <class Activation, class T, std::size_t Width>
constexpr ctnn::tensor<T, ctnn::shape<Width>> activated(const ctnn::tensor<T, ctnn::shape<Width>>& x) {
    ctnn::tensor<T, ctnn::shape<Width>> y{};
    ctnn::activate<Activation, 1, Width>(x.data(), y.data());
    return y;
}

template <class T, std::size_t Width>
void check_probabilities(T size) {
    constexpr T epsilon = std::numeric_limits<T>::epsilon();
    ctnn::random_engine engine{laws::unknown(Width)};
    for (int trial = 0; trial < 50; ++trial) {
        ctnn::tensor<T, ctnn::shape<Width>> x;
        for (T& logit : x) logit = ctnn::draw_uniform<T>(engine, -size, size);
        const auto p = activated<ctnn::softmax>(x);
        const auto log_p = activated<ctnn::log_softmax>(x);
        T sum = 0;
        for (std::size_t i = 0; i < Width; ++i) {
            sum += p[i];
            BOOST_TEST(p[i] >= 0);
            BOOST_TEST(log_p[i] <= 0);
            // Where a probability underflows, it has no logarithm; log_softmax still gives one.
            if (p[i] > std::numeric_limits<T>::min())
                BOOST_TEST(std::abs(log_p[i] - std::log(p[i])) <= 8 * epsilon * std::max(T{1}, -log_p[i]));
            else
                BOOST_TEST(log_p[i] <= std::log(std::numeric_limits<T>::min()) / 2);
        }
        BOOST_TEST(std::abs(sum - 1) <= static_cast<T>(Width + 2) * epsilon);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(probabilities, T, scalars) {
    for (const T size : {T(1), T(30), T(1000)}) {
        check_probabilities<T, 1>(size);
        check_probabilities<T, 2>(size);
        check_probabilities<T, 9>(size);
        check_probabilities<T, 35>(size);
    }
}

/// The loss of one sample, and its gradient.
template <class T, std::size_t Width>
struct evaluated {
    T value;
    T slope[Width];

    friend constexpr bool operator==(const evaluated&, const evaluated&) = default;
};
template <class Loss, class T, std::size_t Width>
constexpr evaluated<T, Width> evaluate(const T (&z)[Width], const T (&t)[Width]) {
    evaluated<T, Width> result{};
    result.value = Loss{}.template sample<Width, true>(z, t, T(1), result.slope);
    return result;
}

/// Values known in closed form; they must be exact, and nothing may be nan or infinite.
template <class T>
constexpr bool cross_entropy_is_exact() {
    using loss = ctnn::cross_entropy;
    const T wrong_by_2000[]{1000, -1000}, other_class[]{0, 1}, right_class[]{1, 0}, both[]{0.25, 0.75};
    const T all_large[]{1000, 1000, 1000, 1000}, all_small[]{-1000, -1000, -1000, -1000}, third[]{0, 0, 1, 0};
    const T log_of_4 = T(1.3862943611198906188);
    return evaluate<loss>(wrong_by_2000, other_class) == evaluated<T, 2>{2000, {1, -1}} &&
           evaluate<loss>(wrong_by_2000, right_class) == evaluated<T, 2>{0, {0, 0}} &&
           evaluate<loss>(wrong_by_2000, both) == evaluated<T, 2>{1500, {0.75, -0.75}} &&
           ctnn::near(evaluate<loss>(all_large, third).value, log_of_4) &&
           ctnn::near(evaluate<loss>(all_small, third).value, log_of_4) &&
           evaluate<loss>(all_small, third).slope[0] == T(0.25) &&
           evaluate<loss>(all_small, third).slope[2] == T(-0.75);
}
template <class T>
constexpr bool binary_cross_entropy_is_exact() {
    using loss = ctnn::binary_cross_entropy;
    const T large[]{1000}, small[]{-1000}, yes[]{1}, no[]{0}, perhaps[]{0.25};
    return evaluate<loss>(large, no) == evaluated<T, 1>{1000, {1}} &&
           evaluate<loss>(large, yes) == evaluated<T, 1>{0, {0}} &&
           evaluate<loss>(small, yes) == evaluated<T, 1>{1000, {-1}} &&
           evaluate<loss>(small, no) == evaluated<T, 1>{0, {0}} &&
           evaluate<loss>(large, perhaps) == evaluated<T, 1>{750, {0.75}} &&
           evaluate<loss>(small, perhaps) == evaluated<T, 1>{250, {-0.25}};
}

static_assert(cross_entropy_is_exact<float>() && cross_entropy_is_exact<double>());
static_assert(binary_cross_entropy_is_exact<float>() && binary_cross_entropy_is_exact<double>());

BOOST_AUTO_TEST_CASE_TEMPLATE(entropies_of_large_logits, T, scalars) {
    BOOST_TEST(cross_entropy_is_exact<T>());
    BOOST_TEST(binary_cross_entropy_is_exact<T>());
}

/// Whether a value is right to some ulp, however small it is.
template <class T>
constexpr bool is(T value, T expected, T ulps = 4) {
    const T distance = value < expected ? expected - value : value - expected,
            size = expected < 0 ? -expected : expected;
    return value == expected || distance <= ulps * std::numeric_limits<T>::epsilon() * size;
}

/// Infinite logits. A class with target 0 adds nothing, whatever its logit.
template <class T>
constexpr bool cross_entropy_of_infinite_logits(T infinity) {
    using loss = ctnn::cross_entropy;
    const T with_none[]{0, -infinity, 1}, second[]{0, 0, 1}, none[]{0, 1, 0};
    const auto of_second = evaluate<loss>(with_none, second), of_none = evaluate<loss>(with_none, none);
    return is(of_second.value, T(0.31326168751822283405)) && is(of_second.slope[0], T(0.26894142136999512075)) &&
           of_second.slope[1] == 0 && is(of_second.slope[2], T(-0.26894142136999512075)) && of_none.value == infinity &&
           of_none.slope[1] == -1;
}
/// Differences of logits that overflow: an error in constant evaluation, infinite at run time.
template <class T>
bool cross_entropy_of_huge_logits(T infinity, T huge) {
    using loss = ctnn::cross_entropy;
    const T far[]{huge, -huge, 0}, first[]{1, 0, 0}, last[]{0, 0, 1};
    const T wide[]{huge, -huge, 0, -infinity, -huge, -infinity, 1, -1, -huge, 0},
        of_wide[]{1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    return evaluate<loss>(far, first) == evaluated<T, 3>{0, {0, 0, 0}} &&
           evaluate<loss>(far, last) == evaluated<T, 3>{huge, {1, 0, -1}} &&
           evaluate<loss>(wide, of_wide) == evaluated<T, 10>{};
}
/// The loss and the gradient of a confident prediction are as small as the probability left to the other classes.
template <class T>
constexpr bool cross_entropy_of_sure_answers(T logit) {
    using loss = ctnn::cross_entropy;
    const T two[]{logit, 0}, first[]{1, 0}, smoothed[]{T(0.75), T(0.25)}, tie[]{logit, logit};
    const auto sure = evaluate<loss>(two, first), soft = evaluate<loss>(two, smoothed);
    const T nine[]{0, 0, 0, 0, logit, 0, 0, 0, 0}, fifth[]{0, 0, 0, 0, 1, 0, 0, 0, 0};
    return is(sure.value, T(2.0611536203143807e-9)) && is(sure.slope[0], T(-2.0611536181902036e-9)) &&
           is(sure.slope[1], T(2.0611536181902036e-9)) && is(soft.value, T(5.0000000020611536203)) &&
           is(evaluate<loss>(tie, first).value, T(0.69314718055994530942)) &&
           is(evaluate<loss>(nine, fifth).value, T(1.6489228843561127949e-8));
}
template <class T>
constexpr bool binary_cross_entropy_of_sure_answers(T infinity) {
    using loss = ctnn::binary_cross_entropy;
    const T twenty[]{20}, twelve[]{12}, minus_twenty[]{-20}, yes[]{1}, no[]{0};
    const auto sure = evaluate<loss>(twenty, yes), sure_no = evaluate<loss>(minus_twenty, no);
    const T above[]{infinity}, below[]{-infinity}, largest[]{std::numeric_limits<T>::max()};
    return is(sure.value, T(2.0611536203143807e-9)) && is(sure.slope[0], T(-2.0611536181902036e-9)) &&
           is(sure_no.value, T(2.0611536203143807e-9)) && is(sure_no.slope[0], T(2.0611536181902036e-9)) &&
           is(evaluate<loss>(twelve, yes).value, T(6.1441934777328054e-6)) &&
           evaluate<loss>(above, yes) == evaluated<T, 1>{} && evaluate<loss>(below, no) == evaluated<T, 1>{} &&
           evaluate<loss>(above, no) == evaluated<T, 1>{infinity, {1}} &&
           evaluate<loss>(below, yes) == evaluated<T, 1>{infinity, {-1}} &&
           evaluate<loss>(largest, yes) == evaluated<T, 1>{} &&
           evaluate<loss>(largest, no) == evaluated<T, 1>{std::numeric_limits<T>::max(), {1}};
}
/// A nan among the logits propagates to the loss and the gradient, whichever class is the target.
template <class T>
bool entropies_of_nan_are_nan(T nan) {
    const T three[]{1, nan, 0}, yes[]{1}, one_nan[]{nan};
    for (std::size_t wanted = 0; wanted < 3; ++wanted) {
        T target[3]{};
        target[wanted] = 1;
        const auto result = evaluate<ctnn::cross_entropy>(three, target);
        if (result.value == result.value || result.slope[0] == result.slope[0]) return false;
    }
    const auto single = evaluate<ctnn::binary_cross_entropy>(one_nan, yes);
    return single.value != single.value && single.slope[0] != single.slope[0];
}

template <class T>
constexpr bool entropies_are_right(T infinity, T twenty) {
    return cross_entropy_of_infinite_logits(infinity) && cross_entropy_of_sure_answers(twenty) &&
           binary_cross_entropy_of_sure_answers(infinity);
}
static_assert(entropies_are_right<float>(__builtin_inff(), 20));
static_assert(entropies_are_right<double>(__builtin_inf(), 20));

template <class T>
const T huge = laws::unknown(sizeof(T) == 4 ? T(2e38f) : T(1e308));
template <class T>
const T infinite = laws::unknown(std::numeric_limits<T>::infinity());

BOOST_AUTO_TEST_CASE_TEMPLATE(entropies_of_infinite_logits_and_sure_answers, T, scalars) {
    BOOST_TEST(cross_entropy_of_infinite_logits(infinite<T>));
    BOOST_TEST(cross_entropy_of_huge_logits(infinite<T>, huge<T>));
    BOOST_TEST(cross_entropy_of_sure_answers(laws::unknown(T(20))));
    BOOST_TEST(binary_cross_entropy_of_sure_answers(infinite<T>));
    BOOST_TEST(entropies_of_nan_are_nan(laws::unknown(std::numeric_limits<T>::quiet_NaN())));
}

/// The activations themselves: a logit of -inf has probability 0, and its logarithm is -inf.
template <class T>
constexpr bool probabilities_of_infinite_logits(T infinity) {
    const ctnn::tensor<T, ctnn::shape<3>> with_none{0, -infinity, 1};
    const auto p = activated<ctnn::softmax>(with_none), log_p = activated<ctnn::log_softmax>(with_none);
    return is(p[0], T(0.26894142136999512075)) && p[1] == 0 && is(p[2], T(0.73105857863000487925)) &&
           is(log_p[0], T(-1.3132616875182228340)) && log_p[1] == -infinity && is(log_p[2], T(-0.31326168751822283405));
}
static_assert(probabilities_of_infinite_logits<float>(__builtin_inff()) &&
              probabilities_of_infinite_logits<double>(__builtin_inf()));
BOOST_AUTO_TEST_CASE_TEMPLATE(probabilities_of_infinite, T, scalars) {
    BOOST_TEST(probabilities_of_infinite_logits(infinite<T>));
    const ctnn::tensor<T, ctnn::shape<3>> far{huge<T>, -huge<T>, 0};
    BOOST_TEST((activated<ctnn::softmax>(far) == ctnn::tensor<T, ctnn::shape<3>>{1, 0, 0}));
    BOOST_TEST((activated<ctnn::log_softmax>(far) == ctnn::tensor<T, ctnn::shape<3>>{0, -infinite<T>, -huge<T>}));
}

/// The same values with one sample per lane, as in a large batch.
BOOST_AUTO_TEST_CASE_TEMPLATE(entropies_of_infinite_logits_in_a_batch, T, scalars) {
    using net = ctnn::network<T, ctnn::input<3>, ctnn::activation<ctnn::softmax>>;
    constexpr std::size_t batch = 32;
    T z[3 * batch], t[3 * batch]{}, slope[3 * batch];
    for (std::size_t row = 0; row < batch; ++row) {
        z[3 * row] = row % 2 == 0 ? T(0) : T(20);
        z[3 * row + 1] = -infinite<T>;
        z[3 * row + 2] = row % 2 == 0 ? T(1) : T(0);
        t[3 * row + (row % 2 == 0 ? 2 : 0)] = 1;
    }
    ctnn::gradient_pass<net, ctnn::cross_entropy, batch, true> pass;
    net gradient{};
    const T mean = pass(net{}, {}, z, t, gradient, batch, slope);
    BOOST_TEST(is(mean, (T(0.31326168751822283405) + T(2.0611536203143807e-9)) / 2, T(16)));
    BOOST_TEST(is(slope[3], T(-2.0611536181902036e-9) / T(batch)));
    for (const T element : slope) BOOST_TEST(std::isfinite(element));
}

/// The same at the end of a network, in the forward and backward pass, with values that the activation's output would
/// have lost.
BOOST_AUTO_TEST_CASE_TEMPLATE(entropies_behind_a_network, T, scalars) {
    using two_classes = ctnn::network<T, ctnn::input<1>, ctnn::dense<2, ctnn::softmax, ctnn::no_bias>>;
    using yes_or_no = ctnn::network<T, ctnn::input<1>, ctnn::dense<1, ctnn::sigmoid, ctnn::no_bias>>;
    const T x[]{static_cast<T>(laws::unknown(1000))}, other_class[]{0, 1}, no[]{0};
    T x_slope = 0;

    two_classes chooser{}, chooser_gradient{};
    ctnn::get<0>(chooser).weights = {1, -1};
    ctnn::gradient_pass<two_classes, ctnn::cross_entropy, 1, true> choose;
    BOOST_TEST(choose(chooser, {}, x, other_class, chooser_gradient, 1, &x_slope) == T(2000));
    BOOST_TEST((ctnn::get<0>(chooser_gradient).weights == ctnn::tensor<T, ctnn::shape<1, 2>>{1000, -1000}));
    BOOST_TEST(x_slope == T(2));

    yes_or_no decider{}, decider_gradient{};
    ctnn::get<0>(decider).weights = {1};
    ctnn::gradient_pass<yes_or_no, ctnn::binary_cross_entropy, 1, true> decide;
    BOOST_TEST(decide(decider, {}, x, no, decider_gradient, 1, &x_slope) == T(1000));
    BOOST_TEST(ctnn::get<0>(decider_gradient).weights[0] == T(1000));
    BOOST_TEST(x_slope == T(1));
}

/// A batch, whose narrow samples share registers, has the losses and gradients of its samples; for unused samples the
/// gradient is 0.
template <class Loss, class Activation, class T, std::size_t Width>
void check_batch() {
    constexpr std::size_t batch = 37, used = 35;
    using net_type = ctnn::network<T, ctnn::input<Width>, ctnn::dense<Width, Activation, ctnn::no_bias>>;
    net_type same{}, gradient{};
    for (std::size_t i = 0; i < Width; ++i) ctnn::get<0>(same).weights(i, i) = 1;
    ctnn::random_engine engine{laws::unknown(Width)};
    std::array<T, batch * Width> z, t, slope, expected_slope{};
    for (T& logit : z) logit = ctnn::draw_uniform<T>(engine, -20, 20);
    for (T& wanted : t) wanted = ctnn::draw_uniform<T>(engine, 0, 1);
    ctnn::gradient_pass<net_type, Loss, batch, true> pass;
    const T mean = pass(same, {}, z.data(), t.data(), gradient, used, slope.data());
    T expected = 0;
    for (std::size_t i = 0; i < used * Width; i += Width)
        expected += Loss{}.template sample<Width, true>(z.data() + i, t.data() + i, T{1} / used, &expected_slope[i]);
    BOOST_TEST(ctnn::near(mean, expected / used));
    for (std::size_t i = 0; i < batch * Width; ++i) BOOST_TEST(ctnn::near(slope[i], expected_slope[i]));
}
BOOST_AUTO_TEST_CASE_TEMPLATE(a_batch_is_its_samples, T, scalars) {
    check_batch<ctnn::cross_entropy, ctnn::softmax, T, 2>();
    check_batch<ctnn::cross_entropy, ctnn::softmax, T, 3>();
    check_batch<ctnn::cross_entropy, ctnn::log_softmax, T, 10>();
    check_batch<ctnn::cross_entropy, ctnn::softmax, T, 16>();
    check_batch<ctnn::cross_entropy, ctnn::softmax, T, 17>();
    check_batch<ctnn::binary_cross_entropy, ctnn::sigmoid, T, 3>();
}
