# SPDX-License-Identifier: BSL-1.0
#[[
ctnn_import(TARGET <target> MODEL <model.onnx|model.keras|model.tflite|weights.safetensors|model.json> NAME <namespace>
            [INTO <net.hpp>] [LAYOUT torch|keras|ctnn]
            [HEADER <file.hpp>] [INPUTS <x.npy>] [EXPECTED <y.npy>] [LABELS <labels.npy>] [MIN_ACCURACY <share>]
            [MAX_BYTES <n>] [MAX_MACS <n>] [BATCH <n>] [CHECK_VECTORS <n>] [TOLERANCE <t>] [DTYPE float|double] [ROUNDING <r>]
            [PROPERTY <p.vnnlib>...] [PROVE_COMPILER <c++>]
            [OPTIONS <option>...])

Imports a model with ctnn-import when <target> is built, and again when the model or its data change. The header is
called <file.hpp>, <namespace>.hpp unless given, and <target> finds it by that name. What the model has to keep is in
static_asserts, so that a model that breaks its contract breaks the build.

BATCH binds the first extents that an ONNX model leaves open, as --batch does; it changes none that the model fixes.
INTO is the header of a network that takes weights from a safetensors file, LAYOUT whose weights they are.
PROPERTY names properties in VNN-LIB that are proved when <target> is built: ctnn-prove searches for a proof of each, with a
program that PROVE_COMPILER makes for this machine (g++ or clang; the compiler of the project unless it is a cross compiler, else
c++), and the compiler of <target> repeats it in a source file of its own, with raised limits of constant evaluation. A property
that does not hold breaks the build, with an input that refutes it. The proofs are in <file>_proofs.hpp. It needs Python 3.
MODEL, INTO, PROPERTY and the .npy files are relative to the current source directory. The other arguments, and OPTIONS, are
those of the program: ctnn-import --help. With MIN_ACCURACY the limits of constant evaluation of <target> are raised.
]]
function(ctnn_import)
    set(values TARGET MODEL NAME HEADER MIN_ACCURACY INPUTS EXPECTED LABELS MAX_BYTES MAX_MACS BATCH CHECK_VECTORS
        TOLERANCE DTYPE ROUNDING INTO LAYOUT PROVE_COMPILER)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "${values}" "OPTIONS;PROPERTY")
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
    foreach(name IN ITEMS MIN_ACCURACY MAX_BYTES MAX_MACS BATCH CHECK_VECTORS TOLERANCE DTYPE ROUNDING LAYOUT)
        if(DEFINED arg_${name})
            string(TOLOWER "--${name}" option)
            string(REPLACE "_" "-" option "${option}")
            list(APPEND command ${option} ${arg_${name}})
        endif()
    endforeach()
    set(written ${folder}/${arg_HEADER})
    if(arg_PROPERTY)
        cmake_path(GET arg_HEADER STEM LAST_ONLY proofs)
        string(APPEND proofs _proofs)
        list(APPEND written ${folder}/${proofs}.hpp)
        foreach(property IN LISTS arg_PROPERTY)
            file(REAL_PATH ${property} path BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
            list(APPEND files ${path})
            list(APPEND command --property ${path})
        endforeach()
        if(NOT arg_PROVE_COMPILER)
            set(arg_PROVE_COMPILER ${CMAKE_CXX_COMPILER})
            if(CMAKE_CROSSCOMPILING)
                set(arg_PROVE_COMPILER c++)
            endif()
        endif()
        list(APPEND command --compiler ${arg_PROVE_COMPILER} --build ${CMAKE_BINARY_DIR}/ctnn_prove)
        ctnn_add_proofs(${arg_TARGET} ${folder} ${proofs})
    endif()
    add_custom_command(OUTPUT ${written}
        COMMAND ctnn::ctnn-import ${command} --output ${folder}/${arg_HEADER} --name ${arg_NAME} ${arg_OPTIONS}
        DEPENDS ctnn::ctnn-import ${files}
        COMMENT "Importing ${arg_MODEL}"
        VERBATIM
    )
    target_sources(${arg_TARGET} PRIVATE ${written})
    target_include_directories(${arg_TARGET} PRIVATE ${folder})
    if(arg_MIN_ACCURACY)
        ctnn_raise_constexpr_limits(${arg_TARGET})
    endif()
endfunction()

# Adds a source file to a target that has nothing but the proofs of a header, with raised limits.
function(ctnn_add_proofs target folder name)
    set(source ${folder}/${name}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${name}.hpp\"\n")
    target_sources(${target} PRIVATE ${source})
    set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES
        OBJECT_DEPENDS ${folder}/${name}.hpp
        COMPILE_OPTIONS "$<$<CXX_COMPILER_ID:GNU>:-fconstexpr-ops-limit=9223372036854775807;-fconstexpr-loop-limit=2147483647>;$<$<CXX_COMPILER_ID:Clang,AppleClang>:-fconstexpr-steps=4294967295>"
    )
endfunction()
