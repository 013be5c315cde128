# Three images, for people and machines without a JDK, Maven or CUDA toolkit of their own:
#
#   docker build --target cpu -t keeplora4j:cpu .            the tests and the demo
#   docker run --rm keeplora4j:cpu                           both, and what the machine can compute with
#   docker run --rm keeplora4j:cpu ./keeplora --help
#
#   docker build --target gpu -t keeplora4j:gpu .            the linear algebra on a GPU
#   docker run --rm --gpus all -v "$PWD/results:/results" keeplora4j:gpu                  its main benchmarks
#   docker run --rm --gpus all -v "$PWD/results:/results" keeplora4j:gpu bench --help     others
#   docker run --rm --gpus all keeplora4j:gpu doctor
#
#   docker build --target train -t keeplora4j:train .        the whole program on a GPU, CLIP included
#   docker run --rm --gpus all keeplora4j:train              what it can compute with
#   docker run --rm --gpus all -v "$PWD:/work" keeplora4j:train run --config mtil-order1 --set runtime.device=cuda \
#       --set model=clip --set data=data                     paths in the mounted folder
#
# A mounted folder must be writable for the image's user: either for everyone, or add --user "$(id -u):$(id -g)".
# CUDA of the images is 13.0, the oldest that our bindings load; the driver is the host's. gpu and train have a Java
# runtime, the launcher and its jars; cpu has a JDK and Maven's repository, which its tests need.

ARG MAVEN=3.9.11-eclipse-temurin-17-noble
ARG JAVA=17-jre-noble
ARG CUDA=13.0.2
# of the same release
ARG CUPTI=cuda-cupti-13-0=13.0.*
ARG UBUNTU=ubuntu24.04

# --- what Maven fetches: made anew only when a pom changes ---
FROM maven:${MAVEN} AS dependencies
# The emulated CUDA device of the tests is compiled. Versions are pinned to what the base's distribution keeps serving
# updates for.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends cmake=3.28.* g++=4:13.2.* make=4.3-* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home keeplora \
    && install -d -o keeplora -g keeplora /opt/keeplora /opt/repository
# Outside any home folder, so that a container with another --user can read it.
ENV MAVEN_ARGS="-B -ntp -Dmaven.repo.local=/opt/repository"
USER keeplora
WORKDIR /opt/keeplora
COPY --chown=keeplora .mvn .mvn
COPY --chown=keeplora pom.xml ./
COPY --chown=keeplora src/core/pom.xml src/core/
COPY --chown=keeplora src/torch/pom.xml src/torch/
COPY --chown=keeplora src/djl/pom.xml src/djl/
COPY --chown=keeplora src/app/pom.xml src/app/archive.xml src/app/
COPY --chown=keeplora src/bom/pom.xml src/bom/
COPY --chown=keeplora benchmarks/pom.xml benchmarks/
# A build of nothing fetches the libraries of all modules and the plugins; dependency:go-offline cannot, as modules need
# each other.
RUN mvn -q -DskipTests -Dexec.skip=true -Dspotless.check.skip=true -Dassembly.skipAssembly verify \
    && rm -rf src/*/target benchmarks/target

FROM dependencies AS train-dependencies
RUN mvn -q -Plibtorch-cuda -DskipTests -Dexec.skip=true -Dassembly.skipAssembly -pl src/app -am package \
    && rm -rf src/*/target

# --- cpu: the tests and the demo ---
FROM dependencies AS cpu
COPY --chown=keeplora . .
# One small test, to fetch what runs tests and checks the format, and to have the kernels compiled: the container then
# needs no network.
RUN mvn -q -Dtest=MatrixTest verify
ENTRYPOINT []
CMD ["sh", "-c", "mvn -o verify && ./keeplora doctor && ./keeplora demo"]

# --- the kernels, compiled with nvcc: made anew only when they change ---
FROM nvidia/cuda:${CUDA}-devel-${UBUNTU} AS kernels
RUN apt-get update \
    && apt-get install --yes --no-install-recommends cmake=3.28.* g++=4:13.2.* make=4.3-* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home keeplora \
    && install -d -o keeplora -g keeplora /opt/keeplora
USER keeplora
WORKDIR /opt/keeplora
COPY --chown=keeplora cmake cmake
COPY --chown=keeplora native native
# In the folder where native/build.sh, called by Maven, adds Java's glue to them.
RUN cmake -S native -B src/core/target/native/cuda/kernels \
    && cmake --build src/core/target/native/cuda/kernels --target klr_objects --parallel "$(nproc)"

# --- what both GPU images are built from and with; native and cmake are there already, and must keep their times ---
FROM scratch AS sources
COPY .mvn .mvn
COPY pom.xml keeplora README.md CHANGELOG.md LICENSE ./
COPY src src
COPY benchmarks benchmarks

FROM kernels AS tools
COPY --from=dependencies /opt/java/openjdk /opt/java/openjdk
COPY --from=dependencies /usr/share/maven /usr/share/maven
ENV JAVA_HOME=/opt/java/openjdk \
    MAVEN_ARGS="-B -ntp -Dmaven.repo.local=/opt/repository" \
    PATH=/opt/java/openjdk/bin:/usr/share/maven/bin:${PATH}

FROM eclipse-temurin:${JAVA} AS java

# --- gpu: the benchmarks ---
FROM tools AS gpu-build
COPY --from=dependencies --chown=keeplora /opt/repository /opt/repository
COPY --from=sources --chown=keeplora / ./
# native/build.sh skips what it has no compiler for; this image is of no use without its kernels.
RUN mvn -q -DskipTests -Dassembly.skipAssembly -pl benchmarks -am package \
    && test -f src/core/target/classes/org/keeplora/engine/linux-x86_64/libjniKlr.so \
    && mkdir -p image/lib \
    && cp keeplora LICENSE image/ \
    && tr ':' '\n' <benchmarks/target/classpath.txt >jars \
    && xargs -a jars cp -t image/lib benchmarks/target/keeplora4j-benchmarks-*.jar

FROM nvidia/cuda:${CUDA}-runtime-${UBUNTU} AS gpu
RUN useradd --create-home keeplora \
    && install -d -o keeplora -g keeplora -m 1777 /results
COPY --from=java /opt/java/openjdk /opt/java/openjdk
COPY --from=gpu-build /opt/keeplora/image /opt/keeplora
ENV JAVA_HOME=/opt/java/openjdk
USER keeplora
WORKDIR /results
VOLUME /results
ENTRYPOINT ["/opt/keeplora/keeplora"]
CMD ["bench", "--backend", "cpu,cuda", "--param", "type=F32", "--out", "/results", \
    "projectOut", "secondMoment", "basisGrow", "loraStart"]

# --- train: the program with libtorch's GPU build ---
FROM tools AS train-build
COPY --from=train-dependencies --chown=keeplora /opt/repository /opt/repository
COPY --from=sources --chown=keeplora / ./
RUN mvn -q -Plibtorch-cuda -DskipTests -pl src/app -am package \
    && test -f src/core/target/classes/org/keeplora/engine/linux-x86_64/libjniKlr.so \
    && mkdir image \
    && tar -xzf src/app/target/keeplora4j-*.tar.gz -C image --strip-components=1

FROM nvidia/cuda:${CUDA}-cudnn-runtime-${UBUNTU} AS train
# The base should have all of the table in cuda.md but CUPTI; the image has not been looked into.
ARG CUPTI
RUN apt-get update \
    && apt-get install --yes --no-install-recommends "${CUPTI}" \
    && rm -rf /var/lib/apt/lists/* \
    && test -e /usr/local/cuda/lib64/libcupti.so.13 \
    && useradd --create-home keeplora \
    && install -d -o keeplora -g keeplora -m 1777 /work
COPY --from=java /opt/java/openjdk /opt/java/openjdk
COPY --from=train-build /opt/keeplora/image /opt/keeplora
ENV JAVA_HOME=/opt/java/openjdk
USER keeplora
WORKDIR /work
VOLUME /work
ENTRYPOINT ["/opt/keeplora/keeplora"]
CMD ["doctor"]
