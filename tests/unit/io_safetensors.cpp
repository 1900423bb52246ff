// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_safetensors
#include <boost/test/unit_test.hpp>

#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/activation/tanh.hpp>
#include <ctnn/io/safetensors.hpp>
#include <ctnn/layer/dense.hpp>
#include <ctnn/layer/graph/sum.hpp>
#include <ctnn/layer/normalization/batch_norm.hpp>
#include <ctnn/layer/recurrent/bidirectional.hpp>
#include <ctnn/layer/recurrent/simple_rnn.hpp>
#include <ctnn/layer/shape/flatten.hpp>
#include <ctnn/network.hpp>

#include "io_counting_new.hpp"
#include "io_support.hpp"
#include "sanitized.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string>

namespace {

using io_test::message_of;
using io_test::read_file;
using io_test::write_file;

template <class T>
using net_of =
    ctnn::network<T, ctnn::input<2>, ctnn::dense<3, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid, ctnn::no_bias>>;
using net_type = net_of<float>;

template <class Net = net_type>
Net numbered() {
    Net net{};
    typename Net::value_type next = 0.5;
    ctnn::for_each_parameter(net, [&](auto, const char*, auto& values) {
        for (auto& value : values) value = next++;
    });
    return net;
}

/// A file of a header and data, with the true length of the header.
std::string file_of(const std::string& header, const std::string& data) {
    std::string length(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(header.size() >> (8 * i));
    return length + header + data;
}

const std::string header = R"({"0.weights":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                           R"("0.bias":{"dtype":"F32","shape":[3],"data_offsets":[24,36]},)"
                           R"("1.weights":{"dtype":"F32","shape":[3,1],"data_offsets":[36,48]}})";

std::string data() {
    std::string result(48, '\0');
    for (std::size_t i = 0; i < 12; ++i) {
        const float value = static_cast<float>(i) + 0.5f;
        std::memcpy(result.data() + 4 * i, &value, 4);
    }
    return result;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

/// The message on loading such a file; the network must be unchanged.
std::string complaint(const std::string& bytes) {
    write_file("t.safetensors", bytes);
    net_type net = numbered();
    ctnn::get<0>(net).bias[1] = -1;
    const net_type before = net;
    const std::string message = message_of([&] { ctnn::io::load_safetensors(net, "t.safetensors"); });
    BOOST_TEST((message.empty() || net == before));
    return message;
}
std::string complaint_about(const std::string& from, const std::string& to) {
    return complaint(file_of(replaced(header, from, to), data()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_file_to_the_byte) {
    ctnn::io::save_safetensors(numbered(), "t.safetensors");
    std::string padded = header;
    padded.append((8 - padded.size() % 8) % 8, ' ');
    BOOST_TEST(read_file("t.safetensors") == file_of(padded, data()));
    BOOST_TEST((8 + padded.size()) % 8 == 0u);
}

BOOST_AUTO_TEST_CASE(round_trip) {
    const auto both_ways = []<class T>(T) {
        const auto net = numbered<net_of<T>>();
        ctnn::io::save_safetensors(net, "t.safetensors");
        net_of<T> loaded{};
        ctnn::io::load_safetensors(loaded, "t.safetensors");
        BOOST_TEST((loaded == net));
    };
    both_ways(float{});
    both_ways(double{});
}

/// Layers inside layers are named by their path, and statistics are saved with the weights.
BOOST_AUTO_TEST_CASE(layers_inside_layers) {
    using nested = ctnn::network<float, ctnn::input<2, 3>, ctnn::residual<ctnn::batch_norm<>>,
                                 ctnn::bidirectional<ctnn::simple_rnn<1>>, ctnn::flatten, ctnn::dense<1>>;
    const auto net = numbered<nested>();
    ctnn::io::save_safetensors(net, "nested.safetensors");
    const std::string file = read_file("nested.safetensors");
    for (const char* name :
         {"0.1.0.weights", "0.1.0.running_variance", "1.0.0.recurrent_weights", "1.1.1.bias", "3.bias"})
        BOOST_TEST(file.find(std::string(1, '"') + name + '"') != file.npos, name);
    nested loaded{};
    ctnn::io::load_safetensors(loaded, "nested.safetensors");
    BOOST_TEST((loaded == net));
}

BOOST_AUTO_TEST_CASE(every_bit_pattern_survives) {
    net_type net = numbered();
    auto& bias = ctnn::get<0>(net).bias;
    bias = {std::bit_cast<float>(0x7fa12345u), -std::numeric_limits<float>::infinity(), -0.0f};
    ctnn::io::save_safetensors(net, "t.safetensors");
    net_type loaded{};
    ctnn::io::load_safetensors(loaded, "t.safetensors");
    BOOST_TEST(std::memcmp(&loaded, &net, sizeof net) == 0);
}

BOOST_AUTO_TEST_CASE(order_metadata_and_padding_are_free) {
    // The layers' data in reverse order, as other writers may have it.
    const std::string other =
        R"({"__metadata__":{"format":"pt","0.weights":"x"}, "1.weights" : {"data_offsets":[0,12],"shape":[3,1],)"
        R"("dtype":"F32"},"0.weights":{"dtype":"F32","shape":[2,3],"data_offsets":[12,36]},)"
        R"("0.bias":{"dtype":"F32","shape":[3],"data_offsets":[36,48]}}     )";
    const std::string numbers = data();
    write_file("t.safetensors", file_of(other, numbers.substr(36) + numbers.substr(0, 36)));
    net_type loaded{};
    ctnn::io::load_safetensors(loaded, "t.safetensors");
    BOOST_TEST((loaded == numbered()));
}

BOOST_AUTO_TEST_CASE(header_lengths) {
    BOOST_TEST(complaint("") ==
               "t.safetensors: found 0 bytes, expected eight bytes that give the length of the header");
    BOOST_TEST(complaint(file_of(header, "").substr(0, 20)) == "t.safetensors: byte 0: found a header length of " +
                                                                   std::to_string(header.size()) +
                                                                   ", expected at most 12");
    BOOST_TEST(complaint(std::string(8, '\xff') + header) ==
               "t.safetensors: byte 0: found a header length of 18446744073709551615, expected at most " +
                   std::to_string(header.size()));
    BOOST_TEST(complaint(file_of("", "")) == "t.safetensors: byte 8: found \"\", expected a JSON object");
    std::filesystem::resize_file("t.safetensors", 200'000'000);  // a sparse file takes no space
    std::string length = read_file("t.safetensors").substr(0, 8);
    length[3] = 6;
    write_file("t.safetensors", length);
    std::filesystem::resize_file("t.safetensors", 200'000'000);
    net_type net{};
    BOOST_TEST(message_of([&] { ctnn::io::load_safetensors(net, "t.safetensors"); }) ==
               "t.safetensors: byte 0: found a header length of 100663296, expected at most 100000000");
}

BOOST_AUTO_TEST_CASE(headers_that_are_no_json) {
    BOOST_TEST(complaint(file_of("[]", data())) == "t.safetensors: byte 8: found \"[\", expected a JSON object");
    BOOST_TEST(complaint(file_of(" " + header, data())) ==
               "t.safetensors: byte 8: found \" \", expected a JSON object");
    BOOST_TEST(complaint_about("\"dtype\":", "\"dtype\";") ==
               "t.safetensors: byte 29: found a header that is not JSON, expected a JSON object");
    BOOST_TEST(complaint(file_of(header + std::string("\0{", 2), data())) ==
               "t.safetensors: byte " + std::to_string(8 + header.size()) + ": found a zero byte, expected JSON");
    BOOST_TEST(complaint(file_of("{\"a\":" + std::string(100000, '['), data())) ==
               "t.safetensors: the header: found JSON nested more than four deep, expected at most two objects and an "
               "array");
}

BOOST_AUTO_TEST_CASE(names_twice) {
    BOOST_TEST(complaint_about("0.bias", "0.weights") ==
               "t.safetensors: the header: found the name \"0.weights\" twice, expected each name once");
    BOOST_TEST(complaint_about("\"shape\":[2,3]", "\"shape\":[2,3],\"shape\":[2,3]") ==
               "t.safetensors: the header: found the name \"shape\" twice, expected each name once");
}

BOOST_AUTO_TEST_CASE(entries_of_another_kind) {
    BOOST_TEST(complaint_about("\"dtype\":\"F32\"", "\"dtype\":32") ==
               "t.safetensors: tensor \"0.weights\": found {\"data_offsets\":[0,24],\"dtype\":32,\"shape\":[2,3]}, "
               "expected an object of dtype, shape and data_offsets");
    BOOST_TEST(complaint_about("\"dtype\":\"F32\",\"shape\":[2,3]", "\"dtype\":\"F32\"") ==
               "t.safetensors: tensor \"0.weights\": found {\"data_offsets\":[0,24],\"dtype\":\"F32\"}, "
               "expected an object of dtype, shape and data_offsets");
    BOOST_TEST(complaint_about("[2,3]", "[2,-3]") ==
               "t.safetensors: tensor \"0.weights\": found [2,-3], expected an array of non-negative integers");
    BOOST_TEST(complaint_about("[2,3]", "[2,3.0]") ==
               "t.safetensors: tensor \"0.weights\": found [2,3.0], expected an array of non-negative integers");
    BOOST_TEST(complaint_about("[0,24]", "[0,24,24]") ==
               "t.safetensors: tensor \"0.weights\": found 3 offsets, expected two offsets");
    BOOST_TEST(complaint_about("{\"0.weights\"", "{\"__metadata__\":{\"a\":1},\"0.weights\"") ==
               "t.safetensors: the header: found \"__metadata__\" of another kind, expected an object of strings");
}

BOOST_AUTO_TEST_CASE(tensors_that_do_not_fit) {
    BOOST_TEST(complaint_about("1.weights", "2.weights") ==
               "t.safetensors: tensor \"2.weights\": found a tensor that the network does not have, "
               "expected 3 tensors, 0.weights to 1.weights");
    BOOST_TEST(complaint_about("F32", "F64") ==
               "t.safetensors: tensor \"0.weights\": found F64 of shape (2, 3), expected F32 of shape (2, 3)");
    BOOST_TEST(complaint_about("[2,3]", "[3,2]") ==
               "t.safetensors: tensor \"0.weights\": found F32 of shape (3, 2), expected F32 of shape (2, 3)");
    const std::string without_bias = R"({"0.weights":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                                     R"("1.weights":{"dtype":"F32","shape":[3,1],"data_offsets":[24,36]}})";
    BOOST_TEST(complaint(file_of(without_bias, data().substr(12))) ==
               "t.safetensors: tensor \"0.bias\": found no such tensor, expected F32 of shape (3)");
    const std::string uneven = replaced(replaced(header, "[0,24]", "[0,28]"), "[24,36]", "[28,36]");
    BOOST_TEST(complaint(file_of(uneven, data())) ==
               "t.safetensors: tensor \"0.weights\": found 28 bytes, expected 24 bytes");
}

BOOST_AUTO_TEST_CASE(a_network_of_another_type_names_both_types) {
    ctnn::io::save_safetensors(numbered(), "t.safetensors");
    net_of<double> net{};
    BOOST_TEST(message_of([&] { ctnn::io::load_safetensors(net, "t.safetensors"); }) ==
               "t.safetensors: tensor \"0.weights\": found F32 of shape (2, 3), expected F64 of shape (2, 3)");
}

BOOST_AUTO_TEST_CASE(offsets_that_do_not_fit) {
    BOOST_TEST(complaint_about("[24,36]", "[28,36]") ==
               "t.safetensors: tensor \"0.bias\": found the offsets 28 to 36, "
               "expected a tensor that begins at offset 24");
    BOOST_TEST(complaint_about("[24,36]", "[20,36]") ==
               "t.safetensors: tensor \"0.bias\": found the offsets 20 to 36, "
               "expected a tensor that begins at offset 24");
    BOOST_TEST(complaint_about("[24,36]", "[24,12]") ==
               "t.safetensors: tensor \"0.bias\": found the offsets 24 to 12, "
               "expected a tensor that begins at offset 24");
    BOOST_TEST(complaint(file_of(header, data() + "x")) ==
               "t.safetensors: found 49 bytes of data, expected 48 bytes, as its tensors declare");
    BOOST_TEST(complaint(file_of(header, data().substr(1))) ==
               "t.safetensors: found 47 bytes of data, expected 48 bytes, as its tensors declare");
    BOOST_TEST(complaint_about("[36,48]", "[36,18446744073709551615]") ==
               "t.safetensors: found 48 bytes of data, expected 18446744073709551615 bytes, as its tensors declare");
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_or_written) {
    net_type net{};
    BOOST_TEST(message_of([&] { ctnn::io::load_safetensors(net, "none"); }) ==
               "none: found a file that cannot be opened (No such file or directory), expected a readable file");
    std::filesystem::create_directory("folder");
    BOOST_TEST(message_of([&] { ctnn::io::load_safetensors(net, "folder"); }) ==
               "folder: found a file that cannot be opened (Is a directory), expected a readable file");
    BOOST_TEST(message_of([&] { ctnn::io::save_safetensors(net, "no/where"); }) ==
               "no/where: found a file that cannot be written (No such file or directory), expected a writable path");
    std::filesystem::create_directory("writing");
    std::filesystem::create_directory("writing/folder");
    BOOST_TEST(message_of([&] { ctnn::io::save_safetensors(net, "writing/folder"); }) ==
               "writing/folder: found a file that cannot be written (Is a directory), expected a writable path");
    // No temporary files are left.
    BOOST_TEST(std::distance(std::filesystem::directory_iterator("writing"), {}) == 1);
}

BOOST_AUTO_TEST_CASE(every_cut_and_every_damaged_byte) {
    ctnn::io::save_safetensors(numbered(), "whole.safetensors");
    const std::string bytes = read_file("whole.safetensors");
    const std::size_t before_data = bytes.size() - 48;
    std::size_t wrongly_loaded = 0;
    const auto load_damaged = [&] {
        net_type net{};
        ctnn::get<0>(net).bias[1] = -1;
        const net_type before = net;
        try {
            ctnn::io::load_safetensors(net, "t.safetensors");
        } catch (...) {
            if (!(net == before)) throw std::logic_error("the network changed");
            throw;
        }
        wrongly_loaded += !(net == numbered());
    };
    io_test::largest_allocation = 0;
    BOOST_TEST(io_test::cut_everywhere("t.safetensors", bytes, load_damaged).refused == bytes.size());
    // In the header, only the padding may change: what loads is the network, to the bit. The header's entries are
    // alike: only the length and the first name and type get every value.
#if defined(CTNN_TEST_SANITIZED)
    const std::size_t all_values_before = 8;
#else
    const std::size_t all_values_before = 32;
#endif
    const io_test::outcome header_damage =
        io_test::damage_everywhere("t.safetensors", bytes, before_data, all_values_before, load_damaged);
    BOOST_TEST(header_damage.refused + header_damage.loaded ==
               all_values_before * 255 + (before_data - all_values_before) * 7);
    BOOST_TEST(header_damage.loaded < 50u);
    BOOST_TEST(wrongly_loaded == 0u);
    for (std::size_t position = before_data; position < bytes.size(); ++position) {
        std::string damaged = bytes;
        damaged[position] ^= 0x40;
        BOOST_TEST(complaint(damaged) == "");
    }
    BOOST_TEST(io_test::largest_allocation < 200000u);
}

/// Weights that ctnn-import writes together with a header are distinguished from others of the same shapes.
BOOST_AUTO_TEST_CASE(weights_of_another_import) {
    const auto said = [](const std::string& metadata) {
        write_file("t.safetensors", file_of(metadata.empty() ? header : replaced(header, "{", "{" + metadata), data()));
        net_type net{};
        const std::string message =
            message_of([&] { ctnn::io::load_safetensors(net, "t.safetensors", "0123456789abcdef"); });
        BOOST_TEST((net == (message.empty() ? numbered() : net_type{})));
        return message;
    };
    const std::string wanted =
        ", expected \"0123456789abcdef\", as in the C++ header that was written with the weights";
    BOOST_TEST(said(R"("__metadata__":{"ctnn_import_check_value":"0123456789abcdef"},)") == "");
    BOOST_TEST(said(R"("__metadata__":{"ctnn_import_check_value":"0123456789abcde\u001b"},)") ==
               "t.safetensors: the header: found the check value \"0123456789abcde\\x1b\"" + wanted);
    BOOST_TEST(said(R"("__metadata__":{"format":"pt"},)") ==
               "t.safetensors: the header: found no check value" + wanted);
    BOOST_TEST(said("") == "t.safetensors: the header: found no check value" + wanted);
    // Without a check value to compare with, the file's is ignored.
    net_type net{};
    write_file("t.safetensors",
               file_of(replaced(header, "{", R"({"__metadata__":{"ctnn_import_check_value":"x"},)"), data()));
    ctnn::io::load_safetensors(net, "t.safetensors");
    BOOST_TEST((net == numbered()));
}
