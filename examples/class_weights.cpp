// SPDX-License-Identifier: BSL-1.0
// Class weights: where one class is rare, a network that never answers it is right nearly always. A loss that counts each
// sample by the weight of its class makes the rare one count as much: here one tumour in eleven is malignant.
#include <ctnn.hpp>
#include <ctnn/io/class_table.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/split.hpp>
#include <ctnn/io/standardize.hpp>

#include <cstddef>
#include <iostream>

using patients = ctnn::io::dataset<double, ctnn::shape<3>, ctnn::io::class_labels<2>>;
using classifier = ctnn::network<double, ctnn::input<3>, ctnn::dense<2, ctnn::softmax>>;

/// Cross-entropy, times the weight of the sample's class.
template <std::size_t Classes>
struct weighted_cross_entropy {
    double weights[Classes];

    template <class Activation>
    static constexpr bool accepts = ctnn::cross_entropy::accepts<Activation>;
    template <class Activation>
    static constexpr bool takes_logits = true;

    template <std::size_t Width, bool Gradient, class T>
    constexpr T sample(const T* z, const T* target, T scale, T* slope) const {
        static_assert(Width == Classes);
        T weight{};
        for (std::size_t i = 0; i < Width; ++i) weight += target[i] * static_cast<T>(weights[i]);
        return weight * ctnn::cross_entropy{}.template sample<Width, Gradient>(z, target, weight * scale, slope);
    }
};

/// A data set with every sixth of its malignant tumours alone.
patients with_few_malignant(const patients& all) {
    patients result;
    std::size_t seen = 0;
    const auto labels = all.labels();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (*labels[i] == 0 || seen++ % 6 == 0) result.add(all.inputs()[i], labels[i]);
    return result;
}

int main() {
    const auto data = ctnn::io::load_csv<patients>(
        CTNN_EXAMPLE_DATA "/breast_cancer.csv",
        {.inputs = {"mean_radius", "mean_texture", "mean_smoothness"}, .targets = {"benign"}, .classes = {"1", "0"}});
    auto [all, held_out] = ctnn::io::split_shuffled(data, data.size() / 3, /*seed*/ 1);
    auto train = with_few_malignant(all);
    ctnn::io::standardize(train, held_out);

    std::size_t malignant = 0;
    for (std::size_t i = 0; i < train.size(); ++i) malignant += *train.target(i);
    const double count = static_cast<double>(train.size()), rare = static_cast<double>(malignant);
    std::cout << train.size() << " tumours to learn from, " << malignant << " of them malignant\n";

    const auto start = ctnn::initialize<classifier>(ctnn::glorot_uniform{}, /*seed*/ 1);
    const auto recall_with = [&](const weighted_cross_entropy<2>& loss) {
        const auto trained = ctnn::fit<weighted_cross_entropy<2>, 32>(
            start, train.inputs(), train.labels(), ctnn::adam{.learning_rate = 0.01}, {.epochs = 100},
            ctnn::no_callback{}, loss);
        const auto counts = ctnn::confusion_matrix(trained, held_out.inputs(), held_out.labels());
        ctnn::io::class_table(std::cout, counts, {"benign", "malignant"});
        return ctnn::class_scores(counts).of_class[1].recall;
    };
    std::cout << "\nall tumours count the same:\n";
    const double plain = recall_with({{1, 1}});
    std::cout << "\nboth classes count the same:\n";
    const double weighted = recall_with({{count / (2 * (count - rare)), count / (2 * rare)}});
    return weighted > plain + 0.05 && weighted >= 0.9 ? 0 : 1;
}
