# SPDX-License-Identifier: BSL-1.0
#[[
ctnn_add_answers_program(<target> <name> <namespace>...)

A program that finds the answers of imported networks, three in each of these namespaces (and headers), to be those of
their makers, in constant evaluation and at run time. The headers are for ctnn_import() to make.
]]
set(ctnn_answers_folder ${CMAKE_CURRENT_LIST_DIR})
function(ctnn_add_answers_program target name)
    set(includes)
    set(constants)
    set(reports)
    foreach(stem IN LISTS ARGN)
        string(APPEND includes "#include <${stem}.hpp>\n")
        set(constant)
        set(run_time)
        foreach(i RANGE 2)
            set(sample "${stem}::check_input_${i}, ${stem}::check_output_${i}")
            list(APPEND constant "    models::difference(${stem}::model, ${sample})")
            list(APPEND run_time "        models::difference(models::unknown(${stem}::model), ${sample})")
        endforeach()
        list(JOIN constant ",\n" constant)
        list(JOIN run_time ",\n" run_time)
        string(APPEND constants "static constexpr double difference_${stem} = std::max({\n${constant}});\n"
            "static_assert(difference_${stem} <= models::most);\n")
        string(APPEND reports "    wrong += models::report(\"${stem}\", difference_${stem}, std::max({\n${run_time}}));\n")
    endforeach()
    configure_file(${ctnn_answers_folder}/answers.cpp.in ${name}.cpp @ONLY)
    ctnn_add_program(${target} ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
    target_include_directories(${target} PRIVATE ${ctnn_answers_folder})
    ctnn_raise_constexpr_limits(${target})
    # The time is spent in the compiler's front end; the programs are small.
    target_compile_options(${target} PRIVATE -O0)
    ctnn_inline_less(${target})
endfunction()
