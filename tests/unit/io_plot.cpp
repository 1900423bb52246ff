// SPDX-License-Identifier: BSL-1.0
// Pictures: what gnuplot draws is read back, as XML and as pixels.
#define BOOST_TEST_MODULE io_plot
#include <boost/test/unit_test.hpp>

#include "io_support.hpp"

#include <ctnn.hpp>
#include <ctnn/io/plot.hpp>

#include <sys/resource.h>
#include <zlib.h>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace ctnn;
using io_test::message_of;
using io_test::read_file;
using io_test::write_file;
using tree = boost::property_tree::ptree;

// --- Reading pictures

tree svg(const std::string& path) {
    tree result;
    std::istringstream text(read_file(path));
    boost::property_tree::read_xml(text, result);  // throws for what is not well-formed
    return result;
}

/// Calls `f` with each element's name and content.
template <class F>
void for_each_element(const tree& parent, F f) {
    for (const auto& [name, child] : parent) {
        f(name, child);
        for_each_element(child, f);
    }
}

std::size_t count_elements(const tree& picture, const std::string& wanted, const std::string& attribute = {},
                           const std::string& value = {}) {
    std::size_t count = 0;
    for_each_element(picture, [&](const std::string& name, const tree& content) {
        count += name == wanted && (attribute.empty() || content.get("<xmlattr>." + attribute, "") == value);
    });
    return count;
}

/// The points of paths: their commands M and L.
std::size_t count_path_points(const tree& picture, const std::string& colour) {
    std::size_t count = 0;
    for_each_element(picture, [&](const std::string& name, const tree& content) {
        if (name != "path" || content.get("<xmlattr>.stroke", "").find(colour) == std::string::npos) return;
        for (const char c : content.get<std::string>("<xmlattr>.d")) count += c == 'M' || c == 'L';
    });
    return count;
}

std::string all_texts(const tree& picture) {
    std::string result;
    for_each_element(picture, [&](const std::string& name, const tree& content) {
        if (name == "text") result += content.data() + '\n';
    });
    return result;
}

struct pixels {
    std::uint32_t width = 0, height = 0;
    std::vector<std::uint8_t> rgb;
    std::size_t count(unsigned red, unsigned green, unsigned blue) const {
        std::size_t result = 0;
        for (std::size_t i = 0; i + 2 < rgb.size(); i += 3)
            result += rgb[i] == red && rgb[i + 1] == green && rgb[i + 2] == blue;
        return result;
    }
};

/// Reads a PNG of 8 bits for each of three or four channels; checks every chunk.
pixels png(const std::string& path) {
    const std::string bytes = read_file(path);
    BOOST_REQUIRE(bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n");
    const auto number = [&](std::size_t at) {
        std::uint32_t result = 0;
        for (std::size_t i = 0; i < 4; ++i) result = result << 8 | static_cast<unsigned char>(bytes.at(at + i));
        return result;
    };
    pixels result;
    std::size_t channels = 0;
    std::string data, kind;
    for (std::size_t at = 8; kind != "IEND";) {
        const std::size_t length = number(at);
        kind = bytes.substr(at + 4, 4);
        const auto* const from = reinterpret_cast<const Bytef*>(bytes.data() + at + 4);
        BOOST_REQUIRE(crc32(0, from, static_cast<uInt>(length + 4)) == number(at + 8 + length));
        if (kind == "IHDR") {
            result.width = number(at + 8);
            result.height = number(at + 12);
            BOOST_REQUIRE(bytes.at(at + 16) == 8);
            channels = bytes.at(at + 17) == 6 ? 4 : 3;
            BOOST_REQUIRE((bytes.at(at + 17) == 2 || bytes.at(at + 17) == 6));
        }
        if (kind == "IDAT") data += bytes.substr(at + 8, length);
        at += length + 12;
    }
    const std::size_t line = result.width * channels;
    std::vector<std::uint8_t> raw((line + 1) * result.height);
    uLongf size = static_cast<uLongf>(raw.size());
    BOOST_REQUIRE(uncompress(raw.data(), &size, reinterpret_cast<const Bytef*>(data.data()),
                             static_cast<uLong>(data.size())) == Z_OK);
    BOOST_REQUIRE(size == raw.size());
    std::vector<std::uint8_t> above(line), current(line);
    for (std::size_t y = 0; y < result.height; ++y) {
        const std::uint8_t* const from = raw.data() + y * (line + 1);
        for (std::size_t i = 0; i < line; ++i) {
            const int a = i < channels ? 0 : current[i - channels], b = above[i],
                      c = i < channels ? 0 : above[i - channels];
            const int to_a = std::abs(b - c), to_b = std::abs(a - c), to_c = std::abs(a + b - 2 * c);
            const int paeth = to_a <= to_b && to_a <= to_c ? a : to_b <= to_c ? b : c;
            const int predicted[] = {0, a, b, (a + b) / 2, paeth};
            current[i] = static_cast<std::uint8_t>(from[1 + i] + predicted[from[0]]);
            if (i % channels < 3) result.rgb.push_back(current[i]);
        }
        above = current;
    }
    return result;
}

// --- What is drawn

template <class T, std::size_t Capacity = 40>
training_history<T, Capacity> falling(std::size_t epochs, bool validated) {
    training_history<T, Capacity> result;
    result.epochs = result.count = epochs;
    for (std::size_t i = 0; i < epochs; ++i) {
        result.loss.push(1 / static_cast<T>(i + 1));
        if (validated) result.validation_loss.push(1.5f / static_cast<T>(i + 1));
    }
    return result;
}

bool has_gnuplot() {
    const bool found = std::system("gnuplot --version > gnuplot.version 2> gnuplot.error") == 0;
    if (!found) BOOST_TEST_MESSAGE("SKIPPED: there is no gnuplot here (Debian: gnuplot-nox)");
    return found;
}
// A pointer to a function: g++ 12 takes an empty function object inside boost::function for uninitialised memory.
boost::test_tools::assertion_result needs_gnuplot(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result result(has_gnuplot());
    result.message() << "there is no gnuplot here (Debian: gnuplot-nox)";
    return result;
}
const auto where_gnuplot_is = boost::unit_test::precondition(&needs_gnuplot);

/// Everything that could become a command, a format, or break the file.
const std::string odd =
    "it's; `touch taken` \"q\" <b>&amp; @GPVAL_TERM $(touch taken) {/Bold x} a_b^2 %s%n\n"
    "'; system 'touch taken'; #\\ \xff\xc3 \xef\xbf\xbf \xc3\xa4\x07\x1b[0m \\";

}  // namespace

BOOST_AUTO_TEST_CASE(losses_as_svg, *where_gnuplot_is) {
    io::loss_picture(falling<double>(12, true), {.title = "a title"}).save("losses.svg");
    const tree picture = svg("losses.svg");
    // A mark for each epoch and one in the key, for each curve.
    BOOST_TEST(count_elements(picture, "use", "color", "rgb( 31,  95, 191)") +
                   count_elements(picture, "use", "color", "rgb(216, 116,  59)") ==
               2u * 13u);
    BOOST_TEST(all_texts(picture).find("a title") != std::string::npos);
    BOOST_TEST(all_texts(picture).find("validation") != std::string::npos);

    io::loss_picture(falling<float>(12, false)).save("training.svg");
    BOOST_TEST(all_texts(svg("training.svg")).find("validation") == std::string::npos);
    io::loss_picture(falling<float>(1, false)).save("one.svg");
    BOOST_TEST(count_elements(svg("one.svg"), "use", "color", "rgb( 31,  95, 191)") == 2u);
}

BOOST_AUTO_TEST_CASE(losses_that_are_not_finite_are_left_out, *where_gnuplot_is) {
    auto history = falling<float>(5, false);
    history.loss.push(std::numeric_limits<float>::infinity());
    history.loss.push(std::numeric_limits<float>::quiet_NaN());
    io::loss_picture(history).save("partly.svg");
    BOOST_TEST(count_elements(svg("partly.svg"), "use", "color", "rgb( 31,  95, 191)") == 6u);

    training_history<float, 4> none;
    none.loss.push(std::numeric_limits<float>::quiet_NaN());
    BOOST_TEST(message_of([&] { io::loss_picture(none).save("none.svg"); }) ==
               "loss_picture: found no loss that is finite, expected one at least");
    BOOST_TEST(!std::filesystem::exists("none.svg"));
}

BOOST_AUTO_TEST_CASE(losses_as_png, *where_gnuplot_is) {
    io::loss_picture(falling<double>(30, false), {.title = {}, .width = 500, .height = 300}).save("losses.png");
    const pixels picture = png("losses.png");
    BOOST_TEST(picture.width == 500u);
    BOOST_TEST(picture.height == 300u);
    BOOST_TEST(picture.count(31, 95, 191) > 50u);  // the curve, without its smoothed edges
}

BOOST_AUTO_TEST_CASE(losses_as_text, *where_gnuplot_is) {
    const std::string text = io::loss_picture(falling<double>(12, false), {.title = "a title"}).text(60, 15);
    std::size_t lines = 0, longest = 0, start = 0;
    for (std::size_t end; (end = text.find('\n', start)) != text.npos; start = end + 1, ++lines)
        longest = std::max(longest, end - start);
    BOOST_TEST(lines >= 15u);
    BOOST_TEST(longest <= 60u);
    BOOST_TEST(text.find("a title") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(confusion, *where_gnuplot_is) {
    const tensor<std::size_t, shape<3, 3>> counts{50, 1, 0, 4, 45, 1234, 0, 0, 0};
    io::confusion_picture(counts, {"one", odd}).save("confusion.svg");
    const tree picture = svg("confusion.svg");
    const std::string texts = all_texts(picture);
    for (const char* expected : {"one", "50", "45", "1234", "taken for"})
        BOOST_TEST(texts.find(expected) != std::string::npos, expected);
    std::size_t cells = 0;
    for_each_element(picture, [&](const std::string& name, const tree& content) {
        cells += name == "polygon" && content.get("<xmlattr>.points", "").size() > 0;
    });
    BOOST_TEST(cells >= 9u);
    BOOST_TEST(texts.find("it's; `touch taken` ") != std::string::npos);  // as it is, but cut
    io::confusion_picture(counts, {odd, odd, odd}, {.title = odd}).save("confusion.png");
    BOOST_TEST(png("confusion.png").count(111, 168, 240) < 20000u);
    io::confusion_picture(tensor<int, shape<2, 2>>{7, 0, 0, 9}).save("right.png");
    const pixels right = png("right.png");  // two of four cells have the full colour
    BOOST_TEST(right.count(111, 168, 240) > 20000u);
    BOOST_TEST(right.count(111, 168, 240) < right.rgb.size() / 6);
}

BOOST_AUTO_TEST_CASE(weights, *where_gnuplot_is) {
    using net = network<float, input<6>, dense<4, relu>, dense<2>>;
    const net start = initialize<net>(glorot_uniform{}, 3);
    const auto cells_of = [](const std::string& path) {
        std::size_t cells = 0;
        for_each_element(svg(path), [&](const std::string& name, const tree&) { cells += name == "polygon"; });
        return cells;
    };
    io::weight_picture<3>(start).save("dense.svg");
    io::weight_picture<3>(net{}).save("zeros.svg");
    const std::size_t beside = cells_of("dense.svg") - 24;  // of the colour box
    BOOST_TEST(cells_of("zeros.svg") == 24 + beside);
    using images = network<float, input<2, 8, 8>, conv2d<5, window<3>, relu>, flatten, dense<2>>;
    io::weight_picture(initialize<images>(glorot_uniform{}, 3)).save("conv.svg");
    BOOST_TEST(cells_of("conv.svg") == 5 * 2 * 9 + beside);
}

BOOST_AUTO_TEST_CASE(signals, *where_gnuplot_is) {
    std::vector<float> outputs, targets;
    for (int i = 0; i < 50; ++i) {
        outputs.push_back(static_cast<float>(i % 7));
        targets.push_back(static_cast<float>(i % 5));
    }
    io::signal_picture<float>(outputs, targets, {.title = odd}).save("signals.svg");
    // A line of 50 points, and a sample of two in the key.
    BOOST_TEST(count_path_points(svg("signals.svg"), "rgb( 31,  95, 191)") == 52u);
    BOOST_TEST(count_path_points(svg("signals.svg"), "rgb(176, 176, 176)") == 52u);
    const std::vector<float> nothing(50, std::numeric_limits<float>::quiet_NaN());
    BOOST_TEST(message_of([&] { io::signal_picture<float>(nothing, targets); }) ==
               "signal_picture: found no output that is finite, expected one at least");
    targets.pop_back();
    BOOST_TEST(
        message_of([&] { io::signal_picture<float>(outputs, targets); }) ==
        "signal_picture: found 50 outputs and 49 targets, expected as many targets as outputs, at least one of each");
}

BOOST_AUTO_TEST_CASE(nothing_in_a_text_is_a_command, *where_gnuplot_is) {
    std::filesystem::remove("taken");
    const auto picture = io::loss_picture(falling<double>(3, false), {.title = odd});
    picture.save("odd.svg");
    picture.save("odd.png");
    BOOST_TEST(picture.text().find("touch taken") != std::string::npos);
    BOOST_TEST(png("odd.png").width == 640u);
    const std::string texts = all_texts(svg("odd.svg"));
    // What is not a character is a question mark; the line is whole, and cut at its 120th character.
    BOOST_TEST(
        texts.find("it's; `touch taken` \"q\" <b>&amp; @GPVAL_TERM $(touch taken) {/Bold x} a_b^2 %s%n '; system "
                   "'touch taken'; #\\ ??") != std::string::npos,
        texts);
    BOOST_TEST(!std::filesystem::exists("taken"));
}

BOOST_AUTO_TEST_CASE(a_picture_that_fails_changes_nothing, *where_gnuplot_is) {
    const auto picture = io::loss_picture(falling<double>(3, false));
    for (const char* path : {"kept.jpg", "kept", "kept.svg.txt"}) {
        write_file(path, "as before");
        BOOST_TEST(message_of([&] { picture.save(path); }).find("expected .svg or .png") != std::string::npos, path);
        BOOST_TEST(read_file(path) == "as before");
    }
    BOOST_TEST(!message_of([&] { picture.save("no/such/folder.svg"); }).empty());
    BOOST_TEST(!std::filesystem::exists("no"));

    const io::picture broken("plot nonsense(\n", {});
    write_file("kept.svg", "as before");
    const std::string message = message_of([&] { broken.save("kept.svg"); });
    BOOST_TEST(message.find("kept.svg: found that gnuplot failed: ") == 0u, message);
    BOOST_TEST(message.find('\n') == std::string::npos);
    BOOST_TEST(read_file("kept.svg") == "as before");
}

BOOST_AUTO_TEST_CASE(a_system_without_gnuplot) {
    const std::string path = std::getenv("PATH") != nullptr ? std::getenv("PATH") : "";
    setenv("PATH", "/nowhere", 1);
    write_file("kept.svg", "as before");
    const auto picture = io::loss_picture(falling<double>(3, false));
    const std::string of_file = message_of([&] { picture.save("kept.svg"); });
    const std::string of_text = message_of([&] { static_cast<void>(picture.text()); });
    setenv("PATH", path.c_str(), 1);
    BOOST_TEST(
        of_file ==
        "kept.svg: found no program gnuplot to draw it (No such file or directory), expected gnuplot 5 in the PATH "
        "(Debian: gnuplot-nox)");
    BOOST_TEST(of_text.find("found no program gnuplot") != std::string::npos);
    BOOST_TEST(read_file("kept.svg") == "as before");
}

BOOST_AUTO_TEST_CASE(a_system_without_temporary_files) {
    rlimit before{};
    BOOST_REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit none = before;
    none.rlim_cur = 0;
    const auto picture = io::loss_picture(falling<double>(3, false));
    BOOST_REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
    const std::string message = message_of([&] { picture.save("kept.svg"); });
    BOOST_REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
    BOOST_TEST(message ==
               "kept.svg: found no temporary files (Too many open files), expected room for three where the system has "
               "them, such as /tmp");
}

BOOST_AUTO_TEST_CASE(characters) {
    const auto plain = [](const std::string& text, std::size_t longest = 100) {
        std::string result;
        for (const std::string& character : io::detail::plain_characters(text, longest)) result += character;
        return result;
    };
    BOOST_TEST(plain("a\tb\x7f\n") == "a b  ");
    BOOST_TEST(plain("\xc2\x9b"
                     "31m \xc2\x80\xc2\x9f\xc2\xa0") == " 31m   \xc2\xa0");  // C1 is as ESC [ to terminals
    BOOST_TEST(plain("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x8e\xb8") == "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x8e\xb8");
    // Cut off, too long, a surrogate, beyond the last code point, and no character.
    BOOST_TEST(plain("\xc3") == "?");
    BOOST_TEST(plain("\xc0\xaf \xe0\x80\xaf") == "?? ???");
    BOOST_TEST(plain("\xed\xa0\x80 \xf4\x90\x80\x80 \xef\xbf\xbe") == "??? ???? ???");
    BOOST_TEST(plain("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", 5) == "\xc3\xa4\xc3\xa4...");
    BOOST_TEST(io::detail::gnuplot_text("it's\\") == "'it''s\\'");
    BOOST_TEST(io::detail::gnuplot_label("5%") == "'5%%'");
    BOOST_TEST(io::detail::gnuplot_number(0.1f) == "0.1");
    BOOST_TEST(io::detail::gnuplot_number(-std::numeric_limits<double>::infinity()) == "NaN");
}
