# Two stages: the toolchain builds one binary with the Swift runtime inside; the image that runs holds only it.
#
#   docker build -t curvesmith .
#   docker run --rm -p 127.0.0.1:8080:8080 -v curvesmith-data:/var/lib/curvesmith curvesmith

FROM swift:6.3.1-bookworm AS build
RUN apt-get update -qq \
  && apt-get install -y -qq --no-install-recommends libsqlite3-dev libssl-dev zlib1g-dev \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift openapi.yaml openapi.json ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product curvesmith \
  && install -D -s .build/release/curvesmith /out/curvesmith

FROM debian:bookworm-slim
RUN apt-get update -qq \
  && apt-get install -y -qq --no-install-recommends libsqlite3-0 libssl3 zlib1g \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
  && install -d -o 65532 -g 65532 /var/lib/curvesmith
COPY --from=build /out/curvesmith /usr/local/bin/curvesmith

LABEL org.opencontainers.image.title="Curvesmith" \
  org.opencontainers.image.description="Trains neural networks whose activation functions are learned, over HTTP" \
  org.opencontainers.image.licenses="MIT"

# A number, so that an orchestrator can verify that it is not root.
USER 65532:65532
ENV CURVESMITH_DATA_DIR=/var/lib/curvesmith
VOLUME /var/lib/curvesmith
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/usr/local/bin/curvesmith", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/curvesmith"]
# Inside a container the service must listen on every interface. It asks for a key, and makes the first one itself:
# `docker logs` shows it. Without TLS, publish the port on a trusted address only.
CMD ["serve", "--host", "0.0.0.0"]
