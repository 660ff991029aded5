# pgwh in a container: docker build --tag pgwh .
#
#   docker run --rm pgwh demo
#   docker run --rm --env PGWH_SECRET pgwh check-target https://staging.example.com/hooks/pgm
#   docker run --rm --publish 127.0.0.1:4100:4100 --env PGWH_SECRET pgwh listen --addr 0.0.0.0:4100

FROM rust:1-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin pgwh

FROM debian:bookworm-slim
# The certificate authorities that targets are checked against. Their newest version is wanted.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --shell /usr/sbin/nologin pgwh \
    && install --directory --owner=pgwh --group=pgwh --mode=700 /work /state
COPY --from=build /source/target/release/pgwh /usr/local/bin/pgwh
COPY LICENSE-APACHE LICENSE-MIT /usr/share/doc/pgwh/
USER 10001:10001
# Mount a folder over /work to keep captures, and a volume over /state to keep the requests list.
WORKDIR /work
ENV PGWH_STATE_DIR=/state
EXPOSE 4100
ENTRYPOINT ["pgwh"]
CMD ["--help"]
