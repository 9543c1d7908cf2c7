//! The cryptography under TLS, chosen once for the whole program: ring.
//!
//! reqwest is built without a provider of its own (its default, aws-lc, compiles a C library), so that a client that is
//! made before this was called panics. Every program calls it first; so does whatever in the services makes a client.

use std::sync::Once;

/// Makes ring what TLS works with, unless something else was chosen before. May be called any number of times.
pub fn use_ring() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that a provider was installed already: then TLS works, which is all that is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// A builder of HTTP clients, certain to find a provider.
pub fn http_client() -> reqwest::ClientBuilder {
    use_ring();
    reqwest::Client::builder()
}
