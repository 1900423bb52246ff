// SPDX-License-Identifier: BSL-1.0
// Plays a capture with ctnn: ours MODEL IN OUT BLOCK [after_silence]. IN and OUT are raw floats.
#include <ctnn/io/architectures.hpp>

#include "play.hpp"

using namespace ctnn::io;
using known =
    architectures<nam_standard, nam_nano, nam_a2, nam_a2_small, lstm_capture<3>, lstm_capture<8>, lstm_capture<16>,
                  lstm_capture<20>, lstm_capture<40>, lstm_capture<8, 2>, lstm_capture<16, 2>, gru_capture<4>>;

int main(int, char** arguments) {
    const auto playing = load_player<known>(arguments[1], {.after_silence = arguments[5] != nullptr});
    return play(arguments, [&](const float* x, float* y, std::size_t count) { playing->process(x, y, count); });
}
