// SPDX-License-Identifier: BSL-1.0
// One dense layer, and activations alone.
#include "dense.hpp"

namespace {

template <class Activation, std::size_t Size>
class eigen_activation {
  public:
    float* input() { return x_.data(); }
    CTNN_BENCH_FLATTEN const float* evaluate() {
        assign(Activation{}, y_, x_);
        return y_.data();
    }

  private:
    Eigen::Matrix<float, int{Size}, 1> x_, y_;
};

template <class Activation, std::size_t Size>
void add_activation(const std::string& name) {
    using net = ctnn::network<float, ctnn::input<Size>, ctnn::activation<Activation>>;
    std::vector<float> x(Size);
    compare::fill(x.data(), Size, 3, 100);
    plain::activation<double, Activation, Size> reference;
    const compare::calls<float> row(name, {}, x, plain::outputs_of(reference, x, Size));
    row.add("ctnn", dense::maker<dense::own<float, net, 1>>(net{}));
    row.add("eigen", [] { return std::make_unique<eigen_activation<Activation, Size>>(); });
    row.add("plain", [] { return std::make_unique<plain::activation<float, Activation, Size>>(); });
}

}  // namespace

int main(int argc, char** argv) {
    using ctnn::identity;
    dense::add<float, identity, identity, 1, 8, 8>("dense 8");
    dense::add<float, identity, identity, 1, 16, 16>("dense 16");
#if !defined(CTNN_BENCH_SMOKE_ALONE)
    dense::add<float, identity, identity, 1, 32, 32>("dense 32");
    dense::add<float, identity, identity, 1, 64, 64>("dense 64");
    dense::add<float, ctnn::tanh, ctnn::tanh, 1, 8, 8>("dense 8 tanh");
#endif
    dense::add<float, ctnn::tanh, ctnn::tanh, 1, 16, 16>("dense 16 tanh");
#if !defined(CTNN_BENCH_SMOKE_ALONE)
    dense::add<float, ctnn::tanh, ctnn::tanh, 1, 32, 32>("dense 32 tanh");
    dense::add<float, ctnn::tanh, ctnn::tanh, 1, 64, 64>("dense 64 tanh");
#endif
    add_activation<ctnn::tanh, 64>("tanh of 64");
    add_activation<ctnn::sigmoid, 64>("sigmoid of 64");
    add_activation<ctnn::softmax, 64>("softmax of 64");
    return compare::run(argc, argv);
}
