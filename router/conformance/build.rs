//! A case that is added is built in.

fn main() {
    println!("cargo:rerun-if-changed=cases");
}
