# The kernels for GPUs. klr_runtime: what library and tests need of CUDA, the runtime linked statically.
if(NOT CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 80-real 89-real 90a-real 100-real 90-virtual)
endif()
enable_language(CUDA)
find_package(CUDAToolkit REQUIRED)
set(CMAKE_CUDA_STANDARD 17)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
set(CMAKE_CUDA_RUNTIME_LIBRARY Static)
set_target_properties(klr_objects PROPERTIES
  CUDA_STANDARD 17 CUDA_ARCHITECTURES "${CMAKE_CUDA_ARCHITECTURES}" CUDA_VISIBILITY_PRESET hidden CUDA_RUNTIME_LIBRARY Static)
target_compile_options(klr_objects PRIVATE --Werror=all-warnings -Xcompiler=-Wall,-Wextra,-Werror)

add_library(klr_runtime INTERFACE)
target_link_libraries(klr_runtime INTERFACE CUDA::cudart_static)
