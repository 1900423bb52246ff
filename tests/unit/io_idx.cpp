// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_idx
#include <boost/test/unit_test.hpp>

#include <ctnn/io/idx.hpp>

#include "io_counting_new.hpp"
#include "io_support.hpp"

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace {

using ctnn::shape;
using io_test::message_of;
using io_test::write_file;
template <class T, class Shape>
using images = ctnn::io::dataset<T, Shape, ctnn::io::class_labels<10>>;
using flat = images<float, shape<6>>;

std::string bytes(std::initializer_list<int> values) {
    std::string result;
    for (const int value : values) result += static_cast<char>(value);
    return result;
}

// Two images of 2 x 3, and their labels.
const std::string two_images = bytes({0, 0,  8,   3,   0,   0,   0, 2, 0, 0, 0, 2, 0, 0, 0, 3,  //
                                      0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6});
const std::string two_labels = bytes({0, 0, 8, 1, 0, 0, 0, 2, 9, 4});

template <class Dataset = flat>
Dataset load(const std::string& image_bytes = two_images, const std::string& label_bytes = two_labels,
             const ctnn::io::idx_options& options = {}) {
    write_file("images", image_bytes);
    write_file("labels", label_bytes);
    return ctnn::io::load_idx<Dataset>("images", "labels", options);
}

template <class Dataset = flat>
std::string complaint(const std::string& image_bytes = two_images, const std::string& label_bytes = two_labels) {
    return message_of([&] { load<Dataset>(image_bytes, label_bytes); });
}

std::string with(std::string text, std::size_t position, int value) {
    text.at(position) = static_cast<char>(value);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(scaled) {
    const flat data = load();
    BOOST_TEST(data.size() == 2u);
    BOOST_TEST(data.inputs()[0][0] == 0);
    BOOST_TEST(data.inputs()[0][1] == 51 / 255.0f);
    BOOST_TEST(data.inputs()[0][5] == 1);
    BOOST_TEST(data.inputs()[1][5] == 6 / 255.0f);
    BOOST_TEST(data.labels()[0][0] == 9);
    BOOST_TEST(data.labels()[1][0] == 4);
    const flat unscaled = load<flat>(two_images, two_labels, {.white = 1});
    BOOST_TEST(unscaled.inputs()[0][5] == 255);
}

BOOST_AUTO_TEST_CASE(raw_bytes) {
    using raw = images<std::uint8_t, shape<6>>;
    BOOST_TEST((load<raw>() == raw({0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6}, {9, 4})));
}

BOOST_AUTO_TEST_CASE(shapes_that_fit) {
    BOOST_TEST((load<images<double, shape<2, 3>>>().size() == 2u));
    BOOST_TEST((load<images<double, shape<1, 2, 3>>>().size() == 2u));
    BOOST_TEST((complaint<images<double, shape<3, 2>>>()) ==
               "images: byte 4: found samples of shape (2, 3), expected shape (3, 2)");
    BOOST_TEST((complaint<images<double, shape<5>>>()) ==
               "images: byte 4: found samples of shape (2, 3), expected shape (5)");
}

BOOST_AUTO_TEST_CASE(gzip) {
    BOOST_TEST((load(io_test::packed(two_images), io_test::packed(two_labels)) == load()));
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_and_where) {
    BOOST_TEST(complaint(with(two_images, 0, 1)) ==
               "images: byte 0: found the magic number 16779267, expected one that begins with two zero bytes");
    BOOST_TEST(complaint(with(two_images, 2, 13)) ==
               "images: byte 2: found the element type 13, expected 8 (unsigned bytes)");
    BOOST_TEST(complaint(with(two_images, 3, 0)) == "images: byte 3: found no dimensions, expected at least one");
    BOOST_TEST(complaint(with(two_images, 7, 0)) == "images: byte 4: found 0 samples, expected at least one");
    BOOST_TEST(complaint(with(two_images, 7, 3), with(two_labels, 7, 3) + '\1') ==
               "images: byte 28: found the end of the file, expected 3 samples as its header says");
    BOOST_TEST(complaint(two_images + "x") ==
               "images: byte 28: found more data, expected the end of the file after 2 samples");
    BOOST_TEST(complaint("") == "images: byte 0: found the end of the file, expected four bytes of the magic number");
    BOOST_TEST(complaint(two_images.substr(0, 9)) ==
               "images: byte 8: found the end of the file, expected four bytes of an extent");
    BOOST_TEST(complaint(two_images, with(two_labels, 7, 3)) ==
               "labels: byte 4: found 3 labels, expected 2 labels, one for each input");
    BOOST_TEST(complaint(two_images, with(two_labels, 9, 10)) ==
               "labels: byte 9: found the label 10, expected a class from 0 to 9");
    BOOST_TEST(complaint(two_images, two_images) == "labels: byte 4: found samples of shape (2, 3), expected shape ()");
    BOOST_TEST(message_of([] { ctnn::io::load_idx<flat>("images", "none"); }) ==
               "none: found a file that cannot be opened (No such file or directory), expected a readable file");
}

BOOST_AUTO_TEST_CASE(extents_whose_product_wraps_around) {
    // 2^32 - 1 overflows any 32-bit product, 255 extents any 64-bit one.
    BOOST_TEST(complaint(bytes({0, 0, 8, 3, 0, 0, 0, 2, 255, 255, 255, 255, 255, 255, 255, 250}) + "x") ==
               "images: byte 4: found samples of shape (4294967295, 4294967290), expected shape (6)");
    std::string many = bytes({0, 0, 8, 255, 0, 0, 0, 2});
    for (int i = 0; i < 254; ++i) { many += bytes({0, 1, 0, 0}); }
    BOOST_TEST(complaint(many).find("images: byte 4: found samples of shape (65536, 65536, ") == 0);
}

BOOST_AUTO_TEST_CASE(a_header_that_lies_allocates_nothing) {
    const std::string images_header = with(two_images, 4, 255);
    const std::string labels_header = with(two_labels, 4, 255);
    for (const bool gzip : {false, true}) {
        write_file("images", gzip ? io_test::packed(images_header) : images_header);
        write_file("labels", gzip ? io_test::packed(labels_header) : labels_header);
        io_test::largest_allocation = 0;
        const std::string message = message_of([] { ctnn::io::load_idx<flat>("images", "labels"); });
        BOOST_TEST(message.find("expected 4278190082 samples as its header says") != std::string::npos, message);
        BOOST_TEST(io_test::largest_allocation < 150000u);
    }
}

namespace {

void damage(const std::string& image_bytes, const std::string& label_bytes, std::size_t header) {
    const auto load_damaged = [] {
        flat data({1, 2, 3, 4, 5, 6}, {7});
        const flat before = data;
        try {
            data = ctnn::io::load_idx<flat>("images", "labels");
        } catch (...) {
            if (data != before) throw std::logic_error("the data set changed");
            throw;
        }
        if (data.size() != 2 || data.inputs().count != 2 || data.labels()[0][0] > 9 || data.labels()[1][0] > 9) {
            throw std::logic_error("the shape is wrong");
        }
    };
    for (const std::string path : {"images", "labels"}) {
        write_file("images", image_bytes);
        write_file("labels", label_bytes);
        const std::string& content = path == "images" ? image_bytes : label_bytes;
        io_test::largest_allocation = 0;
        const io_test::outcome cut = io_test::cut_everywhere(path, content, load_damaged);
        BOOST_TEST(cut.refused == content.size());
        const io_test::outcome damaged =
            io_test::damage_everywhere(path, content, content.size(), header, load_damaged);
        BOOST_TEST(damaged.refused > 0u);
        BOOST_TEST(io_test::largest_allocation < 150000u);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_cut_and_every_damaged_byte) {
    damage(two_images, two_labels, 0);
}

BOOST_AUTO_TEST_CASE(every_cut_and_every_damaged_byte_of_gzip_files) {
    damage(io_test::packed(two_images), io_test::packed(two_labels), 4);
}

BOOST_AUTO_TEST_CASE(every_damaged_header_byte_is_refused) {
    write_file("labels", two_labels);
    const auto load_both = [] { ctnn::io::load_idx<flat>("images", "labels"); };
    for (std::size_t position = 0; position < 16; ++position) {
        for (int change = 1; change < 256; ++change) {
            write_file("images", with(two_images, position, two_images[position] ^ change));
            BOOST_TEST(!message_of(load_both).empty(), "byte " << position << " changed by " << change);
        }
    }
}
