// SPDX-License-Identifier: BSL-1.0
// Training by threads under ThreadSanitizer, which ends the program with an error if two of them race. Returns 0 if the
// parameters are those of one thread.
#include <ctnn.hpp>
#include <ctnn/train/fit_sharded.hpp>
#include <ctnn/train/threads.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <ratio>
#include <thread>

int main() {
    using net_type = ctnn::network<float, ctnn::input<37>, ctnn::dense<96, ctnn::relu>, ctnn::batch_norm<>,
                                   ctnn::dropout<std::ratio<1, 4>>, ctnn::dense<8, ctnn::softmax>>;
    using trainer_type = ctnn::trainer<net_type, ctnn::cross_entropy, ctnn::adam, 24, ctnn::sharded<4>>;
    const auto start = ctnn::initialize<net_type>(ctnn::he_uniform{}, 1);
    ctnn::random_engine engine{2};
    ctnn::tensor<float, ctnn::shape<24, 37>> x{};
    for (float& value : x) value = ctnn::draw_uniform<float>(engine);
    ctnn::tensor<int, ctnn::shape<24>> labels{};
    for (std::size_t i = 0; i < 24; ++i) labels[i] = static_cast<int>(i % 8);

    const auto one = std::make_unique<trainer_type>(start);
    for (int i = 0; i < 60; ++i) one->step(x, labels);
    bool same = true;
    for (const std::size_t threads : {2u, 3u, 7u}) {
        ctnn::team workers{threads};
        const auto many = std::make_unique<trainer_type>(start);
        for (int i = 0; i < 60; ++i) {
            many->step(x, labels, workers);
            // Now and then the threads fall asleep.
            if (i % 20 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        same = same && many->network() == one->network();
    }
    ctnn::team workers{2};
    const auto fit_by = [&](auto& these) {
        return ctnn::fit<ctnn::cross_entropy, 12, ctnn::sharded<3>>(these, start, x, labels, ctnn::adam{},
                                                                    {.epochs = 3, .clip_norm = 1});
    };
    const ctnn::in_order alone{};
    const net_type by_team = fit_by(workers), by_one = fit_by(alone);
    return same && by_team == by_one ? 0 : 1;
}
