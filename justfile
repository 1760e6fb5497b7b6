# The daily commands; `just` lists them. Each is a line that can also be typed.

_list:
    @just --list

# Compile, without running anything
check:
    cargo check --locked --all-targets

# Tests whose name contains NAME; all of them without one
test NAME="":
    cargo test --locked -- {{NAME}}

# Lints of the program, and of what other programs embed
lint:
    cargo fmt --all --check
    cargo clippy --locked --all-targets -- -D warnings
    cargo clippy --locked --all-targets --no-default-features -- -D warnings
    cargo clippy --locked --all-targets --no-default-features --features charts -- -D warnings

# Write the texts that tests compare anew; read the difference before it is kept
golden:
    UPDATE_GOLDEN=1 cargo test --locked --test it -- golden report cli_errors scenario_bad docs documented what_if
    git diff --stat

# The documentation of the code, opened in a browser
doc:
    cargo doc --locked --no-deps --document-private-items --open

# Everything that must hold
gate:
    .ci/run
