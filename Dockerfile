# syntax=docker/dockerfile:1
# One image for every program of the store: `lavka up`, `lavka subgraph NAME`, `lavka router`, `lavka migrate`, `lavka-router`.
# What was downloaded and built is kept between builds in caches, not in layers: a change of ours builds ours alone.

FROM node:22-bookworm-slim AS web
WORKDIR /src
COPY web-client/package.json web-client/package-lock.json web-client/
COPY router/server/graphiql/package.json router/server/graphiql/package-lock.json router/server/graphiql/
RUN --mount=type=cache,target=/root/.npm \
    npm ci --prefix web-client --no-audit --no-fund \
 && npm ci --prefix router/server/graphiql --no-audit --no-fund
COPY schema schema
COPY web-client web-client
COPY router/server/graphiql router/server/graphiql
RUN npm run build --prefix web-client && npm run build --prefix router/server/graphiql

FROM rust:1.95-slim-bookworm AS build
# librdkafka is C, and its configure refuses to begin without a C++ compiler, too.
RUN apt-get update \
 && apt-get install -y --no-install-recommends g++ gcc make \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=web /src/web-client/dist web-client/dist
COPY --from=web /src/router/server/graphiql/dist router/server/graphiql/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package lavka --package lavka-router \
 && mkdir /out \
 && install --strip target/release/lavka target/release/lavka-router /out/

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/lavka --create-home lavka
COPY --from=build /out/lavka /out/lavka-router /usr/local/bin/
USER 10001
WORKDIR /var/lib/lavka
VOLUME /var/lib/lavka
EXPOSE 4000
ENTRYPOINT ["lavka"]
CMD ["up", "--listen", "0.0.0.0:4000", "--data", "/var/lib/lavka", "--no-demo"]
