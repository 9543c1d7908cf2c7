//! The storefront is embedded: a new build of it is a reason to build `lavka` again.

fn main() {
    println!("cargo:rerun-if-changed=web-client/dist");
    println!("cargo:rerun-if-changed=src/demo");
}
