# SPDX-License-Identifier: BSL-1.0
# The target ctnn::io: the non-template parts of ctnn/io, compiled once in the project that uses it, with its compiler
# and flags. ctnn::io_header_only has the same headers, which are then compiled in every file that includes them.
#
# An installed ctnn has this file and the sources, which are headers, so the package does not depend on compiler or
# architecture.

# ctnn_add_io(<include directory>)
function(ctnn_add_io include_directory)
    if(TARGET ctnn::io)
        return()
    endif()
    file(GLOB parts RELATIVE ${include_directory} ${include_directory}/ctnn/io/source/*.hpp)
    set(sources "")
    foreach(part IN LISTS parts)
        cmake_path(GET part STEM name)
        set(source ${CMAKE_CURRENT_BINARY_DIR}/ctnn_io/${name}.cpp)
        file(CONFIGURE OUTPUT ${source} CONTENT "#include <${part}>\n" @ONLY)
        list(APPEND sources ${source})
    endforeach()
    add_library(ctnn_io STATIC EXCLUDE_FROM_ALL ${sources})
    add_library(ctnn::io ALIAS ctnn_io)
    target_link_libraries(ctnn_io PUBLIC ctnn::io_header_only)
    target_compile_definitions(ctnn_io PUBLIC CTNN_IO_COMPILED)
    # It may be linked into a shared library, such as a plug-in.
    set_target_properties(ctnn_io PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()
