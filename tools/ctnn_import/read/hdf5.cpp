// SPDX-License-Identifier: BSL-1.0
#include "read/hdf5.hpp"

#include "graph/operator_call.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

#if defined(CTNN_IMPORT_HDF5)
#include <hdf5.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#endif

namespace ctnn_import {

bool is_hdf5(std::string_view bytes) {
    return bytes.starts_with("\x89HDF\r\n\x1a\n");
}

#if defined(CTNN_IMPORT_HDF5)

namespace {

using ctnn::io::detail::in_quotes;

constexpr int deepest_group = 32;
constexpr std::size_t most_objects = 1 << 16, most_links = 1 << 13;
/// Deflate packs at most about 1000 bytes into one.
constexpr std::uint64_t most_expansion = 1100;

[[noreturn]] void file_is_damaged(const std::string& where = "") {
    throw refusal((where.empty() ? "" : in_quotes(where) + ": ") + "the HDF5 file is damaged");
}

/// An identifier of HDF5's library, closed at the end of its scope.
class handle {
  public:
    handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
    handle(const handle&) = delete;
    handle& operator=(const handle&) = delete;
    ~handle() {
        if (id_ >= 0) close_(id_);
    }
    hid_t operator*() const { return id_; }
    bool is_open() const { return id_ >= 0; }

  private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

class content_reader {
  public:
    content_reader(std::string_view bytes, const std::vector<std::string>& leave_out)
        : bytes_(bytes), leave_out_(leave_out) {}

    hdf5_content read() {
        // Its messages would go to standard error, and its plug-ins are programs.
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
        H5PLset_loading_state(0);
        const handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
        std::string image(bytes_);
        if (!access.is_open() || H5Pset_fapl_core(*access, 1 << 16, 0) < 0 ||
            H5Pset_file_image(*access, image.data(), image.size()) < 0)
            damaged();
        image.clear();
        image.shrink_to_fit();
        const handle file(H5Fopen("in memory", H5F_ACC_RDONLY, *access), H5Fclose);
        if (!file.is_open()) damaged();
        const handle root(H5Gopen2(*file, "/", H5P_DEFAULT), H5Gclose);
        if (!root.is_open()) damaged();
        add_group(*root, "", 0);
        return std::move(content_);
    }

  private:
    [[noreturn]] static void damaged(const std::string& where = "") { file_is_damaged(where); }

    void add_group(hid_t group, const std::string& path, int depth) {
        if (depth > deepest_group) throw refusal(in_quotes(path) + ": groups are nested more than 32 deep");
        add_texts(group, path);
        H5G_info_t info;
        if (H5Gget_info(group, &info) < 0) damaged(path);
        if (info.nlinks > most_links) damaged(path);
        for (hsize_t i = 0; i < info.nlinks; ++i) {
            const std::string name = name_of(group, i, path);
            const std::string kind = "its link " + in_quotes(name) + " ";
            H5L_info_t link;
            if (H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT) < 0) damaged(path);
            if (link.type != H5L_TYPE_HARD) throw refusal(in_quotes(path) + ": " + kind + "refers to another object");
            if (depth == 0 && std::find(leave_out_.begin(), leave_out_.end(), name) != leave_out_.end()) continue;
            if (++objects_ > most_objects) throw refusal("the HDF5 file has more than 2^16 objects");
            std::string below = path.empty() ? name : path + "/" + name;
            std::replace(below.begin(), below.end(), '\\', '/');
            const handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose);
            if (!object.is_open()) damaged(below);
            const H5I_type_t type = H5Iget_type(*object);
            if (type == H5I_GROUP)
                add_group(*object, below, depth + 1);
            else if (type == H5I_DATASET)
                add_array(*object, below);
        }
    }

    static std::string name_of(hid_t group, hsize_t index, const std::string& path) {
        const ssize_t size = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, nullptr, 0, H5P_DEFAULT);
        if (size <= 0 || size > 4096) damaged(path);
        std::string name(static_cast<std::size_t>(size) + 1, '\0');
        if (H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, name.data(), name.size(), H5P_DEFAULT) !=
            size)
            damaged(path);
        name.pop_back();
        return name;
    }

    void add_texts(hid_t object, const std::string& path) {
        H5O_info_t info;
        if (H5Oget_info(object, &info) < 0 || info.num_attrs > 4096) damaged(path);
        for (hsize_t i = 0; i < info.num_attrs; ++i) {
            const handle attribute(H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT),
                                   H5Aclose);
            if (!attribute.is_open()) damaged(path);
            const handle type(H5Aget_type(*attribute), H5Tclose), space(H5Aget_space(*attribute), H5Sclose);
            if (!type.is_open() || !space.is_open()) damaged(path);
            if (H5Tget_class(*type) != H5T_STRING) continue;
            char name[256] = {};
            const ssize_t size = H5Aget_name(*attribute, sizeof name, name);
            if (size <= 0 || static_cast<std::size_t>(size) >= sizeof name) continue;
            content_.texts[path][name] = texts_of(*attribute, *type, *space, path);
        }
    }

    std::vector<std::string> texts_of(hid_t attribute, hid_t type, hid_t space, const std::string& path) const {
        const hssize_t count = H5Sget_simple_extent_npoints(space);
        if (count < 0 || static_cast<std::uint64_t>(count) > std::min<std::uint64_t>(bytes_.size(), most_objects))
            damaged(path);
        std::vector<std::string> result;
        if (count == 0) return result;
        if (H5Tis_variable_str(type) > 0) {
            const handle own(H5Tcopy(H5T_C_S1), H5Tclose);
            if (H5Tset_size(*own, H5T_VARIABLE) < 0 || H5Tset_cset(*own, H5Tget_cset(type)) < 0) damaged(path);
            std::vector<char*> all(static_cast<std::size_t>(count), nullptr);
            const herr_t status = H5Aread(attribute, *own, all.data());
            for (const char* const one : all) result.emplace_back(one == nullptr ? "" : one);
            if (status >= 0) H5Dvlen_reclaim(*own, space, H5P_DEFAULT, all.data());
            if (status < 0) damaged(path);
            return result;
        }
        const std::size_t size = H5Tget_size(type);
        if (size == 0 || size > bytes_.size() || size * static_cast<std::size_t>(count) > bytes_.size()) damaged(path);
        std::vector<char> all(size * static_cast<std::size_t>(count));
        if (H5Aread(attribute, type, all.data()) < 0) damaged(path);
        for (std::size_t i = 0; i < all.size(); i += size) {
            const std::string_view one(all.data() + i, size);
            result.emplace_back(one.substr(0, one.find('\0')));
        }
        return result;
    }

    void add_array(hid_t dataset, const std::string& path) {
        const handle type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose),
            creation(H5Dget_create_plist(dataset), H5Pclose);
        if (!type.is_open() || !space.is_open() || !creation.is_open()) damaged(path);
        const H5T_class_t kind = H5Tget_class(*type);
        if (kind != H5T_FLOAT && kind != H5T_INTEGER) return;
        add_texts(dataset, path);
        const H5D_layout_t layout = H5Pget_layout(*creation);
        if (H5Pget_external_count(*creation) != 0 ||
            (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED))
            throw refusal(in_quotes(path) + ": its data is in another file");
        hsize_t extent[H5S_MAX_RANK];
        const int rank = H5Sget_simple_extent_ndims(*space);
        const std::size_t size = H5Tget_size(*type);
        if (rank < 0 || rank > 8 || H5Sget_simple_extent_dims(*space, extent, nullptr) != rank || size == 0 || size > 8)
            damaged(path);
        array result;
        std::uint64_t elements = 1;
        for (int axis = 0; axis < rank; ++axis) {
            if (extent[axis] > most_elements || (elements *= extent[axis]) > most_elements)
                throw refusal(in_quotes(path) + ": it has more than 2^26 elements");
            result.dims.push_back(static_cast<std::int64_t>(extent[axis]));
        }
        if ((elements_ += elements) > most_elements) throw refusal("its arrays have more than 2^26 elements");
        // Nothing is allocated for data that the file does not contain.
        const std::uint64_t stored = H5Dget_storage_size(dataset);
        if (stored > bytes_.size() || elements * size > stored * most_expansion) damaged(path);
        if (kind == H5T_FLOAT) {
            std::vector<double> numbers(elements);
            if (elements > 0 && H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()) < 0)
                damaged(path);
            result.values = std::move(numbers);
        } else {
            std::vector<std::int64_t> numbers(elements);
            if (elements > 0 && H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()) < 0)
                damaged(path);
            result.values = std::move(numbers);
        }
        if (!content_.arrays.emplace(path, std::move(result)).second) damaged(path);
    }

    std::string_view bytes_;
    const std::vector<std::string>& leave_out_;
    hdf5_content content_;
    std::size_t objects_ = 0;
    std::uint64_t elements_ = 0;
};

/// A content as bytes, from the process that reads to the one that asked.
class content_writer {
  public:
    explicit content_writer(int to) : to_(to) {}
    void write(const hdf5_content& of) {
        number(of.arrays.size());
        for (const auto& [path, numbers] : of.arrays) {
            text(path);
            number(numbers.dims.size());
            for (const std::int64_t extent : numbers.dims) number(static_cast<std::uint64_t>(extent));
            number(numbers.holds_integers());
            std::visit([&](const auto& all) { raw(all.data(), all.size() * sizeof all[0]); }, numbers.values);
        }
        number(of.texts.size());
        for (const auto& [path, attributes] : of.texts) {
            text(path);
            number(attributes.size());
            for (const auto& [name, values] : attributes) {
                text(name);
                number(values.size());
                for (const std::string& value : values) text(value);
            }
        }
    }
    void text(const std::string& of) {
        number(of.size());
        raw(of.data(), of.size());
    }

  private:
    void number(std::uint64_t of) { raw(&of, sizeof of); }
    void raw(const void* data, std::size_t size) {
        const char* at = static_cast<const char*>(data);
        while (size > 0) {
            const ssize_t written = ::write(to_, at, size);
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) ::_exit(1);
            at += written;
            size -= static_cast<std::size_t>(written);
        }
    }

    int to_;
};

/// The same in the process that asked, which trusts no number.
class content_parser {
  public:
    explicit content_parser(std::string_view bytes) : bytes_(bytes) {}
    hdf5_content read() {
        hdf5_content result;
        for (std::uint64_t arrays = number(); arrays > 0; --arrays) {
            array& numbers = result.arrays[text()];
            std::uint64_t elements = 1;
            for (std::uint64_t rank = number(); rank > 0; --rank) {
                const std::uint64_t extent = number();
                if (extent > most_elements || (elements *= extent) > most_elements) file_is_damaged();
                numbers.dims.push_back(static_cast<std::int64_t>(extent));
            }
            if (number() != 0)
                numbers.values = all<std::int64_t>(elements);
            else
                numbers.values = all<double>(elements);
        }
        for (std::uint64_t paths = number(); paths > 0; --paths) {
            auto& attributes = result.texts[text()];
            for (std::uint64_t names = number(); names > 0; --names) {
                auto& values = attributes[text()];
                for (std::uint64_t count = number(); count > 0; --count) values.push_back(text());
            }
        }
        return result;
    }
    std::string text() { return std::string(take(number())); }

  private:
    std::string_view take(std::uint64_t size) {
        if (size > bytes_.size()) file_is_damaged();
        const std::string_view result = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return result;
    }
    std::uint64_t number() {
        std::uint64_t result;
        std::memcpy(&result, take(sizeof result).data(), sizeof result);
        return result;
    }
    template <class Number>
    std::vector<Number> all(std::uint64_t elements) {
        const std::string_view given = take(elements * sizeof(Number));
        std::vector<Number> result(elements);
        if (elements > 0) std::memcpy(result.data(), given.data(), given.size());
        return result;
    }

    std::string_view bytes_;
};

/// Writes the content, or why there is none, and ends the process.
[[noreturn]] void read_in_child(std::string_view bytes, const std::vector<std::string>& leave_out, int to) {
    for (const int one : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGXCPU}) std::signal(one, SIG_DFL);
    const rlimit no_core{0, 0}, seconds{10 + bytes.size() / (1 << 24), 10 + bytes.size() / (1 << 24)};
    setrlimit(RLIMIT_CORE, &no_core);
    setrlimit(RLIMIT_CPU, &seconds);
    // What the library, or a sanitizer, has to say of a damaged file is one sentence here.
    const int nowhere = ::open("/dev/null", O_WRONLY);
    if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
    content_writer writer(to);
    try {
        const hdf5_content content = content_reader(bytes, leave_out).read();
        writer.text("");
        writer.write(content);
    } catch (const std::exception& error) { writer.text(error.what()); }
    ::_exit(0);
}

}  // namespace

/// HDF5's library is not made for damaged files: some end the process. So it has one of its own.
hdf5_content read_hdf5(std::string_view bytes, const std::vector<std::string>& leave_out) {
    if (!is_hdf5(bytes)) throw refusal("it is no HDF5 file");
    int ends[2];
    if (::pipe(ends) != 0) throw refusal("the system has no pipe to read the HDF5 file");
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        read_in_child(bytes, leave_out, ends[1]);
    }
    ::close(ends[1]);
    std::string made;
    std::vector<char> part(1 << 20);
    while (child > 0) {
        const ssize_t size = ::read(ends[0], part.data(), part.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) break;
        made.append(part.data(), static_cast<std::size_t>(size));
    }
    ::close(ends[0]);
    if (child < 0) throw refusal("the system starts no process to read the HDF5 file");
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) file_is_damaged();
    content_parser parser(made);
    if (const std::string reason = parser.text(); !reason.empty()) throw refusal(reason);
    return parser.read();
}

#else

hdf5_content read_hdf5(std::string_view, const std::vector<std::string>&) {
    throw refusal(
        "it is an HDF5 file, and this ctnn-import was built without HDF5's library (Debian: libhdf5-dev): build it "
        "with, "
        "or export the model to ONNX");
}

#endif

}  // namespace ctnn_import
