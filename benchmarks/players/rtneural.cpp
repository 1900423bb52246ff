// SPDX-License-Identifier: BSL-1.0
// The same with RTNeural's networks of constant size, for GuitarML's LSTMs: rtneural MODEL IN OUT BLOCK.
#include <RTNeural/RTNeural.h>

#include "play.hpp"

template <int Units>
int run(const nlohmann::json& model, char** arguments) {
    static RTNeural::ModelT<float, 1, 1, RTNeural::LSTMLayerT<float, 1, Units>, RTNeural::DenseT<float, Units, 1>> net;
    RTNeural::torch_helpers::loadLSTM<float>(model.at("state_dict"), "rec.", net.template get<0>());
    RTNeural::torch_helpers::loadDense<float>(model.at("state_dict"), "lin.", net.template get<1>());
    net.reset();
    return play(arguments, [](const float* x, float* y, std::size_t count) {
        for (std::size_t t = 0; t < count; ++t) y[t] = net.forward(&x[t]) + x[t];
    });
}

int main(int, char** arguments) {
    nlohmann::json model;
    std::ifstream(arguments[1]) >> model;
    switch (model.at("model_data").at("hidden_size").get<int>()) {
        case 8:
            return run<8>(model, arguments);
        case 20:
            return run<20>(model, arguments);
        case 40:
            return run<40>(model, arguments);
        default:
            return 1;
    }
}
