# SPDX-License-Identifier: Apache-2.0
# The handheld library, spectra::embedded: the same sources less readers, reports, the builder and the comparison of all
# with all, on a system that offers nothing. It links nothing.

# An archive has no version script: its objects are joined and every name but the public ones made local
# (docs/decisions/0004-internal-names-stay-inside.md).
function(spectra_add_archive target objects name)
  set(joined ${CMAKE_CURRENT_BINARY_DIR}/${name}.o)
  separate_arguments(flags NATIVE_COMMAND "${CMAKE_C_FLAGS}")
  add_custom_command(
    OUTPUT ${joined}
    COMMAND ${CMAKE_C_COMPILER} ${flags} -r -nostdlib -o ${joined} $<TARGET_OBJECTS:${objects}>
    COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=spectra_* ${joined}
    DEPENDS ${objects} $<TARGET_OBJECTS:${objects}>
    COMMAND_EXPAND_LISTS VERBATIM)
  add_library(${target} STATIC ${joined})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} LINKER_LANGUAGE C)
endfunction()

file(GLOB sources CONFIGURE_DEPENDS base/*.c kernels/*.c peaks/*.c chem/*.c signal/*.c spectrum/*.c db/*.c search/*.c
     identify/*.c)
list(FILTER sources EXCLUDE REGEX "base/(tables_generate|system|digest_sodium)\\.c$|_(avx2|avx512|neon|x86)\\.c$")
list(FILTER sources EXCLUDE REGEX "db/(builder|keys|knowledge_tables|output|peaksets|substances|words|write|[a-z]+_write)\\.c$")
list(FILTER sources EXCLUDE REGEX "search/pairs\\.c$|identify/(calibrate|degrade)\\.c$")
add_library(spectra-embedded-objects OBJECT ${sources} ${tables})
target_include_directories(spectra-embedded-objects PUBLIC ${PROJECT_SOURCE_DIR}/include
                                                    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_options(spectra-embedded-objects PRIVATE -ffunction-sections -fdata-sections -fstack-usage)
target_compile_definitions(spectra-embedded-objects PRIVATE SPECTRA_EMBEDDED NDEBUG)
if(SPECTRA_SIMD AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
  target_sources(spectra-embedded-objects PRIVATE kernels/kernels_neon.c)
  target_compile_definitions(spectra-embedded-objects PRIVATE KERNELS_HAVE_NEON)
endif()
spectra_add_archive(spectra-embedded spectra-embedded-objects spectra-embedded)
set_target_properties(spectra-embedded PROPERTIES EXPORT_NAME embedded)
target_include_directories(spectra-embedded PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                                   $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
add_library(spectra::embedded ALIAS spectra-embedded)
