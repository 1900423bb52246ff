# SPDX-License-Identifier: BSL-1.0
#[[
ctnn_import(TARGET <target> MODEL <model.onnx|weights.safetensors|model.json> NAME <namespace>
            [INTO <net.hpp>] [LAYOUT torch|keras|ctnn]
            [HEADER <file.hpp>] [INPUTS <x.npy>] [EXPECTED <y.npy>] [LABELS <labels.npy>] [MIN_ACCURACY <share>]
            [MAX_BYTES <n>] [MAX_MACS <n>] [BATCH <n>] [CHECK_VECTORS <n>] [TOLERANCE <t>] [DTYPE float|double]
            [OPTIONS <option>...])

Imports a model with ctnn-import when <target> is built, and again when the model or its data change. The header is
called <file.hpp>, <namespace>.hpp unless given, and <target> finds it by that name. What the model has to keep is in
static_asserts, so that a model that breaks its contract breaks the build.

BATCH binds the first extents that an ONNX model leaves open, as --batch does; it changes none that the model fixes.
INTO is the header of a network that takes weights from a safetensors file, LAYOUT whose weights they are.
MODEL, INTO and the .npy files are relative to the current source directory. The other arguments, and OPTIONS, are those of
the program: ctnn-import --help. With MIN_ACCURACY the limits of constant evaluation of <target> are raised.
]]
function(ctnn_import)
    set(values TARGET MODEL NAME HEADER MIN_ACCURACY INPUTS EXPECTED LABELS MAX_BYTES MAX_MACS BATCH CHECK_VECTORS
        TOLERANCE DTYPE INTO LAYOUT)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "${values}" "OPTIONS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "ctnn_import: unknown argument: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    foreach(needed IN ITEMS TARGET MODEL NAME)
        if(NOT arg_${needed})
            message(FATAL_ERROR "ctnn_import: ${needed} is missing")
        endif()
    endforeach()
    if(NOT TARGET ctnn::ctnn-import)
        message(FATAL_ERROR "ctnn_import: ctnn was built without ctnn-import. It needs ONNX, protobuf and CLI11, and \
CTNN_BUILD_TOOLS=ON, which add_subdirectory() of ctnn leaves off")
    endif()
    if(NOT arg_HEADER)
        string(REPLACE "::" "_" header_name "${arg_NAME}")
        set(arg_HEADER ${header_name}.hpp)
    endif()

    set(folder ${CMAKE_CURRENT_BINARY_DIR}/ctnn_import/${arg_TARGET})
    file(MAKE_DIRECTORY ${folder})
    set(files)
    set(command)
    foreach(name IN ITEMS MODEL INTO INPUTS EXPECTED LABELS)
        if(arg_${name})
            file(REAL_PATH ${arg_${name}} path BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
            list(APPEND files ${path})
            if(NOT name STREQUAL "MODEL")
                string(TOLOWER "--${name}" option)
                list(APPEND command ${option})
            endif()
            list(APPEND command ${path})
        endif()
    endforeach()
    foreach(name IN ITEMS MIN_ACCURACY MAX_BYTES MAX_MACS BATCH CHECK_VECTORS TOLERANCE DTYPE LAYOUT)
        if(DEFINED arg_${name})
            string(TOLOWER "--${name}" option)
            string(REPLACE "_" "-" option "${option}")
            list(APPEND command ${option} ${arg_${name}})
        endif()
    endforeach()
    add_custom_command(OUTPUT ${folder}/${arg_HEADER}
        COMMAND ctnn::ctnn-import ${command} --output ${folder}/${arg_HEADER} --name ${arg_NAME} ${arg_OPTIONS}
        DEPENDS ctnn::ctnn-import ${files}
        COMMENT "Importing ${arg_MODEL}"
        VERBATIM
    )
    target_sources(${arg_TARGET} PRIVATE ${folder}/${arg_HEADER})
    target_include_directories(${arg_TARGET} PRIVATE ${folder})
    if(arg_MIN_ACCURACY)
        ctnn_raise_constexpr_limits(${arg_TARGET})
    endif()
endfunction()
