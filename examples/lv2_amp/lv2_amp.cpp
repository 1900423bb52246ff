// SPDX-License-Identifier: BSL-1.0
// An LV2 plug-in that plays captures of amplifiers and pedals: files of Neural Amp Modeler, GuitarML and AIDA-X.
// It begins with default.nam. Hosts load another one while it plays, by a patch:Set message: their worker reads the file,
// and the sound fades over.
#include "smooth_gain.hpp"

#include <ctnn/io/architectures.hpp>
#include <ctnn/io/player.hpp>
#include <ctnn/io/player_slot.hpp>

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/core/lv2.h>
#include <lv2/core/lv2_util.h>
#include <lv2/log/log.h>
#include <lv2/log/logger.h>
#include <lv2/patch/patch.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <utility>

namespace {

/// What it plays. Each takes seconds to compile; nam_architectures and pedal_architectures have more.
using playable = ctnn::io::architectures<ctnn::io::nam_standard, ctnn::io::nam_nano, ctnn::io::lstm_capture<16>,
                                         ctnn::io::lstm_capture<40>, ctnn::io::gru_capture<4>>;

/// The numbers that the host has for URIs; without urid:map all are 0, and no message is read.
struct urids {
    explicit urids(LV2_URID_Map* map) {
        if (map == nullptr) return;
        const auto of = [&](const char* uri) { return map->map(map->handle, uri); };
        object = of(LV2_ATOM__Object);
        path = of(LV2_ATOM__Path);
        urid = of(LV2_ATOM__URID);
        set = of(LV2_PATCH__Set);
        property = of(LV2_PATCH__property);
        value = of(LV2_PATCH__value);
        model = of("urn:ctnn:amp:model");
    }
    LV2_URID object = 0, path = 0, urid = 0, set = 0, property = 0, value = 0, model = 0;
};

template <class Data>
Data* feature(const LV2_Feature* const* features, const char* uri) {
    return static_cast<Data*>(lv2_features_data(features, uri));
}

class amp {
  public:
    amp(double rate, const std::filesystem::path& bundle, const LV2_Feature* const* features)
        : rate_{rate},
          fade_{static_cast<std::size_t>(rate / 100)},
          default_model_{bundle / "default.nam"},
          urids_{feature<LV2_URID_Map>(features, LV2_URID__map)},
          schedule_{feature<LV2_Worker_Schedule>(features, LV2_WORKER__schedule)},
          slot_{fade_},
          input_{rate},
          output_{rate} {
        lv2_log_logger_init(&logger_, feature<LV2_URID_Map>(features, LV2_URID__map),
                            feature<LV2_Log_Log>(features, LV2_LOG__log));
        load(default_model_.c_str());
    }

    /// The numbers of amp.ttl.
    void connect(std::uint32_t port, void* data) noexcept {
        switch (port) {
            case 0:
                in_ = static_cast<const float*>(data);
                break;
            case 1:
                out_ = static_cast<float*>(data);
                break;
            case 2:
                input_decibels_ = static_cast<const float*>(data);
                break;
            case 3:
                output_decibels_ = static_cast<const float*>(data);
                break;
            case 4:
                messages_ = static_cast<const LV2_Atom_Sequence*>(data);
                break;
        }
    }

    /// Forgets what was played.
    void activate() noexcept {
        slot_.reset();
        input_.reset();
        output_.reset();
    }

    void run(std::uint32_t count) noexcept {
        read_messages();
        input_.apply(in_, out_, count, *input_decibels_);
        // No signal has such samples.
        for (std::uint32_t t = 0; t < count; ++t)
            if (!(std::abs(out_[t]) < 1e4F)) out_[t] = 0;
        slot_.process(out_, out_, count);
        output_.apply(out_, out_, count, *output_decibels_);
        collect();
    }

    /// In the worker's thread: a message is the path of a model, or "" to collect.
    LV2_Worker_Status work(const char* message) noexcept {
        if (*message != '\0') return load(message) ? LV2_WORKER_SUCCESS : LV2_WORKER_ERR_UNKNOWN;
        const std::lock_guard lock(loading_);
        slot_.collect();
        return LV2_WORKER_SUCCESS;
    }

    // The path of the model in a session; there is none of the default model, as the bundle may move.

    LV2_State_Status save(LV2_State_Store_Function store, LV2_State_Handle handle,
                          const LV2_Feature* const* features) noexcept {
        const std::lock_guard lock(loading_);
        if (model_.empty() || model_ == default_model_) return LV2_STATE_SUCCESS;
        const auto* const map = feature<LV2_State_Map_Path>(features, LV2_STATE__mapPath);
        if (map == nullptr || urids_.model == 0) return LV2_STATE_ERR_NO_FEATURE;
        char* const path = map->abstract_path(map->handle, model_.c_str());
        if (path == nullptr) return LV2_STATE_ERR_UNKNOWN;
        const LV2_State_Status result = store(handle, urids_.model, path, std::strlen(path) + 1, urids_.path,
                                              LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE);
        free_path(path, features);
        return result;
    }
    LV2_State_Status restore(LV2_State_Retrieve_Function retrieve, LV2_State_Handle handle,
                             const LV2_Feature* const* features) noexcept {
        if (urids_.model == 0) return LV2_STATE_ERR_NO_FEATURE;
        std::size_t size = 0;
        std::uint32_t type = 0, flags = 0;
        const auto* const value = static_cast<const char*>(retrieve(handle, urids_.model, &size, &type, &flags));
        if (value == nullptr) return load(default_model_.c_str()) ? LV2_STATE_SUCCESS : LV2_STATE_ERR_UNKNOWN;
        if (type != urids_.path || size == 0 || value[size - 1] != '\0') return LV2_STATE_ERR_BAD_TYPE;
        const auto* const map = feature<LV2_State_Map_Path>(features, LV2_STATE__mapPath);
        if (map == nullptr) return LV2_STATE_ERR_NO_FEATURE;
        char* const path = map->absolute_path(map->handle, value);
        if (path == nullptr) return LV2_STATE_ERR_UNKNOWN;
        const bool is_loaded = load(path);
        free_path(path, features);
        return is_loaded ? LV2_STATE_SUCCESS : LV2_STATE_ERR_UNKNOWN;
    }

  private:
    /// Not for the audio thread. If the file cannot be played, the sound goes on as it was.
    bool load(const char* path) noexcept {
        try {
            std::filesystem::path model = path;
            auto next = ctnn::io::load_player<playable>(model);
            double made_at = next->sample_rate();
            if (made_at == 0 && model.extension() == ".nam") made_at = 48000;
            if (made_at != 0 && made_at != rate_)
                lv2_log_warning(&logger_,
                                "ctnn amp: %s was made at %.0f Hz and is played at %.0f Hz, so it sounds different\n",
                                path, made_at, rate_);
            const std::lock_guard lock(loading_);
            model_ = std::move(model);
            slot_.exchange(std::move(next));
            return true;
        } catch (const std::exception& failure) {
            lv2_log_error(&logger_, "ctnn amp: %s\n", failure.what());
            return false;
        }
    }

    /// Passes the paths of models on to the worker.
    void read_messages() noexcept {
        // A host without URIDs has no messages, but may have connected a control here.
        if (schedule_ == nullptr || messages_ == nullptr || urids_.set == 0) return;
        LV2_ATOM_SEQUENCE_FOREACH(messages_, event) {
            if (event->body.type != urids_.object) continue;
            const auto* const object = reinterpret_cast<const LV2_Atom_Object*>(&event->body);
            const LV2_Atom *property = nullptr, *value = nullptr;
            lv2_atom_object_get(object, urids_.property, &property, urids_.value, &value, 0);
            if (object->body.otype != urids_.set || property == nullptr || property->type != urids_.urid ||
                reinterpret_cast<const LV2_Atom_URID*>(property)->body != urids_.model)
                continue;
            if (value == nullptr || value->type != urids_.path || value->size == 0) continue;
            const auto* const path = static_cast<const char*>(LV2_ATOM_BODY_CONST(value));
            if (path[value->size - 1] == '\0') schedule_->schedule_work(schedule_->handle, value->size, path);
        }
    }

    /// Has the worker destroy players that have faded out: asks once, until they are gone.
    void collect() noexcept {
        if (!slot_.has_retired())
            asked_ = false;
        else if (schedule_ != nullptr && !asked_)
            asked_ = schedule_->schedule_work(schedule_->handle, 1, "") == LV2_WORKER_SUCCESS;
    }

    static void free_path(char* path, const LV2_Feature* const* features) noexcept {
        if (const auto* const free = feature<LV2_State_Free_Path>(features, LV2_STATE__freePath))
            free->free_path(free->handle, path);
        else
            std::free(path);
    }

    double rate_;
    std::size_t fade_;
    std::filesystem::path default_model_;
    urids urids_;
    LV2_Worker_Schedule* schedule_;
    LV2_Log_Logger logger_{};

    // The audio thread never locks it.
    std::mutex loading_;
    std::filesystem::path model_;

    ctnn::io::player_slot slot_;
    smooth_gain input_, output_;
    // Of the audio thread:
    bool asked_ = false;
    const float *in_ = nullptr, *input_decibels_ = nullptr, *output_decibels_ = nullptr;
    float* out_ = nullptr;
    const LV2_Atom_Sequence* messages_ = nullptr;
};

amp& of(LV2_Handle handle) {
    return *static_cast<amp*>(handle);
}

const LV2_Worker_Interface worker_interface{
    .work = [](LV2_Handle handle, LV2_Worker_Respond_Function, LV2_Worker_Respond_Handle, std::uint32_t,
               const void* message) { return of(handle).work(static_cast<const char*>(message)); },
    .work_response = [](LV2_Handle, std::uint32_t, const void*) { return LV2_WORKER_SUCCESS; },
    .end_run = nullptr,
};

const LV2_State_Interface state_interface{
    .save = [](LV2_Handle handle, LV2_State_Store_Function store, LV2_State_Handle to, std::uint32_t,
               const LV2_Feature* const* features) { return of(handle).save(store, to, features); },
    .restore = [](LV2_Handle handle, LV2_State_Retrieve_Function retrieve, LV2_State_Handle from, std::uint32_t,
                  const LV2_Feature* const* features) { return of(handle).restore(retrieve, from, features); },
};

const LV2_Descriptor descriptor{
    .URI = "urn:ctnn:amp",
    .instantiate = [](const LV2_Descriptor*, double rate, const char* bundle,
                      const LV2_Feature* const* features) -> LV2_Handle {
        try {
            return new amp(rate, bundle, features);
        } catch (const std::exception&) { return nullptr; }
    },
    .connect_port = [](LV2_Handle handle, std::uint32_t port, void* data) { of(handle).connect(port, data); },
    .activate = [](LV2_Handle handle) { of(handle).activate(); },
    .run = [](LV2_Handle handle, std::uint32_t count) { of(handle).run(count); },
    .deactivate = nullptr,
    .cleanup = [](LV2_Handle handle) { delete &of(handle); },
    .extension_data = [](const char* uri) -> const void* {
        if (std::string_view(uri) == LV2_WORKER__interface) return &worker_interface;
        if (std::string_view(uri) == LV2_STATE__interface) return &state_interface;
        return nullptr;
    },
};

}  // namespace

LV2_SYMBOL_EXPORT const LV2_Descriptor* lv2_descriptor(std::uint32_t index) {
    return index == 0 ? &descriptor : nullptr;
}
