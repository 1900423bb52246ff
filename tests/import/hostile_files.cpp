// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_hostile_files
#include "command/command.hpp"
#include "read/header.hpp"
#include "read/import_weights.hpp"
#include "read/json_text.hpp"
#include "read/read.hpp"
#include "read/weights_file.hpp"
#include "refusal.hpp"

#include "sanitized.hpp"
#include "unit/io_counting_new.hpp"

#include <boost/test/unit_test.hpp>

#include <onnx/onnx_pb.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

// Files that claim more than they hold, contradict themselves, or contain terminal escapes: each is refused with one
// line of printable text, and takes at most four times its size plus 64 MiB of memory before that.

namespace {

using namespace ctnn_import;

#if defined(CTNN_TEST_SANITIZED)
constexpr std::size_t many = 2 << 20;
constexpr std::size_t many_rows = 600;
#else
constexpr std::size_t many = 4 << 20;
constexpr std::size_t many_rows = 10000;
#endif

std::string times(std::size_t count, const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
}

std::string said_by(const std::function<void()>& call) {
    try {
        call();
        return {};
    } catch (const refusal& error) { return error.what(); }
}

/// The message, after checks of the memory used and of the characters.
std::string said_of(const std::string& bytes, const std::function<void(const std::string&)>& read) {
    std::string said;
    const std::size_t peak = io_test::peak_of([&] { said = said_by([&] { read(bytes); }); });
    BOOST_TEST(peak <= 4 * bytes.size() + (std::size_t{64} << 20),
               peak << " bytes of memory for " << bytes.size() << ": " << said);
    for (const char c : said) BOOST_TEST((c >= 0x20 && c < 0x7f));
    return said;
}
std::string json(const std::string& text) {
    return said_of(text, [](const std::string& bytes) { parse_rtneural(bytes, 1); });
}
std::string safetensors(const std::string& header, std::size_t data_bytes, std::size_t length = 0) {
    const std::uint64_t size = length ? length : header.size();
    std::string file(8, '\0');
    std::memcpy(file.data(), &size, sizeof size);
    return said_of(file + header + std::string(data_bytes, '\0'),
                   [](const std::string& bytes) { parse_safetensors(bytes); });
}
std::string npy(const std::string& header, const std::string& data) {
    std::string bytes("\x93NUMPY\x02\x00", 8);
    for (const int shift : {0, 8, 16, 24}) bytes += static_cast<char>(header.size() >> shift & 255);
    return said_of(bytes + header + data, [](const std::string& file) { parse_npy(file); });
}
std::string onnx_model(const std::function<void(onnx::ModelProto&)>& change) {
    onnx::ModelProto model;
    model.set_ir_version(7);
    model.add_opset_import()->set_version(13);
    onnx::GraphProto& graph = *model.mutable_graph();
    for (onnx::ValueInfoProto* info : {graph.add_input(), graph.add_output()}) {
        info->set_name(info == graph.mutable_input(0) ? "x" : "y");
        auto& type = *info->mutable_type()->mutable_tensor_type();
        type.set_elem_type(onnx::TensorProto::FLOAT);
        for (const int extent : {1, 2}) type.mutable_shape()->add_dim()->set_dim_value(extent);
    }
    onnx::NodeProto& node = *graph.add_node();
    node.set_op_type("MatMul");
    node.set_name("product");
    node.add_input("x"), node.add_input("w");
    node.add_output("y");
    onnx::TensorProto& weights = *graph.add_initializer();
    weights.set_name("w");
    weights.set_data_type(onnx::TensorProto::FLOAT);
    weights.add_dims(2), weights.add_dims(2);
    for (int i = 0; i < 4; ++i) weights.add_float_data(1);
    change(model);
    return said_of(model.SerializeAsString(), [](const std::string& bytes) { parse_model(bytes, {}); });
}

/// A model of RTNeural with one layer.
std::string model_of(const std::string& text, const std::string& inputs = "1") {
    return R"({"in_shape":[null,null,)" + inputs + R"(],"layers":[)" + text + "]}";
}
std::string dense(const std::string& weights, const std::string& units = "1") {
    return R"({"type":"dense","activation":"","shape":[null,null,)" + units + R"(],"weights":)" + weights + "}";
}

}  // namespace

BOOST_AUTO_TEST_CASE(claims_of_rtneural) {
    BOOST_TEST(json(model_of(dense("[[[1.0]],[0.5]]"))) == "");
    for (const std::string size : {"1048576", "16384"})
        BOOST_TEST(json(model_of(dense("[[],[]]", size), size)).find("layer 0: dense: ") == 0u);
    BOOST_TEST(
        json(model_of(R"({"type":"lstm","activation":"tanh","shape":[null,null,8192],"weights":[[],[],[]]})", "8192"))
            .find("layer 0: lstm: ") == 0u);
    BOOST_TEST(json(model_of(dense("[[" + times(many, "1,") + "1],[1]]"))).find("too many values for") !=
               std::string::npos);
    BOOST_TEST(json(model_of(dense("[[" + times(many, "[],") + "[]],[1]]"))).find("too many values for") !=
               std::string::npos);
    BOOST_TEST(json("[" + times(many, "{},") + "{}]").find("too many values for") != std::string::npos);
    BOOST_TEST(json(times(many, "[")) == "line 1, column 18: JSON that is nested more than 16 deep");
    BOOST_TEST(json(times(many, "{\"a\":")).find("nested more than 16 deep") != std::string::npos);
    BOOST_TEST(json("\"" + std::string(many, 'x') + "\"").find("not an RTNeural model") != std::string::npos);
    BOOST_TEST(json("\"" + std::string(many, 'x')).find("it is damaged there, or not JSON") != std::string::npos);
    // Many numbers, as exporters write them.
    const std::string row = times(99, "0.12345678901234567,") + "0.12345678901234567";
    const std::string rows = times(many_rows - 1, "[" + row + "],") + "[" + row + "]";
    BOOST_TEST(json(model_of(R"({"type":"dense","shape":[100],"weights":[[)" + rows + "],[" + row + "]]}",
                             std::to_string(many_rows))) == "");
}

BOOST_AUTO_TEST_CASE(json_that_says_two_things) {
    const std::string whole = model_of(dense("[[[1.0]],[0.5]]"));
    BOOST_TEST(json(model_of(R"({"type":"dense","shape":[1],"weights":[[[1.0]],[0.5]],"weights":[[[9.0]],[7.0]]})"))
                   .find("the name \"weights\" occurs twice") != std::string::npos);
    BOOST_TEST(json(R"({"in_shape":[1],"in_shape":[1],"layers":[]})") ==
               "line 1, column 27: the name \"in_shape\" occurs twice");
    BOOST_TEST(json(whole + std::string("\n\0\0garbage", 10)) == "line 2, column 1: a zero byte is not JSON");
    BOOST_TEST(json(whole + std::string("\0", 1)).find("a zero byte") != std::string::npos);
    BOOST_TEST(json(whole + " garbage").find("it is damaged there, or not JSON") != std::string::npos);
    BOOST_TEST(json(whole + whole).find("it is damaged there, or not JSON") != std::string::npos);
    BOOST_TEST(json(whole + " \n\t ") == "");
    // The same in an object inside.
    BOOST_TEST(json(R"({"metadata":{"a":1,"b":{"c":1,"c":2}}})").find("the name \"c\" occurs twice") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(shapes_of_other_types) {
    BOOST_TEST(json(R"({"in_shape":[-5,"x",1],"layers":[)" + dense("[[[1.0]],[0.5]]") + "]}") ==
               "element 0 of in_shape is -5, and not a positive number");
    for (const std::string shape : {R"([7,{},1])", R"([null,1.5,1])", R"([null,true,1])", R"([null,"1",1])", R"([0,1])",
                                    R"([null,null])", R"([99999999999999999999,1])", R"([1e3])"})
        BOOST_TEST(json(model_of(R"({"type":"dense","shape":)" + shape + R"(,"weights":[[[1.0]],[0.5]]})"))
                           .find(" of shape is ") != std::string::npos,
                   shape);
    for (const std::string shape : {"[]", "{}", "\"1\"", "0", "-1", "1.0", "null", "1048577"})
        BOOST_TEST(json(model_of(R"({"type":"dense","shape":)" + shape + R"(,"weights":[[[1.0]],[0.5]]})"))
                           .find("shape is not a positive number") != std::string::npos,
                   shape);
}

// All names are escaped by one function before they enter a message, whatever their source.
BOOST_AUTO_TEST_CASE(names_that_speak_to_a_terminal) {
    const std::string evil = "\x1b[2J\r\nctnn-import: fine\x7f\xc2\x9b\xe2\x80\xae\xff";
    const std::string shown = "\\x1b[2J\\x0d\\x0actnn-import: fine";
    const std::string in_json = R"(\u001b[2J\r\nctnn-import: fine\u007f\u009b\u202e)";
    for (const std::string& text :
         {model_of(R"({"type":")" + in_json + R"(","shape":[1],"weights":[]})"),
          model_of(R"({"type":"dense","activation":")" + in_json + R"(","shape":[1],"weights":[]})"),
          model_of(R"({"type":"dense",")" + in_json + R"(":1,"shape":[1],"weights":[[[1]],[1]]})"),
          R"({")" + in_json + R"(":1,")" + in_json + R"(":1})"})
        BOOST_TEST(json(text).find(shown) != std::string::npos, json(text));
    BOOST_TEST(
        safetensors(R"({")" + in_json + R"(":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4).find(shown) !=
        std::string::npos);
    BOOST_TEST(
        safetensors(R"({"a":{"dtype":")" + in_json + R"(","shape":[1],"data_offsets":[0,4]}})", 4).find("\\x1b") !=
        std::string::npos);
    BOOST_TEST(npy("{'descr': '" + evil + "', 'fortran_order': False, 'shape': (1,)}", "abcd").find(shown) !=
               std::string::npos);
    BOOST_TEST(npy("{'" + evil + "': 1}", "").find(shown) != std::string::npos);
    for (const std::function<void(onnx::GraphProto&)>& change : std::vector<std::function<void(onnx::GraphProto&)>>{
             [&](auto& graph) { graph.mutable_node(0)->set_name(evil), graph.mutable_node(0)->set_op_type("Quark"); },
             [&](auto& graph) { graph.mutable_node(0)->set_op_type(evil); },
             [&](auto& graph) { graph.mutable_node(0)->set_domain(evil); },
             [&](auto& graph) { *graph.mutable_node(0)->mutable_input(1) = evil; },
             [&](auto& graph) {
                 graph.mutable_initializer(0)->set_name(evil), graph.mutable_initializer(0)->add_dims(9);
             },
             [&](auto& graph) { graph.mutable_output(0)->set_name(evil); },
             [&](auto& graph) {
                 graph.mutable_input(0)->set_name(evil);
                 graph.mutable_input(0)
                     ->mutable_type()
                     ->mutable_tensor_type()
                     ->mutable_shape()
                     ->mutable_dim(1)
                     ->set_dim_param(evil);
             },
             [&](auto& graph) { graph.mutable_node(0)->add_attribute()->set_name(evil); }})
        BOOST_TEST(onnx_model([&](auto& model) { change(*model.mutable_graph()); }).find("\\x1b") != std::string::npos);
    // File names from the command line are escaped in the same way.
    command what;
    what.model = "absent\x1b[2J.onnx";
    what.report = true;
    BOOST_TEST(said_by([&] { run(what); }) == "absent\\x1b[2J.onnx: the file cannot be opened");
    std::string number;
    BOOST_TEST(said_by([&] { parse_header("using n = ctnn::network<fl\x1boat>;", "", number); }) ==
               "line 1, column 27: found \"\\x1b\", expected ',' or '>'");
}

BOOST_AUTO_TEST_CASE(claims_of_safetensors) {
    const std::string fine = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
    BOOST_TEST(safetensors(fine, 8) == "");
    BOOST_TEST(safetensors(fine, 8, std::size_t{1} << 62) == "the header extends beyond the end of the file");
    BOOST_TEST(safetensors(R"({"a":{"dtype":"F32","shape":[67108864],"data_offsets":[0,8]}})", 8) ==
               "tensor \"a\": it has 8 bytes, and its extents say 268435456");
    BOOST_TEST(safetensors(R"({"a":{"dtype":"F32","shape":[67108865],"data_offsets":[0,8]}})", 8) ==
               "tensor \"a\": an extent is above 2^26");
    BOOST_TEST(safetensors(R"({"a":{"dtype":"F32","shape":[67108864,67108864,67108864],"data_offsets":[0,0]}})", 0) ==
               "tensor \"a\": it has more than 2^26 elements");
    BOOST_TEST(safetensors(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]}})", 8) != "");
    BOOST_TEST(safetensors(R"({"a":{"dtype":"F32","shape":[)" + times(many, "1,") + R"(1],"data_offsets":[0,4]}})", 4)
                   .find("too many values for") != std::string::npos);
    BOOST_TEST(safetensors("{" + times(many, "\"a\":[],") + "}", 0).find("twice") != std::string::npos);
    std::string names = "{";
    for (std::size_t i = 0; i < many / 4; ++i) names += '"' + std::to_string(i) + "\":[],";
    names.back() = '}';
    BOOST_TEST(safetensors(names, 0).find("too many values for") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(claims_of_npy) {
    const std::string begin = "{'descr': '<f4', 'fortran_order': ";
    BOOST_TEST(npy(begin + "False, 'shape': (1,)}", "abcd") == "");
    for (const std::string order : {"False", "True"})
        BOOST_TEST(npy(begin + order + ", 'shape': (16384, 16384)}", "abcd").find("another number of bytes") !=
                   std::string::npos);
    BOOST_TEST(npy(begin + "False, 'shape': (" + times(1 << 20, "1,") + ")}", "abcd").find("more than 32 dimensions") !=
               std::string::npos);
    BOOST_TEST(npy(begin + "False, 'shape': (" + std::string(4 << 20, '1') + ",)}", "").find("too large") !=
               std::string::npos);
    std::string whole(4 << 20, 'x');
    BOOST_TEST(npy(begin + "True, 'shape': (1024, 1024)}", whole) == "");
}

BOOST_AUTO_TEST_CASE(claims_of_onnx) {
    BOOST_TEST(onnx_model([](auto&) {}) == "");
    const auto dims = [](onnx::GraphProto& graph, std::int64_t rows, std::int64_t columns) {
        graph.mutable_initializer(0)->set_dims(0, rows);
        graph.mutable_initializer(0)->set_dims(1, columns);
    };
    BOOST_TEST(onnx_model([&](auto& m) { dims(*m.mutable_graph(), 8192, 8192); }) ==
               "initialiser \"w\": it has 4 elements, and its extents say 67108864");
    BOOST_TEST(onnx_model([&](auto& m) {
                   m.mutable_graph()->mutable_initializer(0)->set_raw_data("abcd");
                   dims(*m.mutable_graph(), 8192, 8192);
               }) == "initialiser \"w\": it has 4 bytes, and its extents say 268435456");
    BOOST_TEST(onnx_model([&](auto& m) { dims(*m.mutable_graph(), 1 << 20, 1 << 20); }) ==
               "initialiser \"w\": it has more than 2^26 elements");
    BOOST_TEST(onnx_model([&](auto& m) {
                   auto& tensor = *m.mutable_graph()->mutable_initializer(0);
                   dims(*m.mutable_graph(), 8192, 8192);
                   tensor.set_data_location(onnx::TensorProto::EXTERNAL);
                   auto& location = *tensor.add_external_data();
                   location.set_key("location"), location.set_value("/dev/zero");
               }) != "");
}

BOOST_AUTO_TEST_CASE(claims_of_headers) {
    std::string number;
    const auto header = [&](const std::string& text, std::int64_t room) {
        return said_of(text, [&](const std::string& bytes) { parse_header(bytes, "", number, room); });
    };
    const std::string big = "using n = ctnn::network<float, ctnn::input<20000>, ctnn::dense<20000>>;";
    BOOST_TEST(header(big, 1 << 20) ==
               "line 1, column 52: dense: its parameter weights has 400000000 elements, more than the file has");
    const std::string list = "using n = ctnn::network<float, ctnn::input<";
    BOOST_TEST(header(list + times(500000, "1,") + "1>, ctnn::flatten>;", 0) != "");
    BOOST_TEST(header(times(170000, "using "), 0) != "");
    BOOST_TEST(header(std::string(1 << 20, '<'), 0) != "");
    // On the command line, the size of the weights file bounds the parameters.
    std::ofstream("net.hpp") << big;
    std::ofstream("w.safetensors") << "any";
    command what;
    what.model = "w.safetensors", what.into = "net.hpp";
    what.report = true;
    BOOST_TEST(said_of("", [&](const std::string&) { run(what); }).find("more than the file has") != std::string::npos);
}
