// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_capture
#include <boost/test/unit_test.hpp>

#include <ctnn/io/capture.hpp>

#include "io_capture_files.hpp"
#include "reference/captures.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace capture_files;
using ctnn::io::capture;
using ctnn::io::recurrent_capture;
using ctnn::io::wavenet_capture;
using floats = std::vector<float>;

const std::string data = CTNN_TEST_DATA "/audio/";

const recurrent_capture& recurrent(const capture& of) {
    return std::get<recurrent_capture>(of.network);
}
const wavenet_capture& wavenet(const capture& of) {
    return std::get<wavenet_capture>(of.network);
}

/// The signal that was played.
floats played() {
    floats result;
    for (int t = 0; t < 48; ++t) result.push_back(static_cast<float>((3 * t * t + 5 * t) % 41 - 20) / 64);
    return result;
}

/// Every second sample of what a player made of that signal, against the reference.
void compare(const capture& of, std::size_t silence, const floats& wanted) {
    const reference::signal found = reference::play(of, played(), silence);
    double largest = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        largest = std::fmax(largest, std::fabs(found[2 * i] - double{wanted[i]}));
    BOOST_TEST(largest < 1e-6);
    BOOST_TEST(wanted.size() == 24u);
}

}  // namespace

/// Players' outputs: NeuralAmpModelerCore, commit daae2d0b482a, at -O2 without contraction or fast-math, in blocks of 16
/// samples, with its prewarm (half a second for an LSTM); RTNeural, commit 1fb1f075a5d6, for the GRU.
BOOST_AUTO_TEST_CASE(what_players_compute_of_published_files) {
    compare(ctnn::io::read_capture(data + "nam_lstm.nam"), 24000,
            {-0.019787461f, -0.0016302466f, 0.0024095178f, -0.0059107542f, 0.0050816536f, -0.002083391f,
             -0.02187106f,  -0.01542744f,   0.0047036409f, 0.01317969f,    0.0094679296f, -0.013390273f,
             -0.017155021f, 0.0061474144f,  0.011452556f,  -0.002427578f,  0.0094596148f, 0.010197848f,
             -0.008110851f, -0.007288605f,  0.013678432f,  -0.015071183f,  -0.01889357f,  -0.0021830797f});
    compare(ctnn::io::read_capture(data + "nam_wavenet.nam"), 0,
            {0.0048856465f, -0.0031542652f, -0.019924853f, 0.0097271362f, -0.002985354f, -0.00037314594f,
             0.0033128518f, 0.022869011f,   -0.16168948f,  0.012424628f,  -0.12583375f,  0.080158003f,
             0.17753583f,   -0.18321672f,   -0.18998663f,  0.17919683f,   0.14107747f,   -0.013974326f,
             0.15218347f,   -0.050231561f,  -0.16855505f,  0.15395805f,   0.15067475f,   -0.18723875f});
    compare(ctnn::io::read_capture(data + "guitarml_gru4.json"), 0,
            {0.11443415f,  0.13246663f,   0.20952193f,  0.022848159f, 0.020427562f,  0.14707747f,
             0.14797834f,  -0.13121709f,  0.17464411f,  0.13200656f,  -0.10603395f,  -0.29290044f,
             0.055236161f, -0.20312932f,  -0.17025021f, 0.036793508f, 0.0039288104f, -0.18339923f,
             -0.32129112f, -0.042992942f, 0.015185207f, 0.1282022f,   0.070338041f,  -0.032910153f});
}

BOOST_AUTO_TEST_CASE(what_players_compute_of_the_files_of_these_tests) {
    // Without prewarm, to see the initial state.
    compare(read(nam_lstm()), 0, {-0.72133774f, -0.6812827f,  -0.68091941f, -0.68369746f, -0.68522f,    -0.6859104f,
                                  -0.68636799f, -0.68609822f, -0.68610132f, -0.68578947f, -0.68505877f, -0.68469334f,
                                  -0.68520683f, -0.68528253f, -0.68496239f, -0.6851818f,  -0.68549383f, -0.68506503f,
                                  -0.68461764f, -0.68483829f, -0.68523681f, -0.68562478f, -0.68602729f, -0.68605822f});
    compare(read(nam_gated()), 0,
            {-0.061133154f, -0.063898481f, -0.051074166f, -0.066683143f, -0.070142142f, -0.062075183f,
             -0.060102165f, -0.064038515f, -0.050239339f, -0.049632277f, -0.074689642f, -0.067197055f,
             -0.063523494f, -0.05865398f,  -0.054824516f, -0.067263335f, -0.067292944f, -0.06708283f,
             -0.068368949f, -0.068389207f, -0.047861204f, -0.059596613f, -0.063887872f, -0.06533578f});
    compare(read(nam_activations()), 0,
            {-0.26085776f, -0.29101598f, -0.28173232f, -0.32251123f, -0.31597629f, -0.29054698f,
             -0.28589684f, -0.23427759f, -0.27645233f, -0.29715395f, -0.33686733f, -0.27955565f,
             -0.24515632f, -0.23155694f, -0.29197061f, -0.33554515f, -0.32268959f, -0.31023151f,
             -0.27540338f, -0.24568114f, -0.25518206f, -0.30052555f, -0.30558383f, -0.25906071f});
    compare(read(nam_slimmable()), 0,
            {0.35839704f, 0.45713532f, 0.55037045f, 0.49508473f, 0.56704915f, 0.51338124f, 0.35572591f, 0.37667102f,
             0.48644346f, 0.64554614f, 0.66199905f, 0.41437805f, 0.31240112f, 0.55201858f, 0.64163131f, 0.51117051f,
             0.60158396f, 0.66751963f, 0.46077853f, 0.41318071f, 0.54982883f, 0.40859243f, 0.36324239f, 0.46646467f});
    compare(read(nam_slimmable(), 3), 0,
            {0.2745949f,  0.23787877f, 0.28115761f, 0.28175038f, 0.28907692f, 0.28876013f, 0.25852907f, 0.24817331f,
             0.2679503f,  0.30102652f, 0.31720889f, 0.31076169f, 0.23785639f, 0.26634529f, 0.32433417f, 0.29203939f,
             0.27512267f, 0.31943387f, 0.31725156f, 0.26237497f, 0.28150231f, 0.27989572f, 0.24283357f, 0.2611146f});
    compare(read(nam_slimmable(), 1), 0,
            {0.14420703f, 0.14236465f, 0.14158696f, 0.14273819f, 0.14173852f, 0.14228569f, 0.14402419f, 0.14395709f,
             0.14197956f, 0.14041466f, 0.14131707f, 0.1439991f,  0.14417058f, 0.14193264f, 0.1413615f,  0.14250581f,
             0.14066231f, 0.14111044f, 0.14359878f, 0.14350297f, 0.14047927f, 0.14338817f, 0.14394943f, 0.14276266f});
}

BOOST_AUTO_TEST_CASE(an_lstm_of_neural_amp_modeler) {
    const capture read_one = read(nam_lstm());
    BOOST_TEST(read_one.sample_rate == 48000);
    const recurrent_capture& net = recurrent(read_one);
    BOOST_TEST((net.cell == recurrent_capture::cell_kind::lstm));
    BOOST_TEST(net.inputs == 1u);
    BOOST_TEST(net.hidden == 2u);
    BOOST_TEST(net.outputs == 1u);
    BOOST_TEST(!net.adds_input);
    BOOST_TEST_REQUIRE(net.layers.size() == 2u);
    // Rows of one input weight and two recurrent ones.
    floats input, recurrent;
    for (std::size_t row = 0; row < 8; ++row) {
        input.push_back(weight(3 * row));
        recurrent.push_back(weight(3 * row + 1));
        recurrent.push_back(weight(3 * row + 2));
    }
    BOOST_TEST(net.layers[0].input_weights == input);
    BOOST_TEST(net.layers[0].recurrent_weights == recurrent);
    BOOST_TEST(net.layers[0].input_bias == weights(24, 8));
    BOOST_TEST(net.layers[0].recurrent_bias == floats());
    BOOST_TEST(net.layers[0].hidden_state == weights(32, 2));
    BOOST_TEST(net.layers[0].cell_state == weights(34, 2));
    BOOST_TEST(net.layers[1].cell_state == weights(78, 2));
    BOOST_TEST(net.head_weights == weights(80, 2));
    BOOST_TEST(net.head_bias == weights(82, 1));
}

BOOST_AUTO_TEST_CASE(initial_states_of_zero_are_empty) {
    const capture one = read(nam("LSTM", R"({"num_layers": 1, "input_size": 1, "hidden_size": 1})",
                                 "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, -0.0, 15, 16]"));
    BOOST_TEST(recurrent(one).layers[0].hidden_state == floats());
    BOOST_TEST(recurrent(one).layers[0].cell_state == floats());
    BOOST_TEST(recurrent(one).head_weights == floats{15});
}

BOOST_AUTO_TEST_CASE(a_wavenet_of_neural_amp_modeler) {
    const capture one = read(nam_gated());
    const wavenet_capture& net = wavenet(one);
    BOOST_TEST_REQUIRE(net.arrays.size() == 2u);
    const wavenet_capture::array& first = net.arrays[0];
    BOOST_TEST(first.inputs == 1u);
    BOOST_TEST(first.condition == 1u);
    BOOST_TEST(first.channels == 3u);
    BOOST_TEST(first.head == 2u);
    BOOST_TEST(first.head_window == 1u);
    BOOST_TEST(first.rechannel == weights(0, 3));
    BOOST_TEST_REQUIRE(first.layers.size() == 2u);
    BOOST_TEST(first.layers[1].window == 2u);
    BOOST_TEST(first.layers[1].dilation == 2u);
    BOOST_TEST((first.layers[1].activation == ctnn::io::capture_activation{"tanh"}));
    BOOST_TEST(first.layers[1].gated);
    BOOST_TEST(first.layers[0].weights == weights(3, 36));
    BOOST_TEST(first.layers[0].bias == weights(39, 6));
    BOOST_TEST(first.layers[0].mixin == weights(45, 6));
    BOOST_TEST(first.layers[0].one_by_one == weights(51, 9));
    BOOST_TEST(first.layers[0].one_by_one_bias == weights(60, 3));
    BOOST_TEST(first.layers[1].weights == weights(63, 36));
    BOOST_TEST(first.head_weights == weights(123, 6));
    BOOST_TEST(first.head_bias == floats());
    const wavenet_capture::array& second = net.arrays[1];
    BOOST_TEST(second.inputs == 3u);
    BOOST_TEST(second.rechannel == weights(129, 6));
    BOOST_TEST((second.layers[0].activation == ctnn::io::capture_activation{"leaky_relu", 0.25}));
    BOOST_TEST(!second.layers[0].gated);
    BOOST_TEST(second.layers[0].weights == weights(135, 12));
    BOOST_TEST(second.head_bias == weights(159, 1));
    // The last weight, and not what the configuration says.
    BOOST_TEST(net.head_scale == weight(160));
}

BOOST_AUTO_TEST_CASE(activations_windows_and_the_head_of_newer_files) {
    const capture one = read(nam_activations());
    const wavenet_capture::array& array = wavenet(one).arrays[0];
    BOOST_TEST(array.head_window == 4u);
    BOOST_TEST(array.head_dilation == 1u);
    BOOST_TEST(array.head_bias.size() == 1u);
    std::string names;
    std::size_t windows = 0, dilations = 0;
    for (const wavenet_capture::layer& layer : array.layers) {
        names += layer.activation.name + ' ';
        windows = 10 * windows + layer.window;
        dilations = 10 * dilations + layer.dilation;
    }
    BOOST_TEST(names == "leaky_relu clip hard_swish sigmoid silu softsign relu ");
    BOOST_TEST(windows == 2312211u);
    BOOST_TEST(dilations == 1315211u);
    BOOST_TEST(array.layers[0].activation.slope == 0.01);
    const auto activation = [](const std::string& text) {
        return wavenet(read(replaced(nam_activations(), "\"Hardtanh\"", text))).arrays[0].layers[1].activation;
    };
    BOOST_TEST((activation("\"LeakyReLU\"") == ctnn::io::capture_activation{"leaky_relu", 0.01}));
    BOOST_TEST((activation("\"PReLU\"") == ctnn::io::capture_activation{"leaky_relu", 0.01}));
    BOOST_TEST((activation(R"({"type": "PReLU", "negative_slope": -0.5})") ==
                ctnn::io::capture_activation{"leaky_relu", -0.5}));
    BOOST_TEST((activation(R"({"type": "Tanh"})") == ctnn::io::capture_activation{"tanh"}));
    const std::string dilated = replaced(nam_activations(), "\"bias\": true", "\"bias\": true, \"head_dilation\": 3");
    BOOST_TEST(wavenet(read(dilated)).arrays[0].head_dilation == 3u);
}

BOOST_AUTO_TEST_CASE(ways_to_say_whether_a_layer_is_gated) {
    const capture gated = read(nam_gated());
    for (const char* other : {R"("gating_mode": "gated")", R"("gating_mode": ["gated", "gated"])",
                              R"("gating_mode": "gated", "secondary_activation": "Sigmoid")",
                              R"("gating_mode": "gated", "secondary_activation": [null, {"type": "Sigmoid"}])"})
        BOOST_TEST((read(replaced(nam_gated(), R"("gated": true)", other)) == gated), other);
    const std::string plain =
        nam("WaveNet",
            R"({"layers": [{"input_size": 1, "condition_size": 1, "head_size": 1, "channels": 1, )"
            R"("kernel_size": 1, "dilations": [1], "activation": "ReLU", "head_bias": false}]})",
            list(0, 8));
    const capture one = read(plain);
    BOOST_TEST(!wavenet(one).arrays[0].layers[0].gated);
    for (const char* other : {R"("gated": false)", R"("gating_mode": "none", "secondary_activation": "")"})
        BOOST_TEST((read(replaced(plain, R"("head_bias")", other + std::string(R"(, "head_bias")"))) == one), other);
}

/// The first channels remain, in both arrays those of the same choice.
BOOST_AUTO_TEST_CASE(slimming) {
    const capture full = read(nam_slimmable()), one = read(nam_slimmable(), 3);
    BOOST_TEST((read(nam_slimmable(), 4) == full));
    const wavenet_capture::array &first = wavenet(one).arrays[0], &second = wavenet(one).arrays[1];
    BOOST_TEST(first.channels == 3u);
    BOOST_TEST(first.head == 2u);
    BOOST_TEST(second.inputs == 3u);
    BOOST_TEST(second.channels == 2u);
    BOOST_TEST(second.head == 1u);
    const wavenet_capture::array& whole = wavenet(full).arrays[0];
    BOOST_TEST(first.rechannel == weights(0, 3));
    // Of 4 x 4 x 2 weights 3 x 3 x 2.
    floats wanted;
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t i = 0; i < 6; ++i) wanted.push_back(whole.layers[1].weights[8 * row + i]);
    BOOST_TEST(first.layers[1].weights == wanted);
    BOOST_TEST(first.layers[1].bias == floats(whole.layers[1].bias.begin(), whole.layers[1].bias.begin() + 3));
    BOOST_TEST(first.layers[1].mixin.size() == 3u);
    BOOST_TEST(first.layers[1].one_by_one.size() == 9u);
    BOOST_TEST(first.head_weights.size() == 6u);
    BOOST_TEST(first.head_bias.size() == 2u);
    BOOST_TEST(wavenet(one).head_scale == wavenet(full).head_scale);
    // Also of other files that number of channels may be requested.
    BOOST_TEST((read(nam_gated(), 3) == read(nam_gated())));
    BOOST_TEST((read(nam_lstm(), 2) == read(nam_lstm())));
    BOOST_TEST((read(guitarml("GRU"), 2) == read(guitarml("GRU"))));
}

BOOST_AUTO_TEST_CASE(a_file_of_several_networks) {
    const capture last = read(nam_container());
    BOOST_TEST((last.network == read(nam_gated()).network));
    BOOST_TEST(last.sample_rate == 48000);
    BOOST_TEST(last.loudness.value() == -20.5);
    BOOST_TEST(last.input_level_dbu.value() == 18.25);
    BOOST_TEST(!last.output_level_dbu.has_value());
    BOOST_TEST((read(nam_container(), 2).network == read(nam_lstm()).network));
    BOOST_TEST((read(nam_container(), 3) == last));
}

BOOST_AUTO_TEST_CASE(what_files_say_of_levels) {
    const capture amp = ctnn::io::read_capture(data + "nam_wavenet.nam");
    BOOST_TEST(amp.sample_rate == 48000);
    BOOST_TEST(amp.loudness.value() == -20.020729064941406);
    BOOST_TEST(amp.input_level_dbu.value() == 18.3);
    BOOST_TEST(amp.output_level_dbu.value() == 12.3);
    BOOST_TEST(amp.input_gain == 1);
    BOOST_TEST(amp.test_input.empty());
    const std::string silent = replaced(nam_gated(), R"(, "sample_rate": 48000)", R"(, "metadata": null)");
    BOOST_TEST(read(silent).sample_rate == 0);
    BOOST_TEST(!read(silent).loudness.has_value());
}

BOOST_AUTO_TEST_CASE(files_of_guitarml) {
    const capture one = read(guitarml("LSTM"));
    const recurrent_capture& net = recurrent(one);
    BOOST_TEST(one.sample_rate == 0);
    BOOST_TEST((net.cell == recurrent_capture::cell_kind::lstm));
    BOOST_TEST(net.inputs == 2u);
    BOOST_TEST(net.hidden == 2u);
    BOOST_TEST(net.adds_input);
    BOOST_TEST_REQUIRE(net.layers.size() == 2u);
    BOOST_TEST(net.layers[0].input_weights == weights(0, 16));
    BOOST_TEST(net.layers[0].recurrent_weights == weights(20, 16));
    floats sums;
    for (std::size_t i = 0; i < 8; ++i) sums.push_back(weight(40 + i) + weight(50 + i));
    BOOST_TEST(net.layers[0].input_bias == sums);
    BOOST_TEST(net.layers[0].recurrent_bias == floats());
    BOOST_TEST(net.layers[1].input_weights == weights(60, 16));
    BOOST_TEST(net.head_weights == weights(5, 2));
    BOOST_TEST(net.head_bias == weights(9, 1));

    const recurrent_capture gru = recurrent(read(guitarml("GRU")));
    BOOST_TEST((gru.cell == recurrent_capture::cell_kind::gru));
    BOOST_TEST(gru.layers[1].input_weights == weights(60, 12));
    BOOST_TEST(gru.layers[1].input_bias == weights(10, 6));
    BOOST_TEST(gru.layers[1].recurrent_bias == weights(30, 6));

    const std::string without = replaced(replaced(guitarml("GRU"), "\"bias_fl\": true", "\"bias_fl\": false"),
                                         ", \"lin.bias\": " + list(9, 1), "");
    BOOST_TEST(recurrent(read(replaced(without, "\"skip\": 1", "\"skip\": 0"))).head_bias == floats{0});
    BOOST_TEST(!recurrent(read(replaced(without, "\"skip\": 1, ", ""))).adds_input);
}

/// Keras's weights are inputs x gates, and its GRU's gates z, r, n.
BOOST_AUTO_TEST_CASE(files_of_rtneural) {
    const capture one = read(rtneural("lstm"));
    BOOST_TEST(one.sample_rate == 48000);
    BOOST_TEST(one.input_gain == 0.1f);
    BOOST_TEST(one.output_gain == static_cast<float>(std::pow(10, 0.3)));
    BOOST_TEST(one.test_input == (floats{0.5f, 0.25f}));
    BOOST_TEST(one.test_output == (floats{0.125f, 1}));
    const recurrent_capture& net = recurrent(one);
    BOOST_TEST(net.adds_input);
    BOOST_TEST(net.layers[0].input_weights == weights(0, 8));
    floats transposed;
    for (std::size_t row = 0; row < 8; ++row)
        for (std::size_t column = 0; column < 2; ++column) transposed.push_back(weight(10 + 8 * column + row));
    BOOST_TEST(net.layers[0].recurrent_weights == transposed);
    BOOST_TEST(net.layers[0].input_bias == weights(30, 8));
    BOOST_TEST(net.head_weights == weights(50, 2));
    BOOST_TEST(net.head_bias == weights(60, 1));

    const recurrent_capture gru = recurrent(read(rtneural("gru")));
    const std::size_t order[]{2, 3, 0, 1, 4, 5};
    floats input, recurrent_weights, bias, recurrent_bias;
    for (const std::size_t row : order) {
        input.push_back(weight(row));
        for (std::size_t column = 0; column < 2; ++column) recurrent_weights.push_back(weight(10 + 6 * column + row));
        bias.push_back(weight(30 + row));
        recurrent_bias.push_back(weight(36 + row));
    }
    BOOST_TEST(gru.layers[0].input_weights == input);
    BOOST_TEST(gru.layers[0].recurrent_weights == recurrent_weights);
    BOOST_TEST(gru.layers[0].input_bias == bias);
    BOOST_TEST(gru.layers[0].recurrent_bias == recurrent_bias);

    const std::string plain = R"({"in_shape": 1, "layers": [{"type": "lstm", "shape": 1, "weights": [[[1, 2, 3, 4]], )"
                              R"([[1, 2, 3, 4]], [1, 2, 3, 4]]}, {"type": "lstm", "activation": "tanh", "shape": [1], )"
                              R"("weights": [[[5, 6, 7, 8]], [[1, 2, 3, 4]], [1, 2, 3, 4]]}, {"type": )"
                              R"("time-distributed-dense", "activation": "linear", "shape": 1, "weights": [[[1]]]}]})";
    const capture two = read(plain);
    BOOST_TEST(two.sample_rate == 0);
    BOOST_TEST(two.input_gain == 1);
    BOOST_TEST(!recurrent(two).adds_input);
    BOOST_TEST(recurrent(two).layers[1].input_weights == (floats{5, 6, 7, 8}));
    BOOST_TEST(recurrent(two).head_bias == floats{0});
    BOOST_TEST(read(replaced(plain, "1,", "1, \"in_gain\": -90, \"samplerate\": 44100,")).input_gain == 0);
    BOOST_TEST(read(replaced(plain, "1,", "1, \"metadata\": {\"samplerate\": \"48000\"},")).sample_rate == 0);
}
