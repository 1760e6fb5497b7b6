# The program alone. It is linked statically and needs nothing else:
#
#   rustup target add x86_64-unknown-linux-musl
#   cargo build --profile dist --locked --target x86_64-unknown-linux-musl
#   buildah build --tag scaleup --build-arg PROGRAM=target/x86_64-unknown-linux-musl/dist/scaleup .
#
# Nobody but root can write anywhere in it: mount a folder for results, and run `--out /results`.
FROM scratch
ARG PROGRAM=target/x86_64-unknown-linux-musl/dist/scaleup
COPY ${PROGRAM} /scaleup
USER 65534:65534
WORKDIR /results
ENTRYPOINT ["/scaleup"]
