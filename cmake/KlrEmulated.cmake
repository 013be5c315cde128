# The same sources for the host: .cu files are compiled as C++ against the shim. klr_runtime: the threads that run them.
find_package(Threads REQUIRED)
set_source_files_properties(${sources} PROPERTIES LANGUAGE CXX)
target_compile_definitions(klr_objects PUBLIC KLR_EMULATED)
target_include_directories(klr_objects PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/test/shim)
target_sources(klr_objects PRIVATE test/shim/emulated_threads.cpp)
target_compile_options(klr_objects PRIVATE -Wall -Wextra -Werror -Wno-unknown-pragmas -ffp-contract=off)

add_library(klr_runtime INTERFACE)
target_link_libraries(klr_runtime INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
target_compile_definitions(klr_runtime INTERFACE KLR_EMULATED)
target_include_directories(klr_runtime INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/test/shim)
