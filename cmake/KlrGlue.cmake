# libjniKlr.so: JavaCPP's glue and the kernels in one library, so that one file in the jar is enough.
find_package(JNI REQUIRED COMPONENTS JVM)
add_library(jniKlr SHARED ${KLR_GLUE}/jniKlr.cpp ${KLR_GLUE}/jnijavacpp.cpp $<TARGET_OBJECTS:klr_objects>)
target_include_directories(jniKlr PRIVATE include ${JAVA_INCLUDE_PATH} ${JAVA_INCLUDE_PATH2})
target_link_libraries(jniKlr PRIVATE klr_runtime)
target_link_options(jniKlr PRIVATE -Wl,-z,defs -Wl,-s)
