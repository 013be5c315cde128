# Two images, both for people and machines without a JDK, Maven or CUDA toolkit of their own:
#
#   docker build --target cpu -t keeplora4j:cpu .
#   docker run --rm keeplora4j:cpu                                        the tests, what the machine can compute with, the demo
#   docker run --rm keeplora4j:cpu ./keeplora --help
#
#   docker build --target gpu -t keeplora4j:gpu .
#   docker run --rm --gpus all -v "$PWD/results:/results" keeplora4j:gpu            the benchmarks, results into ./results
#   docker run --rm --gpus all keeplora4j:gpu doctor
#
# A mounted folder must be writable for the image's user: either for everyone, or add --user "$(id -u):$(id -g)". CUDA of the gpu image is
# 13.0, the oldest that our bindings load; the driver is the host's.

ARG MAVEN=3.9.11-eclipse-temurin-17-noble
ARG CUDA=13.0.2
ARG UBUNTU=ubuntu24.04

# --- what Maven fetches: made anew only when a pom changes -------------------------------------------------------------------
FROM maven:${MAVEN} AS dependencies
# The emulated CUDA device of the tests is compiled; versions are pinned to what the base's distribution keeps serving updates for.
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
# A build of nothing fetches the libraries of all modules and the plugins; dependency:go-offline cannot, as modules need each other.
RUN mvn -q -DskipTests -Dexec.skip=true -Dspotless.check.skip=true -Dassembly.skipAssembly verify && rm -rf src/*/target benchmarks/target

# --- cpu: the tests and the demo ----------------------------------------------------------------------------------------------------------
FROM dependencies AS cpu
COPY --chown=keeplora . .
# One small test, to fetch what runs tests and checks the format, and to have the kernels compiled: the container then needs no network.
RUN mvn -q -Dtest=MatrixTest verify
ENTRYPOINT []
CMD ["sh", "-c", "mvn -o verify && ./keeplora doctor && ./keeplora demo"]

# --- gpu: compiled with nvcc, run on the runtime image -------------------------------------------------------------------------
FROM nvidia/cuda:${CUDA}-devel-${UBUNTU} AS gpu-build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends cmake=3.28.* g++=4:13.2.* make=4.3-* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home keeplora \
    && install -d -o keeplora -g keeplora /opt/keeplora
COPY --from=dependencies /opt/java/openjdk /opt/java/openjdk
COPY --from=dependencies /usr/share/maven /usr/share/maven
COPY --from=dependencies --chown=keeplora /opt/repository /opt/repository
ENV JAVA_HOME=/opt/java/openjdk \
    MAVEN_ARGS="-B -ntp -Dmaven.repo.local=/opt/repository" \
    PATH=/opt/java/openjdk/bin:/usr/share/maven/bin:${PATH}
USER keeplora
WORKDIR /opt/keeplora
COPY --chown=keeplora . .
# native/build.sh skips what it has no compiler for; this image is of no use without its kernels.
RUN mvn -q -DskipTests -Dassembly.skipAssembly package \
    && test -f src/core/target/classes/org/keeplora/engine/linux-x86_64/libjniKlr.so

FROM nvidia/cuda:${CUDA}-runtime-${UBUNTU} AS gpu
RUN useradd --create-home keeplora \
    && install -d -o keeplora -g keeplora -m 1777 /results
COPY --from=gpu-build /opt/java/openjdk /opt/java/openjdk
COPY --from=gpu-build /opt/repository /opt/repository
COPY --from=gpu-build /opt/keeplora /opt/keeplora
ENV JAVA_HOME=/opt/java/openjdk
USER keeplora
WORKDIR /opt/keeplora
VOLUME /results
ENTRYPOINT ["./keeplora"]
CMD ["bench", "--backend", "cpu,cuda", "--out", "/results"]
